// SPDX-License-Identifier: GPL-2.0
#include "dbgportd/service/log.h"
#include "dbgportd/sink/sink.h"
#include "lib/log.h"
#include "words/format.h"

/* On a line of its own, whatever a guest has begun there. */
static void put(void *arg, const char *text, size_t n)
{
	struct sink *sink = arg;
	struct formatter f = { .eol = sink->eol, .unfinished = &sink->unfinished };
	char line[FORMAT_NOTICE_MAX(LOG_MAX)];

	sink->ops->put(sink, line, format_notice(line, &f, text, n));
}

void log_to_sink(struct sink *sink)
{
	log_to(sink ? put : NULL, sink);
}
