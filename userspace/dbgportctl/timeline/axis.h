/* SPDX-License-Identifier: GPL-2.0 */
/* Where an axis of time has its ticks. */
#ifndef DBGPORTCTL_TIMELINE_AXIS_H
#define DBGPORTCTL_TIMELINE_AXIS_H

#include <linux/types.h>

/* A round number of nanoseconds, of which @total_ns has about @ticks; 1 at least. */
__s64 axis_step(__s64 total_ns, int ticks);

#endif /* DBGPORTCTL_TIMELINE_AXIS_H */
