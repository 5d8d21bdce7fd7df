/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A sink: one output.  Each kind is a small table of functions in a file of
 * its own, and one line in sink.c.
 */
#ifndef DBGPORTD_SINK_H
#define DBGPORTD_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/stream.h"

struct sink_ops;

/**
 * struct sink - one open output
 * @ops: its kind
 * @stream: what it writes to; unused by kinds that write nowhere
 * @eol: how lines end here
 * @unfinished: line assembly's: whose line stands without its end; NULL: none
 * @shared: several VMs write to it
 */
struct sink {
	const struct sink_ops *ops;
	struct stream stream;
	const char *eol;
	const void *unfinished;
	bool shared;
};

/**
 * struct sink_request - which output is wanted
 * @path: of kinds that take one: the file's; may contain %v and %%
 * @vm: the VM's name; NULL for a sink that all VMs share
 * @role: what it is for: "console", "firmware", "post"
 */
struct sink_request {
	const char *path;
	const char *vm;
	const char *role;
};

/**
 * struct sink_ops - one kind of sink
 * @name: the mode's name on the command line
 * @takes_path: the mode is written NAME=PATH
 * @per_vm: each VM has its own, always
 * @lines: takes lines, made harmless; otherwise the exact bytes
 * @notes: people look at it: what is lost is said there
 * @post_only: for POST codes only
 * @open: returns a new sink, or NULL and one line in @why
 * @put: takes bytes; never waits
 * @close: writes what it holds, then frees the sink in its own time
 */
struct sink_ops {
	const char *name;
	bool takes_path;
	bool per_vm;
	bool lines;
	bool notes;
	bool post_only;
	struct sink *(*open)(const struct sink_request *rq, char *why, size_t size);
	void (*put)(struct sink *sink, const void *data, size_t len);
	void (*close)(struct sink *sink);
};

#define SINK_KINDS	6

extern const struct sink_ops sink_pty, sink_tty, sink_null, sink_stdout, sink_file, sink_log;

/**
 * sink_kinds - all kinds, ending with NULL
 *
 * In the order of precedence where a mode's option names several: that of
 * cloud-hypervisor's --debug-console, with ours in between.
 */
extern const struct sink_ops *const sink_kinds[SINK_KINDS + 1];

/* For sinks that are a stream: their ops->put. */
void sink_put_stream(struct sink *sink, const void *data, size_t len);

/*
 * Sinks count themselves while they exist, so that the end can wait for the
 * last one to have written everything.
 */
void sink_count(int change);
int sinks_open(void);

/* The program ends: whoever waits for a reader should wait no longer. */
void sinks_hurry(void);
bool sinks_in_hurry(void);

#endif /* DBGPORTD_SINK_H */
