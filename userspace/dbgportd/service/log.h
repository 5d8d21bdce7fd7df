/* SPDX-License-Identifier: GPL-2.0 */
/* The daemon's own messages, on a sink among what guests say. */
#ifndef DBGPORTD_SERVICE_LOG_H
#define DBGPORTD_SERVICE_LOG_H

struct sink;

/**
 * log_to_sink() - have lib/log's messages put on a sink from now on
 * @sink: mostly the one on standard error, where they wait instead of making the
 *	daemon wait; stays the caller's.  NULL: straight to standard error
 */
void log_to_sink(struct sink *sink);

#endif /* DBGPORTD_SERVICE_LOG_H */
