/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The colours of phases: the same one for a name in each boot and each drawing, and those
 * of a part of the software stack akin.
 */
#ifndef DBGPORTCTL_TIMELINE_PALETTE_H
#define DBGPORTCTL_TIMELINE_PALETTE_H

#include "dbgportctl/boot/boot.h"

/* Start, the four parts, Custom, and what belongs to none. */
#define PALETTE_HUES	7
/* Of a hue: the first is that of the part as a whole. */
#define PALETTE_SHADES	4
#define PALETTE_SIZE	(PALETTE_HUES * PALETTE_SHADES)

/* Which one @phase has; its hue is that, divided by PALETTE_SHADES. */
int palette_index(const struct phase *phase);

/*
 * What CSS calls them: "#rrggbb".  White text is read on each, at 4.5:1 at least, and
 * each is seen on a white and on a dark page, at 3:1.
 */
extern const char *const palette_css[PALETTE_SIZE];

#endif /* DBGPORTCTL_TIMELINE_PALETTE_H */
