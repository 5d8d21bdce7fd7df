/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A sink: one output.  Each kind is a small table of functions in a file of
 * its own, and one line in kinds.c.
 */
#ifndef DBGPORTD_SINK_SINK_H
#define DBGPORTD_SINK_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/sink/settings.h"
#include "dbgportd/stream/stream.h"

struct entry;
struct entry_vm;
struct format_ops;
struct sink_ops;

/**
 * struct sink - one open output
 * @ops: its kind
 * @stream: what it writes to; unused by kinds that write nowhere
 * @bol: what lines of text begin with here; NULL: nothing
 * @eol: how lines end here
 * @unfinished: the text format's: whose line stands without its end; NULL: none
 * @shared: several VMs write to it
 */
struct sink {
	const struct sink_ops *ops;
	struct stream stream;
	const char *bol;
	const char *eol;
	const void *unfinished;
	bool shared;
};

/**
 * struct sink_request - which output is wanted
 * @kind: which kind
 * @arg: where the kind takes one: the path as it was asked for, for messages
 * @path: the path itself; "" where the kind takes none
 * @name: what it is called, as in links: "console", "0x3f8"
 * @where: who asked for it, for messages: "--sink"
 * @format: what is put there; NULL: entries as they are
 * @set: what it goes by
 * @vm: for which VM; NULL for a sink that all VMs share
 *
 * Nothing of it stays as long as the sink may.
 */
struct sink_request {
	const struct sink_ops *kind;
	const char *arg;
	const char *path;
	const char *name;
	const char *where;
	const struct format_ops *format;
	const struct sink_settings *set;
	const struct entry_vm *vm;
};

/**
 * struct sink_ops - one kind of sink
 * @name: the mode's name
 * @arg: what stands after NAME=, for help: "PATH"; NULL: nothing does
 * @help: one line, what it is
 * @per_vm: each VM has its own, always
 * @terminal: people look at it: raw bytes are refused, what is lost is said
 * @notices: what is lost is said here, raw or not
 * @codes_only: for POST codes only
 * @raw: the default format for bytes is raw, otherwise text
 * @open: returns a new sink, or NULL and one line in @why
 * @put: takes bytes; never waits
 * @put_entry: takes entries as they are, instead of bytes in a format; or NULL
 * @reopen: log rotation by others: open the same path again (SIGHUP); or NULL
 * @close: writes what it holds, then frees the sink in its own time
 */
struct sink_ops {
	const char *name;
	const char *arg;
	const char *help;
	bool per_vm;
	bool terminal;
	bool notices;
	bool codes_only;
	bool raw;
	struct sink *(*open)(const struct sink_request *rq, char *why, size_t size);
	void (*put)(struct sink *sink, const void *data, size_t len);
	void (*put_entry)(struct sink *sink, const struct entry *entry);
	void (*reopen)(struct sink *sink);
	void (*close)(struct sink *sink);
};

extern const struct sink_ops sink_pty, sink_tty, sink_null, sink_stdout, sink_file, sink_log,
	sink_unix, sink_unix_dgram, sink_journal;

/**
 * sink_get() - the sink of one route and VM
 * @rq: what is wanted
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Routes and VMs that lead to the same kind and expanded path share one sink;
 * of kinds that are per VM each request gets its own.
 *
 * Return: the sink, to be given back with sink_release(); NULL on failure.
 */
struct sink *sink_get(const struct sink_request *rq, char *why, size_t size);

/* @kind: of the route that it was got for; several lead to standard output. */
void sink_release(const struct sink_ops *kind, struct sink *sink);

/**
 * sink_is_open_otherwise() - whether one is open that sink_get() must refuse to share
 * @rq: what would be asked for
 *
 * It has the same kind and path, and other settings.
 */
bool sink_is_open_otherwise(const struct sink_request *rq);

/**
 * sinks_each() - look at all open sinks
 * @see: called for each: as what it was opened; its expanded path, NULL where the
 *	kind takes none; the sink; how many routes and outputs have it
 * @arg: what @see is called with
 */
void sinks_each(void (*see)(const struct sink_ops *kind, const char *path,
			    const struct sink *sink, int users, void *arg), void *arg);

/* Files may have been moved away by others (logrotate): open the paths again. */
void sinks_reopen(void);

/* For sinks that are a stream: their ops->put. */
void sink_put_stream(struct sink *sink, const void *data, size_t len);

/* For a sink's stream: its @died. */
void sink_log_died(struct stream *s, int err);

/* The same, called by its @closed: if anything was dropped, the log has how much. */
void sink_log_dropped(const struct stream *s);

/*
 * Sinks count themselves while they exist, so that the end can wait for the
 * last one to have written everything.
 */
void sink_count(int change);
int sinks_open(void);

/* The program ends: whoever waits for a reader should wait no longer. */
void sinks_hurry(void);
bool sinks_in_hurry(void);

#endif /* DBGPORTD_SINK_SINK_H */
