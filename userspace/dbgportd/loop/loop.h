/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The loop, in which everything that can wait is waited for.
 *
 * loop/ has the operations that can be waited for (event.h), the engines that
 * wait (engine.h), the time of a turn (clock.h), and changes of paths (watch.h).
 * It includes lib alone, and does not know who waits.
 *
 * One thread.  It runs on io_uring, or on poll(2) where io_uring is refused.
 */
#ifndef DBGPORTD_LOOP_LOOP_H
#define DBGPORTD_LOOP_LOOP_H

#include <stdbool.h>

#include "dbgportd/loop/event.h"

/**
 * loop_init() - set the loop up
 * @engine: "uring" or "poll"; NULL: the better one that is not refused
 *
 * Return: 0, or a negative errno: why @engine is refused, -EINVAL if there is
 * none of that name.
 */
int loop_init(const char *engine);

/* Give back what loop_init() took; no done() is called any more. */
void loop_exit(void);

/* Whether there is an engine of that name. */
bool loop_has_engine(const char *name);

/* Which engine it is, for people. */
const char *loop_engine(void);

/*
 * Each of these starts one operation on @ev, which must not be busy.
 *
 * The first two may end with -EAGAIN: loop_poll() says when to try again.  Of @fd,
 * loop_read() wants that it knows RWF_NOWAIT; loop_write_shared() is for one
 * that would block us, and may write less.
 */
void loop_read(struct event *ev, int fd, void *buf, unsigned int len);
void loop_write_shared(struct event *ev, int fd, const void *buf, unsigned int len);

/* Ends with what @fd is ready for, of the POLL* bits in @mask, or an error. */
void loop_poll(struct event *ev, int fd, short mask);

/*
 * As loop_poll(), again and again, @ev staying busy, until loop_cancel() or an
 * error.  done() must take all that there is: it may not be called again for what
 * it has left.
 */
void loop_watch(struct event *ev, int fd, short mask);

/* Ends with -ETIME after @ms milliseconds. */
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
