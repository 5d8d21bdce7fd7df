// SPDX-License-Identifier: GPL-2.0
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
