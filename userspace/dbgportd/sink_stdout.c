// SPDX-License-Identifier: GPL-2.0
/* stdout: lines on standard output. */
#include <unistd.h>

#include "dbgportd/std.h"

static struct sink *stdout_open(const struct sink_request *rq, char *why, size_t size)
{
	(void)rq;
	(void)why;
	(void)size;
	return std_open(STDOUT_FILENO);
}

const struct sink_ops sink_stdout = {
	.name = "stdout",
	.lines = true,
	.notes = true,
	.open = stdout_open,
	.put = sink_put_stream,
	.close = std_close,
};
