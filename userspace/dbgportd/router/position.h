/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far each VM and each output has come, kept where a restarted daemon finds
 * it (slots.h).
 *
 * A VM's position is the next write to be read: all before it has been handed
 * to its outputs.  An output that has written all that it took follows its VM,
 * and has nothing of its own in the table; one that lags has the first write
 * that may not be written yet.  A restarted daemon reads each VM from the
 * smallest of its positions, and each output skips what is before its own.
 *
 * What was put on a sink may wait there.  So an output's position moves in two
 * steps: at the end of a turn it marks how many bytes its stream was given, and
 * once the stream has let go of that many, the position that belongs to the
 * mark is kept.
 */
#ifndef DBGPORTD_ROUTER_POSITION_H
#define DBGPORTD_ROUTER_POSITION_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

struct output;
struct vm;

/**
 * struct vm_position - of one VM
 * @slot: its number in the table; -1: none
 * @kept: the position, as in the table
 * @fresh: attached in this turn
 * @moved: in the list of those that have moved in this turn
 * @next: in that list
 */
struct vm_position {
	int slot;
	__u64 kept;
	bool fresh;
	bool moved;
	struct vm *next;
};

/**
 * struct position - of one output
 * @from: writes before this one have been written by the daemon before us
 * @slot: its number in the table; -1: none
 * @kept: the position; as in the table while it lags
 * @marked: there is a mark:
 * @mark_seq: the position when the stream had been given
 * @mark_put: that many bytes
 * @lags: in the list of those that do not follow their VM
 * @next: in that list
 */
struct position {
	__u64 from;
	int slot;
	__u64 kept;
	bool marked;
	__u64 mark_seq;
	__u64 mark_put;
	bool lags;
	struct output *next;
};

/**
 * positions_open() - open the table, and lock it
 * @dir: the state directory; made if it is not there
 * @load_id: dbgport_info.load_id; a table of another load is emptied
 * @exists: whether the module still knows a VM
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Without a table all else here does no harm, and outputs begin with what comes.
 *
 * Return: 0 or a negative errno; -EWOULDBLOCK if another daemon has it.
 */
int positions_open(const char *dir, __u64 load_id, bool (*exists)(__u32 vm),
		   char *why, size_t size);
void positions_close(void);

/* The module is there again: what is kept is of no use if it was loaded anew. */
void positions_reload(__u64 load_id);

/**
 * positions_of_vm() - where to read a VM from
 * @vm: its id
 * @seq: set to the smallest position of the VM and its outputs
 * @name: set to the name that it had; VMNAME_SIZE bytes
 * @done: set if everything of it, its end too, has been written
 *
 * Return: whether anything is known of it.
 */
bool positions_of_vm(__u32 vm, __u64 *seq, char *name, bool *done);

/* What is known of a VM is wrong. */
void positions_forget(__u32 vm);

/* A VM came; before position_init() of its outputs. */
void positions_vm_attached(struct vm *vm);

/* @vm->next_seq is another one now. */
void positions_vm_moved(struct vm *vm);

/* Its outputs are closed, and it goes; @gone: its end was read. */
void positions_vm_closed(struct vm *vm, bool gone);

/* Find out where @out begins; sets @out->position. */
void position_init(struct output *out);

/* @out took something in this turn. */
void position_move(struct output *out);

/* @out is closed, and its sink not yet: its position is kept until that has written all. */
void position_end(struct output *out);

/* At the end of a turn, after streams_flush(). */
void positions_keep(void);

#endif /* DBGPORTD_ROUTER_POSITION_H */
