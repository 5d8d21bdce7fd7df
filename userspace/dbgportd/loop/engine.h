/* SPDX-License-Identifier: GPL-2.0 */
/* What the loop runs on.  Each engine is a table in a file of its own. */
#ifndef DBGPORTD_LOOP_ENGINE_H
#define DBGPORTD_LOOP_ENGINE_H

#include "dbgportd/loop/event.h"

/**
 * struct engine - one way to wait for many things at once
 * @name: as on the command line
 * @about: what else there is to say of it once it runs; may be empty
 *
 * The functions are those of loop.h.  Between waiting and the calls of done(),
 * @turn updates the loop's clock.
 */
struct engine {
	const char *name;
	const char *(*about)(void);
	int (*init)(void);
	void (*exit)(void);
	void (*read)(struct event *ev, int fd, void *buf, unsigned int len);
	void (*write_shared)(struct event *ev, int fd, const void *buf, unsigned int len);
	void (*poll)(struct event *ev, int fd, short mask);
	void (*watch)(struct event *ev, int fd, short mask);
	void (*timeout)(struct event *ev, unsigned int ms);
	void (*cancel)(struct event *ev);
	int (*turn)(void);
};

extern const struct engine engine_uring, engine_poll;

#endif /* DBGPORTD_LOOP_ENGINE_H */
