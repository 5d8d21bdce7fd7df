// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "dbgportd/router/position.h"
#include "dbgportd/router/slots.h"

/**
 * struct ending - an output that was closed before its sink had written all
 * @next: in the list
 * @position: the output's, whose VM may be no more
 * @vm: the VM's id
 * @vm_seq: its last position
 * @seq: the output's position once the stream has let go of
 * @put: that many bytes
 */
struct ending {
	struct ending *next;
	struct position position;
	__u32 vm;
	__u64 vm_seq;
	__u64 seq;
	__u64 put;
};

static struct position *lagging;
static struct ending *endings;

static __u64 max(__u64 a, __u64 b)
{
	return a > b ? a : b;
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
static void advance(struct position *p, __u64 seq, __u64 put)
{
	if (p->marked && has_let_go(p->stream, p->mark_put)) {
		p->kept = max(p->kept, p->mark_seq);
		p->marked = false;
	}
	if (p->marked || p->kept >= seq)
		return;
	if (has_let_go(p->stream, put)) {
		p->kept = seq;
		return;
	}
	p->mark_seq = seq;
	p->mark_put = put;
	p->marked = true;
}

static void keep_lag(struct position *p, __u32 vm)
{
	const struct slot slot = {
		.vm = vm, .kind = SLOT_OUTPUT, .route = p->route, .seq = p->kept, .name = "",
	};

	if (p->slot >= 0)
		slot_set_seq(p->slot, p->kept);
	else
		p->slot = slot_make(&slot);
}

/* The VM's end may be put after its last write. */
static bool has_all(const struct ending *e)
{
	return e->position.kept >= e->vm_seq && has_let_go(e->position.stream, e->put);
}

static void keep_ending(struct ending *e)
{
	advance(&e->position, e->seq, e->put);
	if (!has_all(e))
		keep_lag(&e->position, e->vm);
}

void position_keep_lagging(void)
{
	for (struct position *p = lagging; p; p = p->next) {
		advance(p, p->oldest(p), p->stream ? p->stream->put : 0);
		if (p->kept < vm_position_coming(p->vm))
			keep_lag(p, p->vm->vm);
	}
	for (struct ending *e = endings; e; e = e->next)
		keep_ending(e);
}

static void drop_ending(struct ending **link)
{
	struct ending *e = *link;

	if (has_all(e))
		slot_free(e->position.slot);
	else
		slot_hold(e->position.slot, false);
	*link = e->next;
	free(e);
}

void position_drop_followers(void)
{
	struct position **link = &lagging;
	struct ending **e = &endings;

	while (*link) {
		struct position *p = *link;

		if (p->kept < p->vm->kept) {
			link = &p->next;
			continue;
		}
		slot_set_seq(p->slot, SLOT_FOLLOWS);
		p->lags = false;
		*link = p->next;
	}
	while (*e) {
		if (has_all(*e))
			drop_ending(e);
		else
			e = &(*e)->next;
	}
}

void position_stream_closed(const struct stream *s)
{
	struct ending **link = &endings;

	while (*link) {
		if ((*link)->position.stream != s) {
			link = &(*link)->next;
			continue;
		}
		keep_ending(*link);
		drop_ending(link);
	}
}

void position_forget(void)
{
	struct ending *e;

	lagging = NULL;
	while ((e = endings)) {
		endings = e->next;
		free(e);
	}
}

static void set_lagging(struct position *p)
{
	if (p->lags)
		return;
	p->lags = true;
	p->next = lagging;
	lagging = p;
}

/*
 * The module was unplugged and is back with the same VM, and the output before
 * still writes: what that was given is not wanted again.
 */
static bool take_over(struct position *p)
{
	for (struct ending **link = &endings; *link; link = &(*link)->next) {
		struct ending *e = *link;

		if (e->vm != p->vm->vm || e->position.route != p->route)
			continue;
		p->from = e->seq;
		p->slot = e->position.slot;
		*link = e->next;
		free(e);
		return true;
	}
	return false;
}

void position_begin(struct position *p)
{
	struct slot old;

	*p = (struct position){
		.vm = p->vm, .stream = p->stream, .route = p->route, .oldest = p->oldest,
		.from = vm_position_coming(p->vm), .slot = -1,
	};
	if (!take_over(p)) {
		p->slot = slot_find(p->vm->vm, SLOT_OUTPUT, p->route);
		slot_hold(p->slot, true);
		if (p->slot >= 0 && slot_read(p->slot, &old) && old.seq < p->from)
			p->from = old.seq;
	}
	p->kept = p->from;
	/* With a slot of its own it begins as one that lags, and may catch up at once. */
	if (p->slot >= 0)
		set_lagging(p);
}

void position_move(struct position *p)
{
	/* Without a table there is no telling how far it has come. */
	if (p->lags || !slots())
		return;
	p->kept = max(p->kept, p->vm->kept);
	set_lagging(p);
}

void position_end(struct position *p)
{
	struct position **link = &lagging;
	struct ending *e;

	if (!p->lags) {
		slot_free(p->slot);
		return;
	}
	while (*link != p)
		link = &(*link)->next;
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
		.vm = p->vm->vm,
		.vm_seq = vm_position_coming(p->vm),
		.seq = p->vm->next_seq,
		.put = p->stream ? p->stream->put : 0,
	};
	endings = e;
}
