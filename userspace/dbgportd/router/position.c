// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "dbgportd/router/output.h"
#include "dbgportd/router/position.h"
#include "dbgportd/router/slots.h"
#include "lib/hash.h"
#include "lib/log.h"

/**
 * struct ending - an output that was closed before its sink had written all
 * @next: in the list
 * @position: the output's
 * @vm: the VM's id
 * @vm_seq: its last position
 * @route: hash of the output's route
 * @stream: what still writes
 * @seq: the output's position once the stream has let go of
 * @put: that many bytes
 */
struct ending {
	struct ending *next;
	struct position position;
	__u32 vm;
	__u64 vm_seq;
	__u64 route;
	const struct stream *stream;
	__u64 seq;
	__u64 put;
};

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

static bool (*vm_exists)(__u32 vm);
static __u64 load;
static struct output *lagging;
static struct vm *moved;
static struct ending *endings;
static struct ended *ended;

static __u64 max(__u64 a, __u64 b)
{
	return a > b ? a : b;
}

static __u64 hash_of(const struct route *route)
{
	return hash(route->text, strlen(route->text));
}

static const struct stream *stream_of(const struct output *out)
{
	return out->sink ? &out->sink->stream : NULL;
}

/*
 * A stream that died takes nothing any more, so nothing waits for it.  One that
 * is closing may give up what a restarted daemon can read again.
 */
static bool has_let_go(const struct stream *s, __u64 put)
{
	return !s || (s->dead && !s->closing) || s->out >= put;
}

/* Everything before @seq was put on the stream when it had been given @put bytes. */
static void advance(struct position *p, const struct stream *s, __u64 seq, __u64 put)
{
	if (p->marked && has_let_go(s, p->mark_put)) {
		p->kept = max(p->kept, p->mark_seq);
		p->marked = false;
	}
	if (p->marked || p->kept >= seq)
		return;
	if (has_let_go(s, put)) {
		p->kept = seq;
		return;
	}
	p->mark_seq = seq;
	p->mark_put = put;
	p->marked = true;
}

static void keep_lag(struct position *p, __u32 vm, __u64 route)
{
	const struct slot slot = {
		.vm = vm, .kind = SLOT_OUTPUT, .route = route, .seq = p->kept, .name = "",
	};

	if (p->slot >= 0)
		slot_set_seq(p->slot, p->kept);
	else
		p->slot = slot_make(&slot, vm_exists);
}

/* What the VM's position is once this turn is kept; a VM that is read again may be behind it. */
static __u64 coming(const struct vm *vm)
{
	return max(vm->position.kept, vm->next_seq);
}

static void keep_lags(void)
{
	for (struct output *out = lagging; out; out = out->position.next) {
		const struct stream *s = stream_of(out);

		advance(&out->position, s, output_oldest(out), s ? s->put : 0);
		if (out->position.kept < coming(out->vm))
			keep_lag(&out->position, out->vm->info.id, hash_of(out->route));
	}
	for (struct ending *e = endings; e; e = e->next) {
		advance(&e->position, e->stream, e->seq, e->put);
		if (e->position.kept < e->vm_seq)
			keep_lag(&e->position, e->vm, e->route);
	}
}

