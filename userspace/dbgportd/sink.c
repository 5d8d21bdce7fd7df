// SPDX-License-Identifier: GPL-2.0
#include "dbgportd/sink.h"

const struct sink_ops *const sink_kinds[SINK_KINDS + 1] = {
	&sink_pty,
	&sink_tty,
	&sink_null,
	&sink_stdout,
	&sink_log,
	&sink_file,
	NULL,
};

static int open_count;
static bool hurry;

void sink_put_stream(struct sink *sink, const void *data, size_t len)
{
	stream_put(&sink->stream, data, len);
}

void sink_count(int change)
{
	open_count += change;
}

int sinks_open(void)
{
	return open_count;
}

void sinks_hurry(void)
{
	hurry = true;
}

bool sinks_in_hurry(void)
{
	return hurry;
}
