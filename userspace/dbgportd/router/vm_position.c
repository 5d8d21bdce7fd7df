// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "dbgportd/router/slots.h"
#include "dbgportd/router/vm_position.h"

/**
 * struct ended - a VM that was closed in this turn
 * @next: in the list
 * @slot: its number
 * @seq: its last position
 * @gone: its end was read
 */
struct ended {
	struct ended *next;
	int slot;
	__u64 seq;
	bool gone;
};

static struct vm_position *moved;
static struct ended *ended;

static void list_moved(struct vm_position *p)
{
	if (p->moved)
		return;
	p->moved = true;
	p->next = moved;
	moved = p;
}

static void unlist_moved(struct vm_position *p)
{
	struct vm_position **link = &moved;

	if (!p->moved)
		return;
	while (*link != p)
		link = &(*link)->next;
	*link = p->next;
}

void vm_position_begin(struct vm_position *p, __u32 vm, const char *name, __u64 next_seq)
{
	const struct slot new = { .vm = vm, .kind = SLOT_VM, .seq = next_seq, .name = name };
	struct slot old;

	*p = (struct vm_position){
		.vm = vm, .next_seq = next_seq, .kept = next_seq, .fresh = true,
	};
	p->slot = slot_find(vm, SLOT_VM, 0);
	if (p->slot < 0)
		p->slot = slot_find(vm, SLOT_GONE, 0);
	if (p->slot < 0) {
		p->slot = slot_make(&new);
	} else {
		slot_hold(p->slot, true);
		slot_read(p->slot, &old);
		if (old.seq > p->kept)
			p->kept = old.seq;
	}
	list_moved(p);
}

void vm_position_move(struct vm_position *p, __u64 next_seq)
{
	p->next_seq = next_seq;
	list_moved(p);
}

void vm_position_end(struct vm_position *p, bool gone)
{
	struct ended *e = malloc(sizeof(*e));

	unlist_moved(p);
	if (!e) {
		/* The old position stays; what is read twice is not lost. */
		slot_hold(p->slot, false);
		return;
	}
	*e = (struct ended){
		.next = ended, .slot = p->slot, .seq = vm_position_coming(p), .gone = gone,
	};
	ended = e;
}

void vm_positions_keep(void)
{
	struct ended *e;

	for (; moved; moved = moved->next) {
		moved->kept = vm_position_coming(moved);
		slot_set_seq(moved->slot, moved->kept);
		/* What the daemon before us kept of routes that are no more. */
		if (moved->fresh)
			slots_forget(moved->vm, true);
		moved->fresh = false;
		moved->moved = false;
	}
	while ((e = ended)) {
		ended = e->next;
		slot_set_seq(e->slot, e->seq);
		if (e->gone)
			slot_set_gone(e->slot);
		slot_hold(e->slot, false);
		free(e);
	}
}

void vm_positions_forget(void)
{
	struct ended *e;

	moved = NULL;
	while ((e = ended)) {
		ended = e->next;
		free(e);
	}
}
