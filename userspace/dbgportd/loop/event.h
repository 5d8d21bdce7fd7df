/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the loop is asked to wait for, and what its engines keep of that.
 *
 * Each operation belongs to a struct event, which sits in the object that it
 * works for: the object must stay until done() was called.
 */
#ifndef DBGPORTD_LOOP_EVENT_H
#define DBGPORTD_LOOP_EVENT_H

#include <linux/time_types.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

struct event;

/**
 * struct poll_op - what the poll engine knows of an operation
 * @next: in its list
 * @kind: enum poll_kind
 * @mask: what to wait for; 0: nothing
 * @fd: file
 * @at: its number in the array for poll(2)
 * @len: bytes at @buf
 * @buf: where to, or where from
 * @end_ns: of a timeout: CLOCK_MONOTONIC
 * @res: the result, once it is done
 */
struct poll_op {
	struct event *next;
	unsigned char kind;
	short mask;
	int fd;
	unsigned int at;
	unsigned int len;
	void *buf;
	__u64 end_ns;
	int res;
};

/**
 * struct uring_watch - what the uring engine knows of a loop_watch()
 * @fd: file
 * @mask: what to wait for; 0: the operation is another one
 * @armed: the kernel waits
 * @cancelled: it should wait no more
 */
struct uring_watch {
	int fd;
	short mask;
	bool armed;
	bool cancelled;
};

/**
 * struct event - at most one operation that is under way
 * @done: called from loop_turn() with the operation's result: as of the system
 *	call, errors negative; -ETIME when a timeout is over; -ECANCELED after
 *	loop_cancel().  Unless @busy, it may start the next operation on the
 *	same event.
 * @busy: an operation is under way; read only
 * @ts: private to the uring engine
 * @watch: private to the uring engine
 * @op: private to the poll engine
 */
struct event {
	void (*done)(struct event *ev, int res);
	bool busy;
	union {
		struct {
			struct __kernel_timespec ts;
			struct uring_watch watch;
		};
		struct poll_op op;
	};
};

#endif /* DBGPORTD_LOOP_EVENT_H */
