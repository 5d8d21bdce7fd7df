/* SPDX-License-Identifier: GPL-2.0 */
/* The time, read once in each turn of the loop. */
#ifndef DBGPORTD_LOOP_CLOCK_H
#define DBGPORTD_LOOP_CLOCK_H

#include <linux/types.h>

/* CLOCK_MONOTONIC in milliseconds, as of the beginning of this turn. */
__u64 loop_now(void);

/* For engines: it is now; between waiting and telling what has come. */
void loop_now_update(void);

#endif /* DBGPORTD_LOOP_CLOCK_H */
