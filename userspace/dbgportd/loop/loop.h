/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The loop, in which everything that can wait is waited for.  In this room are
 * the loop itself, the engines that it runs on (engine.h), its time (clock.h),
 * and waiting for what happens to a path (watch.h); what the events are for it
 * does not know.
 *
 * One thread.  Each operation belongs to a struct event, which sits in the
 * object that it works for: the object must stay until done() was called.
 *
 * It runs on io_uring, or on poll(2) where io_uring is refused.
 */
#ifndef DBGPORTD_LOOP_LOOP_H
#define DBGPORTD_LOOP_LOOP_H

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

/**
 * loop_init() - set the loop up
 * @engine: "uring" or "poll"; NULL: the better one that is not refused
 *
 * Return: 0, or a negative errno: why @engine is refused, -EINVAL if there is
 * none of that name.
 */
int loop_init(const char *engine);
void loop_exit(void);

/* Whether there is an engine of that name. */
bool loop_has_engine(const char *name);

/* Which engine it is, for people. */
const char *loop_engine(void);

/* Each starts one operation on @ev, which must not be busy. */

/*
 * Both may end with -EAGAIN: loop_poll() says when to try again.  Of @fd,
 * loop_read() wants that it knows RWF_NOWAIT; loop_write_shared() is for one
 * that would block us, and may write less.
 */
void loop_read(struct event *ev, int fd, void *buf, unsigned int len);
void loop_write_shared(struct event *ev, int fd, const void *buf, unsigned int len);
void loop_poll(struct event *ev, int fd, short mask);
/*
 * As loop_poll(), again and again, @ev staying busy, until loop_cancel() or an
 * error.  Whoever is told must take all that there is: he may not be told of
 * what was there before.
 */
void loop_watch(struct event *ev, int fd, short mask);
void loop_timeout(struct event *ev, unsigned int ms);

/* Ends what @ev is busy with, if anything; done() is still called, later. */
void loop_cancel(struct event *ev);

/**
 * loop_turn() - wait until something is done, and call done() of all that is
 *
 * Return: 0 or a negative errno.
 */
int loop_turn(void);

#endif /* DBGPORTD_LOOP_LOOP_H */
