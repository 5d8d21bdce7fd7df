/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A sink: one output.  Each kind is a small table of functions in a file of
 * its own, and a line in kinds.h and kinds.c.
 *
 * sink/ has the kinds (kinds.h), and what some of them share.  It includes
 * stream/, loop/ and words/, is given plain values and bytes, and knows neither
 * routes nor VMs.
 */
#ifndef DBGPORTD_SINK_SINK_H
#define DBGPORTD_SINK_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/stream/stream.h"

/* Most that a kind puts before each entry. */
#define SINK_HEAD_MAX	512

struct entry;
struct sink_ops;
struct sink_settings;

/**
 * struct sink - one open output
 * @ops: its kind
 * @stream: what it writes to; unused by kinds that write nowhere
 * @bol: what lines of text begin with here; NULL: nothing
 * @eol: how lines end here
 * @unfinished: the text format's: whose line stands without its end; NULL: none
 * @shared: several VMs can write to it
 * @terminal: who reads it sees the terminal as it is now, and nothing of it stays
 */
struct sink {
	const struct sink_ops *ops;
	struct stream stream;
	const char *bol;
	const char *eol;
	const void *unfinished;
	bool shared;
	bool terminal;
};

/**
 * struct sink_server - where a sink of messages sends them
 * @url: of the server, or several with commas between
 * @subject: what their subjects begin with; NULL: the default
 * @creds: path of the file that says who we are; NULL: none
 * @tls: path of the certificates that the server is recognised by; NULL: the system's
 */
struct sink_server {
	const char *url;
	const char *subject;
	const char *creds;
	const char *tls;
};

/**
 * struct sink_request - which output is wanted
 * @kind: what kind
 * @path: of kinds that take one: where; else ""
 * @server: of kinds that are no path: the same, in parts
 * @pattern: matches the paths of all VMs, for glob()
 * @name: what links and messages call it: "console", "0x3f8"
 * @vm: the VM's name; NULL: all VMs share the sink
 * @where: who asks for it, for messages: "--sink", "/etc/dbgport/dbgportd.conf:12"
 * @set: what it goes by
 * @raw: it gets exact bytes, and adds nothing to them that it need not
 * @notice: what stands in place of dropped bytes; NULL: a line for people
 *
 * None of it stays as long as the sink may.
 */
struct sink_request {
	const struct sink_ops *kind;
	const char *path;
	struct sink_server server;
	const char *pattern;
	const char *name;
	const char *vm;
	const char *where;
	const struct sink_settings *set;
	bool raw;
	const struct drop_notice *notice;
};

/**
 * struct sink_ops - one kind of sink
 * @name: the mode's name
 * @arg: what stands after NAME=, for help: "PATH"; NULL: nothing does
 * @check: of those for which that is no path: what is wrong with it; NULL
 * @help: one line, what it is
 * @per_vm: each VM has its own, always
 * @vms_apart: each VM has its own, which all routes of that kind share, besides one that
 *	is opened with the route
 * @fd: the descriptor of ours that it writes to, STDOUT_FILENO or STDERR_FILENO:
 *	raw bytes are refused where that is a terminal or the journal; 0: neither
 * @notices: it gets a notice of lost writes, raw or not
 * @codes_only: for POST codes only
 * @json: the format is json, always
 * @raw: the default format for bytes is raw, otherwise text
 * @raw_codes: that for POST codes is raw, otherwise post
 * @open: returns a new sink, or NULL with errno and one line in @why
 * @head: write what is to stand before an entry's bytes, at most SINK_HEAD_MAX; returns
 *	how many bytes that is; NULL: nothing
 * @put: takes bytes; never waits
 * @put_entry: takes entries as they are, instead of bytes in a format; or NULL
 * @reopen: log rotation by others: open the same path again (SIGHUP); or NULL
 * @close: writes what it holds, then frees the sink in its own time
 */
struct sink_ops {
	const char *name;
	const char *arg;
	const char *(*check)(const char *arg);
	const char *help;
	bool per_vm;
	bool vms_apart;
	int fd;
	bool notices;
	bool codes_only;
	bool json;
	bool raw;
	bool raw_codes;
	struct sink *(*open)(const struct sink_request *rq, char *why, size_t size);
	size_t (*head)(char *dst, const struct entry *entry);
	void (*put)(struct sink *sink, const void *data, size_t len);
	void (*put_entry)(struct sink *sink, const struct entry *entry);
	void (*reopen)(struct sink *sink);
	void (*close)(struct sink *sink);
};

/**
 * sink_get() - the sink that is wanted
 * @rq: what is wanted
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Requests of the same kind and path share one sink, or those of one VM where VMs are
 * apart; of kinds that are per VM each gets its own.
 *
 * Return: the sink, to be given back with sink_release(); NULL on failure, with errno.
 */
struct sink *sink_get(const struct sink_request *rq, char *why, size_t size);

/* @kind: of the request that it was got for; several lead to standard output. */
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
 * @see: called for each: as what it was opened; its path, NULL where the kind
 *	takes none; the sink; how many have got it
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

/* The program ends: sinks should not wait for readers any longer. */
void sinks_hurry(void);

/* Whether sinks_hurry() was called. */
bool sinks_in_hurry(void);

#endif /* DBGPORTD_SINK_SINK_H */
