// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/timeline/axis.h"

__s64 axis_step(__s64 total_ns, int ticks)
{
	__s64 step = 1;

	for (;;) {
		if (total_ns / step <= ticks)
			return step;
		if (total_ns / (2 * step) <= ticks)
			return 2 * step;
		if (total_ns / (5 * step) <= ticks)
			return 5 * step;
		step *= 10;
	}
}

const char *axis_label(char text[DURATION_SIZE], __s64 ns, __s64 step)
{
	/* The step's unit is that of all ticks. */
	if (step >= 1000000000)
		snprintf(text, DURATION_SIZE, "%lld s", ns / 1000000000);
	else if (step >= 1000000)
		snprintf(text, DURATION_SIZE, "%lld ms", ns / 1000000);
	else if (step >= 1000)
		snprintf(text, DURATION_SIZE, "%lld µs", ns / 1000);
	else
		snprintf(text, DURATION_SIZE, "%lld ns", ns);
	return text;
}
