// SPDX-License-Identifier: GPL-2.0
#include "lib/clock.h"

__u64 clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}
