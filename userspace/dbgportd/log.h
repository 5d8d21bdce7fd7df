/* SPDX-License-Identifier: GPL-2.0 */
/* The daemon's own messages: one line each, on standard error. */
#ifndef DBGPORTD_LOG_H
#define DBGPORTD_LOG_H

struct sink;

/**
 * log_to() - where messages go from now on
 * @sink: the sink on standard error; NULL: straight to standard error, waiting
 *	for it if need be, as at the very beginning and end
 */
void log_to(struct sink *sink);

/* One message, without line end; longer ones are cut at 1 KiB. */
void log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* DBGPORTD_LOG_H */
