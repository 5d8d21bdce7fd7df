// SPDX-License-Identifier: GPL-2.0
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "dbgportctl/cmd/line_count.h"
#include "lib/number.h"

int line_count_parse(__u64 *lines, bool *all, const char *value, char *why, size_t size)
{
	*all = !strcmp(value, "all");
	if (*all || !number_parse(value, NUMBER_DECIMAL, 0, SIZE_MAX, lines))
		return 0;
	snprintf(why, size, "--lines %s: it takes a number, or all", value);
	return -1;
}
