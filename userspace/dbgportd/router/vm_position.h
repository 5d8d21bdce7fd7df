/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far a VM has been read: the next write of it, all before which has been
 * handed to its outputs.  positions.h says when that is kept.
 */
#ifndef DBGPORTD_ROUTER_VM_POSITION_H
#define DBGPORTD_ROUTER_VM_POSITION_H

#include <linux/types.h>
#include <stdbool.h>

/**
 * struct vm_position - of one VM
 * @vm: its id
 * @next_seq: the write that comes next
 * @slot: its number in the table; -1: none
 * @kept: the position, as in the table
 * @fresh: attached in this turn
 * @moved: in the list of those that have moved in this turn
 * @next: in that list
 */
struct vm_position {
	__u32 vm;
	__u64 next_seq;
	int slot;
	__u64 kept;
	bool fresh;
	bool moved;
	struct vm_position *next;
};

/**
 * vm_position_begin() - a VM comes
 * @p: what to set
 * @vm: its id
 * @name: what it is called
 * @next_seq: its next write; what is kept of it may be ahead of that
 */
void vm_position_begin(struct vm_position *p, __u32 vm, const char *name, __u64 next_seq);

/* What is read of it next is @next_seq now. */
void vm_position_move(struct vm_position *p, __u64 next_seq);

/* Its outputs are closed, and it goes; @gone: its end was read. */
void vm_position_end(struct vm_position *p, bool gone);

/* What is kept at the end of this turn; a VM that is read again may be behind it. */
static inline __u64 vm_position_coming(const struct vm_position *p)
{
	return p->kept > p->next_seq ? p->kept : p->next_seq;
}

/* For positions.c: keep those that moved or ended in this turn. */
void vm_positions_keep(void);

/* For positions.c: none is there, and those that ended in this turn are of no interest. */
void vm_positions_forget(void);

#endif /* DBGPORTD_ROUTER_VM_POSITION_H */
