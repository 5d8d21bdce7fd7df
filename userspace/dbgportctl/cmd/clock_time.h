/* SPDX-License-Identifier: GPL-2.0 */
/* What --time takes for points of time by the host's clock. */
#ifndef DBGPORTCTL_CMD_CLOCK_TIME_H
#define DBGPORTCTL_CMD_CLOCK_TIME_H

#include <stddef.h>

#include "words/style.h"

#define CLOCK_TIMES	"24h|iso8601|epoch|monotonic"

/**
 * clock_time_parse() - understand one of them
 * @style: set to it
 * @value: what was given
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int clock_time_parse(enum time_style *style, const char *value, char *why, size_t size);

/**
 * clock_time_parse_or() - the same, or another word
 * @style: STAMP_NONE for the other word
 * @words: the other word, and CLOCK_TIMES behind it: "boot|" CLOCK_TIMES
 * @value, @why, @size: as there
 *
 * Return: 0 or -1.
 */
int clock_time_parse_or(enum time_style *style, const char *words, const char *value,
			char *why, size_t size);

#endif /* DBGPORTCTL_CMD_CLOCK_TIME_H */