static void keep_vms(void)
{
	struct ended *e;

	for (; moved; moved = moved->position.next) {
		struct vm_position *p = &moved->position;

		p->kept = coming(moved);
		slot_set_seq(p->slot, p->kept);
		/* What the daemon before us kept of routes that are no more. */
		if (p->fresh)
			slots_forget(moved->info.id, true);
		p->fresh = false;
		p->moved = false;
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

static void drop_ending(struct ending **link)
{
	struct ending *e = *link;

	if (e->position.kept >= e->vm_seq)
		slot_free(e->position.slot);
	else
		slot_hold(e->position.slot, false);
	*link = e->next;
	free(e);
}

/* Those that have caught up follow their VM, whose position is kept by now. */
static void drop_followers(void)
{
	struct output **link = &lagging;
	struct ending **e = &endings;

	while (*link) {
		struct position *p = &(*link)->position;

		if (p->kept < (*link)->vm->position.kept) {
			link = &p->next;
			continue;
		}
		slot_set_seq(p->slot, SLOT_FOLLOWS);
		p->lags = false;
		*link = p->next;
	}
	while (*e) {
		if ((*e)->position.kept >= (*e)->vm_seq)
			drop_ending(e);
		else
			e = &(*e)->next;
	}
}

/*
 * The order is what makes it hold at any moment: no VM's position is moved
 * before all outputs that do not come along have theirs in the table.
 */
void positions_keep(void)
{
	keep_lags();
	keep_vms();
	drop_followers();
}

/* What it has not written it never will. */
static void stream_closed(const struct stream *s)
{
	struct ending **link = &endings;

	while (*link) {
		struct ending *e = *link;

		if (e->stream != s) {
			link = &e->next;
			continue;
		}
		advance(&e->position, s, e->seq, e->put);
		if (e->position.kept < e->vm_seq)
			keep_lag(&e->position, e->vm, e->route);
		drop_ending(link);
	}
}

int positions_open(const char *dir, __u64 load_id, bool (*exists)(__u32 vm),
		   char *why, size_t size)
{
	int err = slots_open(dir, load_id, why, size);
	int lived;

	if (err)
		return err;
	vm_exists = exists;
	load = load_id;
	streams_on_close(stream_closed);
	lived = slots_sweep(exists);
	if (lived)
		log_line("VMs that ended while no dbgportd ran, and are not kept any more: %d",
			 lived);
	return 0;
}

static void forget_endings(void)
{
	while (endings) {
		struct ending *e = endings;

		endings = e->next;
		free(e);
	}
	while (ended) {
		struct ended *e = ended;

		ended = e->next;
		free(e);
	}
}

void positions_close(void)
{
	positions_keep();
	forget_endings();
	lagging = NULL;
	moved = NULL;
	slots_close();
}

void positions_reload(__u64 load_id)
{
	if (load_id == load)
		return;
	load = load_id;
	forget_endings();
	slots_reset(load_id);
}

bool positions_of_vm(__u32 vm, __u64 *seq, char *name, bool *done)
{
	struct slot p;
	__u64 least;
	int i = slot_find(vm, SLOT_VM, 0);

	if (i < 0)
		i = slot_find(vm, SLOT_GONE, 0);
	if (i < 0)
		return false;
	slot_read(i, &p);
	least = p.seq;
	*done = p.kind == SLOT_GONE;
	snprintf(name, VMNAME_SIZE, "%s", p.name);
	for (i = 0; i < slots(); i++) {
		if (!slot_read(i, &p) || p.vm != vm || p.kind != SLOT_OUTPUT ||
		    p.seq == SLOT_FOLLOWS)
			continue;
		*done = false;
		if (p.seq < least)
			least = p.seq;
	}
	*seq = least;
	return true;
}

void positions_forget(__u32 vm)
{
	slots_forget(vm, false);
}

void positions_vm_attached(struct vm *vm)
{
	const struct slot new = {
		.vm = vm->info.id, .kind = SLOT_VM, .seq = vm->next_seq, .name = vm->info.name,
	};
	struct vm_position *p = &vm->position;
	struct slot old;

	*p = (struct vm_position){ .kept = vm->next_seq, .fresh = true };
	p->slot = slot_find(vm->info.id, SLOT_VM, 0);
	if (p->slot < 0)
		p->slot = slot_find(vm->info.id, SLOT_GONE, 0);
	if (p->slot < 0) {
		p->slot = slot_make(&new, vm_exists);
	} else {
		slot_hold(p->slot, true);
		slot_read(p->slot, &old);
		p->kept = max(p->kept, old.seq);
	}
	positions_vm_moved(vm);
}

void positions_vm_moved(struct vm *vm)
{
	struct vm_position *p = &vm->position;

	if (p->moved)
		return;
	p->moved = true;
	p->next = moved;
	moved = vm;
}

void positions_vm_closed(struct vm *vm, bool gone)
{
	struct vm_position *p = &vm->position;
	struct ended *e = malloc(sizeof(*e));

	if (p->moved) {
		struct vm **link = &moved;

		while (*link != vm)
			link = &(*link)->position.next;
		*link = p->next;
	}
	if (!e) {
		/* The old position stays; what is read twice is not lost. */
		slot_hold(p->slot, false);
		return;
	}
	*e = (struct ended){
		.next = ended, .slot = p->slot, .seq = coming(vm), .gone = gone,
	};
	ended = e;
}

static void set_lagging(struct output *out)
{
	if (out->position.lags)
		return;
	out->position.lags = true;
	out->position.next = lagging;
	lagging = out;
}

/*
 * The module was unplugged and is back with the same VM, and the output before
 * still writes: what that was given is not wanted again.
 */
static bool take_over(struct output *out, __u64 route)
{
	for (struct ending **link = &endings; *link; link = &(*link)->next) {
		struct ending *e = *link;

		if (e->vm != out->vm->info.id || e->route != route)
			continue;
		out->position.from = e->seq;
		out->position.slot = e->position.slot;
		*link = e->next;
		free(e);
		return true;
	}
	return false;
}

void position_init(struct output *out)
{
	__u64 route = hash_of(out->route);
	struct position *p = &out->position;
	struct slot old;

	*p = (struct position){ .from = coming(out->vm), .slot = -1 };
	if (!take_over(out, route)) {
		p->slot = slot_find(out->vm->info.id, SLOT_OUTPUT, route);
		slot_hold(p->slot, true);
		if (p->slot >= 0 && slot_read(p->slot, &old) && old.seq < p->from)
			p->from = old.seq;
	}
	p->kept = p->from;
	/* With a slot of its own it begins as one that lags, and may catch up at once. */
	if (p->slot >= 0)
		set_lagging(out);
}

void position_move(struct output *out)
{
	struct position *p = &out->position;

	/* Without a table there is no telling how far it has come. */
	if (p->lags || !slots())
		return;
	p->kept = max(p->kept, out->vm->position.kept);
	set_lagging(out);
}

void position_end(struct output *out)
{
	const struct stream *s = stream_of(out);
	struct position *p = &out->position;
	struct output **link = &lagging;
	struct ending *e;

	if (!p->lags) {
		slot_free(p->slot);
		return;
	}
	while (*link != out)
		link = &(*link)->position.next;
	*link = p->next;

	e = malloc(sizeof(*e));
	if (!e) {
		/* As when it was last kept; what is read twice is not lost. */
		slot_hold(p->slot, false);
		return;
	}
	*e = (struct ending){
		.next = endings,
		.position = *p,
		.vm = out->vm->info.id,
		.vm_seq = coming(out->vm),
		.route = hash_of(out->route),
		.stream = s,
		.seq = out->vm->next_seq,
		.put = s ? s->put : 0,
	};
	endings = e;
}
