/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one io_uring, on which everything that can wait is waited for.
 *
 * One thread.  Each operation belongs to a struct event, which sits in the
 * object that it works for: the object must stay until done() was called.
 */
#ifndef DBGPORTD_LOOP_H
#define DBGPORTD_LOOP_H

#include <linux/time_types.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

/**
 * struct event - at most one operation that is under way
 * @done: called from loop_turn() with the operation's result: as of the system
 *	call, errors negative; -ETIME when a timeout is over; -ECANCELED after
 *	loop_cancel().  May start the next operation on the same event.
 * @busy: an operation is under way; read only
 * @ts: private to the loop
 */
struct event {
	void (*done)(struct event *ev, int res);
	bool busy;
	struct __kernel_timespec ts;
};

/**
 * loop_init() - set the ring up
 *
 * Return: 0, or a negative errno: -EPERM and -ENOSYS where io_uring is refused.
 */
int loop_init(void);
void loop_exit(void);

/* Each starts one operation on @ev, which must not be busy. */
void loop_read(struct event *ev, int fd, void *buf, unsigned int len);
void loop_write(struct event *ev, int fd, const void *buf, unsigned int len);
/* As loop_write(), but in a kernel worker: for a @fd that would block us. */
void loop_write_worker(struct event *ev, int fd, const void *buf, unsigned int len);
void loop_poll(struct event *ev, int fd, short mask);
void loop_timeout(struct event *ev, unsigned int ms);

/* Ends what @ev is busy with, if anything; done() is still called, later. */
void loop_cancel(struct event *ev);

/**
 * loop_turn() - wait until something is done, and call done() of all that is
 *
 * Return: 0 or a negative errno.
 */
int loop_turn(void);

/* CLOCK_MONOTONIC in milliseconds, as of the beginning of this turn. */
__u64 loop_now(void);

#endif /* DBGPORTD_LOOP_H */
