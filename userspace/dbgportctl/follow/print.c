// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/follow/print.h"

/* What is kept is looked through when it has grown by so much. */
#define STEP	(1024 * 1024)

static struct sink printed = {
	.ops = &sink_printed,
	.eol = "\n",
	.shared = true,
};

static bool keeps;
static size_t keep_lines;
static char *kept;
static size_t kept_len, kept_size;

/* Where the last lines begin; an unfinished one counts. */
static size_t last_lines(void)
{
	size_t at = kept_len, lines = 0;

	if (at && kept[at - 1] == '\n')
		at--;
	while (at) {
		if (kept[at - 1] == '\n' && ++lines == keep_lines)
			break;
		at--;
	}
	return keep_lines ? at : kept_len;
}

static void trim(void)
{
	size_t at = last_lines();

	kept_len -= at;
	memmove(kept, kept + at, kept_len);
}

static void keep(const void *data, size_t len)
{
	if (kept_len + len > kept_size) {
		if (kept_len)
			trim();
		kept_size = kept_len + len + STEP;
		kept = must(realloc(kept, kept_size));
	}
	memcpy(kept + kept_len, data, len);
	kept_len += len;
}

static void printed_put(struct sink *sink, const void *data, size_t len)
{
	(void)sink;
	if (keeps)
		keep(data, len);
	else
		fwrite(data, 1, len, stdout);
}

static struct sink *printed_open(const struct sink_request *rq, char *why, size_t size)
{
	(void)rq;
	(void)why;
	(void)size;
	return &printed;
}

static void printed_close(struct sink *sink)
{
	(void)sink;
}

void printed_keep(size_t lines)
{
	keeps = true;
	keep_lines = lines;
}

void printed_go_on(void)
{
	if (!keeps)
		return;
	keeps = false;
	if (kept_len) {
		trim();
		fwrite(kept, 1, kept_len, stdout);
	}
	free(kept);
	kept = NULL;
	kept_len = 0;
	kept_size = 0;
}

const struct sink_ops sink_printed = {
	.name = "stdout",
	.terminal = true,
	.notices = true,
	.open = printed_open,
	.put = printed_put,
	.close = printed_close,
};
