// SPDX-License-Identifier: GPL-2.0
/* stdout: on standard output, which all VMs share. */
#include <stdio.h>
#include <unistd.h>

#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/std.h"

static struct sink *stdout_open(const struct sink_request *rq, char *why, size_t size)
{
	struct sink *sink = std_open(STDOUT_FILENO);

	if (!sink)
		snprintf(why, size, "%s: stdout: no memory", rq->where);
	else if (rq->notice)
		sink->stream.notice = rq->notice;
	return sink;
}

const struct sink_ops sink_stdout = {
	.name = "stdout",
	.help = "standard output, shared by all VMs",
	.fd = STDOUT_FILENO,
	.notices = true,
	.open = stdout_open,
	.put = sink_put_stream,
	.close = std_close,
};
