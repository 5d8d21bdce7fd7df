// SPDX-License-Identifier: GPL-2.0
#include "dbgportd/loop/clock.h"
#include "lib/clock.h"

static __u64 now_ms;

__u64 loop_now(void)
{
	return now_ms;
}

void loop_now_update(void)
{
	now_ms = clock_ns(CLOCK_MONOTONIC) / NSEC_PER_MSEC;
}
