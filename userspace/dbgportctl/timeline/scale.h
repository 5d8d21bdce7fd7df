/* SPDX-License-Identifier: GPL-2.0 */
/* How times are written on a page: all in one unit, so that they can be compared. */
#ifndef DBGPORTCTL_TIMELINE_SCALE_H
#define DBGPORTCTL_TIMELINE_SCALE_H

#include <linux/types.h>

#include "dbgportctl/boot/boot.h"
#include "lib/duration.h"

/**
 * struct scale - the unit
 * @unit: its name
 * @unit_ns: its length
 * @tick_ns: the shortest time that is told; what is below is cut
 * @places: digits behind the point, which are ticks
 */
struct scale {
	const char *unit;
	__s64 unit_ns;
	__s64 tick_ns;
	int places;
};

/* The one that the longest of @boots is read best in. */
const struct scale *scale_of(const struct boots *boots);

/* @ns without the unit's name, in @text, which is returned. */
const char *scale_text(char text[DURATION_SIZE], const struct scale *scale, __s64 ns);

/* The time between two, as they are told: all lengths of a boot make up its total. */
const char *scale_length(char text[DURATION_SIZE], const struct scale *scale, __s64 begin_ns,
			 __s64 end_ns);

#endif /* DBGPORTCTL_TIMELINE_SCALE_H */
