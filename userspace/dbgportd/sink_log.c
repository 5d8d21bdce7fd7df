// SPDX-License-Identifier: GPL-2.0
/* log: lines among the daemon's own messages, on standard error. */
#include <unistd.h>

#include "dbgportd/std.h"

static struct sink *log_open(const struct sink_request *rq, char *why, size_t size)
{
	(void)rq;
	(void)why;
	(void)size;
	return std_open(STDERR_FILENO);
}

const struct sink_ops sink_log = {
	.name = "log",
	.lines = true,
	.notes = true,
	.post_only = true,
	.open = log_open,
	.put = sink_put_stream,
	.close = std_close,
};
