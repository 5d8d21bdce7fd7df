/* SPDX-License-Identifier: GPL-2.0 */
/* What --lines takes. */
#ifndef DBGPORTCTL_CMD_LINE_COUNT_H
#define DBGPORTCTL_CMD_LINE_COUNT_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * line_count_parse() - understand a number of lines, or "all"
 * @lines: set to the number; stays for "all"
 * @all: set to whether it is "all"
 * @value: what was given
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int line_count_parse(__u64 *lines, bool *all, const char *value, char *why, size_t size);

#endif /* DBGPORTCTL_CMD_LINE_COUNT_H */
