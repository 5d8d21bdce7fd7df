/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far an output has come: the first of the VM's writes that its file may
 * not have yet.
 *
 * What was put on a sink may wait there.  So an output's position moves in two
 * steps: at the end of a turn it marks how many bytes its stream was given, and
 * once the stream has let go of that many, the position that belongs to the
 * mark is kept.  One that has caught up follows its VM.
 */
#ifndef DBGPORTD_ROUTER_POSITION_H
#define DBGPORTD_ROUTER_POSITION_H

#include <linux/types.h>
#include <stdbool.h>

#include "dbgportd/router/vm_position.h"
#include "dbgportd/stream/stream.h"

/**
 * struct position - of one output
 * @vm: its VM's
 * @stream: what it writes to; NULL: nothing
 * @route: what it is known by beside its VM, from one daemon to the next
 * @oldest: the first write that was not put on the stream yet; the VM's next
 *	one if there is none
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
	struct vm_position *vm;
	const struct stream *stream;
	__u64 route;
	__u64 (*oldest)(const struct position *p);
	__u64 from;
	int slot;
	__u64 kept;
	bool marked;
	__u64 mark_seq;
	__u64 mark_put;
	bool lags;
	struct position *next;
};

/**
 * position_begin() - find out where an output begins
 * @p: @vm, @stream, @route and @oldest are set, and must stay; the rest is set here
 */
void position_begin(struct position *p);

/* The output took something in this turn. */
void position_move(struct position *p);

/* The output is closed, its stream not yet: the position is kept until that has written all. */
void position_end(struct position *p);

/*
 * For positions.c: keep those that lag behind what their VMs have come to, then,
 * when that is kept, drop those that do not lag any more.
 */
void position_keep_lagging(void);
void position_drop_followers(void);

/* A stream closes: what it has not written it never will. */
void position_stream_closed(const struct stream *s);

/* No output is open, and those that were closed and still write are of no interest any more. */
void position_forget(void);

#endif /* DBGPORTD_ROUTER_POSITION_H */
