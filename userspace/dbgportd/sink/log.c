// SPDX-License-Identifier: GPL-2.0
/* log: POST codes among the daemon's own messages, on standard error. */
#include <stdio.h>
#include <unistd.h>

#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/std.h"

static struct sink *log_open(const struct sink_request *rq, char *why, size_t size)
{
	struct sink *sink = std_open(STDERR_FILENO);

	if (!sink)
		snprintf(why, size, "%s: log: no memory", rq->where);
	return sink;
}

const struct sink_ops sink_log = {
	.name = "log",
	.help = "among the daemon's own messages, on standard error",
	.fd = STDERR_FILENO,
	.notices = true,
	.codes_only = true,
	.open = log_open,
	.put = sink_put_stream,
	.close = std_close,
};
