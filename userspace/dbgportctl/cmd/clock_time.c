// SPDX-License-Identifier: GPL-2.0
#include "dbgportctl/cmd/clock_time.h"
#include "lib/choice.h"

/* In the order of CLOCK_TIMES, behind the other word. */
static const enum time_style styles[] = {
	STAMP_NONE, STAMP_24H, STAMP_ISO8601, STAMP_EPOCH, STAMP_MONOTONIC
};

static int parse(enum time_style *style, const enum time_style *from, const char *words,
		 const char *value, char *why, size_t size)
{
	int i = choice_parse("--time", words, value, why, size);

	if (i < 0)
		return -1;
	*style = from[i];
	return 0;
}

int clock_time_parse(enum time_style *style, const char *value, char *why, size_t size)
{
	return parse(style, styles + 1, CLOCK_TIMES, value, why, size);
}

int clock_time_parse_or(enum time_style *style, const char *words, const char *value,
			char *why, size_t size)
{
	return parse(style, styles, words, value, why, size);
}
