// SPDX-License-Identifier: GPL-2.0
#include "dbgportd/loop/clock.h"
#include "dbgportd/sink/linger.h"
#include "dbgportd/sink/sink.h"

#define HURRY_MS	1000

__u64 linger_end(__u64 seconds)
{
	return loop_now() + (seconds ?: LINGER_S) * 1000;
}

bool linger_is_over(__u64 *end)
{
	if (sinks_in_hurry() && *end > loop_now() + HURRY_MS)
		*end = loop_now() + HURRY_MS;
	return loop_now() >= *end;
}
