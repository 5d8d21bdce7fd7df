/* SPDX-License-Identifier: GPL-2.0 */
/* The time, in nanoseconds. */
#ifndef LIB_CLOCK_H
#define LIB_CLOCK_H

#include <linux/types.h>
#include <time.h>

#define NSEC_PER_SEC	1000000000ULL
#define NSEC_PER_MSEC	1000000ULL
#define NSEC_PER_USEC	1000ULL

/* What clock @id shows now: CLOCK_MONOTONIC, as records have it, or CLOCK_REALTIME. */
__u64 clock_ns(clockid_t id);

#endif /* LIB_CLOCK_H */
