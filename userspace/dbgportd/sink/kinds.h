/* SPDX-License-Identifier: GPL-2.0 */
/* Which kinds of sinks there are. */
#ifndef DBGPORTD_SINK_KINDS_H
#define DBGPORTD_SINK_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/sink/sink.h"

/* Each in the file of its name. */
extern const struct sink_ops sink_pty, sink_tty, sink_null, sink_stdout, sink_file, sink_log,
	sink_unix, sink_unix_dgram, sink_journal, sink_nats;

/**
 * sink_kinds - all kinds, ending with NULL
 *
 * In the order of precedence where a mode's option names several: that of
 * cloud-hypervisor's --debug-console, with ours in between.
 */
extern const struct sink_ops *const sink_kinds[];

/**
 * sink_list_kinds() - "pty, tty, …, file=PATH", for messages
 * @dst: where it goes, with a NUL; cut if it is too long
 * @size: size of @dst, at least 1
 * @codes: those that are for POST codes only, too
 */
void sink_list_kinds(char *dst, size_t size, bool codes);

/* The kind whose name the @len bytes at @name are; NULL if there is none. */
const struct sink_ops *sink_kind(const char *name, size_t len);

#endif /* DBGPORTD_SINK_KINDS_H */
