/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writers: processes that open, write and rotate files for us, one for each
 * directory.
 *
 * A file system may hang: frozen, a server that does not answer, a disk that fails.
 * What calls it then cannot be interrupted, not even by SIGKILL, and as a thread
 * of ours would keep us from ending, too.  A process of its own leaves the loop, the
 * files in other directories, and our end alone.
 *
 * A writer does one thing at a time, and shares WRITER_AREA bytes of memory with us.
 */
#ifndef DBGPORTD_SINK_WRITER_H
#define DBGPORTD_SINK_WRITER_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/sink/writer_message.h"

struct writer;

/**
 * struct writer_client - one file that a writer has for us
 * @done: what was asked for has been answered: by @reply, with an open file, or -1; or
 *	the writer is no more, NULL.  Then @writer is NULL, too.
 * @turn: a writer that was busy, as writer_is_free() said, is free now
 * @writer: its writer; NULL: none
 * @file: the writer's number for it
 * @asked: it has not been answered yet
 * @answers: how often it was
 * @waits: it is in the writer's list of those that wait
 * @next, @next_waiting: in lists of the writer's
 */
struct writer_client {
	void (*done)(struct writer_client *c, const struct writer_reply *reply, int fd);
	void (*turn)(struct writer_client *c);
	struct writer *writer;
	__u32 file;
	bool asked;
	unsigned int answers;
	bool waits;
	struct writer_client *next;
	struct writer_client *next_waiting;
};

/* What a writer does: answers what comes from @fd; @area is what both see.  Never returns. */
typedef void writer_process_t(int fd, char *area);

/**
 * writer_get() - have a file in a directory's writer
 * @c: @done and @turn are set, and it must stay until writer_put()
 * @dir: the directory, or what else files have in common
 * @process: what it does; others have writers of their own
 *
 * The writer is started if there is none; where there are too many, several
 * directories share one.
 *
 * Return: 0 or a negative errno.
 */
int writer_get(struct writer_client *c, const char *dir, writer_process_t *process);

/* The file is closed as soon as the writer can; no call comes any more. */
void writer_put(struct writer_client *c);

/* Whether writer_ask() can be called; if not, @c->turn will be, once. */
bool writer_is_free(struct writer_client *c);

/* The memory that both see, to be filled before writer_ask() only. */
char *writer_area(const struct writer_client *c);

/**
 * writer_ask() - have something done
 * @c: of a writer_is_free()
 * @rq: what; @file is set here
 * @fd: goes along, and stays ours; -1: none
 *
 * @c->done is called later, from the loop or writer_wait().
 */
void writer_ask(struct writer_client *c, struct writer_request *rq, int fd);

/**
 * writer_wait() - wait for an answer
 * @c: what @c waits for, or has asked for
 * @ms: no longer than that
 *
 * Return: whether it came.
 */
bool writer_wait(struct writer_client *c, int ms);

/* Whether any writer has been busy with one thing for suspiciously long. */
bool writers_hang(void);

/* End them all: those that hang do nothing any more, should they ever wake. */
void writers_end(void);

#endif /* DBGPORTD_SINK_WRITER_H */
