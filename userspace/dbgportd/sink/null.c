// SPDX-License-Identifier: GPL-2.0
/* null: takes everything and keeps nothing. */
#include <stdlib.h>

#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/sink.h"

static struct sink *null_open(const struct sink_request *rq, char *why, size_t size)
{
	static struct sink sink = { .eol = "", .shared = true };

	sink.ops = rq->kind;
	(void)why;
	(void)size;
	return &sink;
}

static void null_put(struct sink *sink, const void *data, size_t len)
{
	(void)data;
	sink->stream.put += len;
	sink->stream.out += len;
}

static void null_close(struct sink *sink)
{
	(void)sink;
}

const struct sink_ops sink_null = {
	.name = "null",
	.help = "takes everything and keeps nothing",
	.raw = true,
	.raw_codes = true,
	.open = null_open,
	.put = null_put,
	.close = null_close,
};
