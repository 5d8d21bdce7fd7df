// SPDX-License-Identifier: GPL-2.0
#include "dbgportctl/timeline/scale.h"
#include "lib/clock.h"

/* A unit is left for the next one where four digits would stand before the point. */
#define READ_BEST	10000

const struct scale *scale_of(const struct boots *boots)
{
	static const struct scale us = { "µs", NSEC_PER_USEC, 1, 3 };
	static const struct scale ms = { "ms", NSEC_PER_MSEC, NSEC_PER_USEC, 3 };
	static const struct scale s = { "s", NSEC_PER_SEC, NSEC_PER_USEC, 6 };
	__s64 longest_ns = 0;

	for (size_t i = 0; i < boots->count; i++) {
		if (boots->boot[i]->total_ns > longest_ns)
			longest_ns = boots->boot[i]->total_ns;
	}
	if (longest_ns < READ_BEST * us.unit_ns)
		return &us;
	return longest_ns < READ_BEST * ms.unit_ns ? &ms : &s;
}

const char *scale_text(char text[DURATION_SIZE], const struct scale *scale, __s64 ns)
{
	return duration_in(text, ns, scale->unit_ns, scale->places);
}

const char *scale_length(char text[DURATION_SIZE], const struct scale *scale, __s64 begin_ns,
			 __s64 end_ns)
{
	__s64 ticks = end_ns / scale->tick_ns - begin_ns / scale->tick_ns;

	return scale_text(text, scale, ticks * scale->tick_ns);
}
