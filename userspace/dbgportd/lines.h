/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Line assembly: what the vCPUs of one VM write to one port becomes lines on
 * a sink that several writers share.
 *
 * Each vCPU has a line of its own, so partial lines never mix.  A line that
 * stays unfinished for LINES_QUIET_MS, or that grows over LINES_MAX bytes, is
 * shown as far as it goes, and continued when more comes: on the same line of
 * the sink, or after somebody else's line on a new one, "…" marking the break.
 */
#ifndef DBGPORTD_LINES_H
#define DBGPORTD_LINES_H

#include <linux/types.h>
#include <stddef.h>

#include "dbgportd/sink.h"

#define LINES_MAX	1024
#define LINES_QUIET_MS	200

struct line;

/**
 * struct lines - one VM's lines on one sink
 * @sink: where they go
 * @label: the VM's name
 * @vcpu: the line of each vCPU, made at its first byte; @count entries
 * @count: highest vCPU number seen, plus 1
 */
struct lines {
	struct sink *sink;
	const char *label;
	struct line **vcpu;
	size_t count;
};

/* @label must stay as long as @lines does. */
void lines_init(struct lines *lines, struct sink *sink, const char *label);

/* @n bytes that vCPU number @vcpu wrote. */
void lines_put(struct lines *lines, __u16 vcpu, const char *data, size_t n);

/* The VM is no more: show and finish every line, and free all. */
void lines_end(struct lines *lines);

/* Show the unfinished lines that have been quiet long enough at @now, in ms. */
void lines_quiet(__u64 now);

/**
 * lines_note() - one whole line from us, not from the guest
 * @sink: where it goes
 * @label: the name of the VM that it is about; NULL: about none
 * @text: the line without its end; harmless
 * @n: its length
 */
void lines_note(struct sink *sink, const char *label, const char *text, size_t n);

/* From now on each line on a shared sink begins with its VM's name. */
void lines_show_labels(void);

#endif /* DBGPORTD_LINES_H */
