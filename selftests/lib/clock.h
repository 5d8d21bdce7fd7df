/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SELFTESTS_LIB_CLOCK_H
#define SELFTESTS_LIB_CLOCK_H

#include <time.h>

/* CLOCK_MONOTONIC, as records have it. */
static inline unsigned long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

#endif /* SELFTESTS_LIB_CLOCK_H */
