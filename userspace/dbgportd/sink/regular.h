/* SPDX-License-Identifier: GPL-2.0 */
/* A stream to a regular file, which a writer (writer.h) opens and writes. */
#ifndef DBGPORTD_SINK_REGULAR_H
#define DBGPORTD_SINK_REGULAR_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/sink/settings.h"
#include "dbgportd/sink/writer.h"
#include "dbgportd/stream/stream.h"

/**
 * struct regular - what a file's stream has besides
 * @stream: the stream; all of it but its file is the owner's
 * @path: where it is; "": it is open already, as
 * @fd: this
 * @pattern: matches the files of all VMs there, for glob()
 * @along: goes along with @path; -1: nothing does
 * @set: how it is written
 * @process: what its writer does
 * @end_line: if it ends within a line, that is ended first
 * @opened: it was opened, or it cannot be, as @reply says; what is no regular file comes
 *	as @fd
 * @reopened: it is another file now, or could not be opened again, as @reply says; NULL
 * @client: the writer's
 * @op: what was asked for last
 * @is_open: it has been opened
 * @reopens: the path may be another file now
 * @area: where the bytes are that are being written
 * @taken: how many
 */
struct regular {
	struct stream *stream;
	const char *path;
	int fd;
	const char *pattern;
	int along;
	struct sink_settings set;
	writer_process_t *process;
	bool end_line;
	void (*opened)(struct regular *r, const struct writer_reply *reply, int fd);
	void (*reopened)(struct regular *r, const struct writer_reply *reply);
	struct writer_client client;
	enum writer_op op;
	bool is_open;
	bool reopens;
	const char *area;
	size_t taken;
};

/**
 * regular_begin() - have it opened
 * @r: all from @stream to @reopened is set, the rest is 0; must stay
 *
 * The stream, to be made by stream_init() without a file before, takes bytes from
 * now on.
 *
 * Return: 0, or a negative errno if there is no writer.
 */
int regular_begin(struct regular *r);

/* Wait until it is known whether it can be opened, up to @ms; returns whether it is. */
bool regular_wait_open(struct regular *r, int ms);

/* The path may be another file now: open it again. */
void regular_reopen(struct regular *r);

/* The stream is closed, or has a file of its own. */
void regular_end(struct regular *r);

#endif /* DBGPORTD_SINK_REGULAR_H */
