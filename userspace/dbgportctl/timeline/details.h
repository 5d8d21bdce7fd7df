/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a page's script draws boots from: all marks, in few bytes, as JSON in an element
 * of the page.
 *
 *	unit, places	as in struct scale; times below are whole ticks
 *	gap		from so many ticks on a gap is shown; 0: a tenth of the boot
 *	phases		their names; each followed by the number of its colour
 *	boots		three strings a boot: its phases, its marks, and text that only it has
 *	undated		of boots that have lines without a time, by their numbers from 0: three
 *			a line: in front of which mark it stands, the phase that it begins
 *			or "", the text
 *	ports		their numbers; each followed by its name
 *	what		what is written at marks, each once, in the order in which it was
 *			met: a letter for the type, the number of its port in ports, the text
 *
 * Phases and marks are numbers.  A phase is three: which one it is, how long it took, how
 * many marks are in it.  Marks begin with how many of what were met in the boots before.
 * Then a mark is the time since the one before, and which of what it has:
 *
 *	0		the next one that was not met before
 *	1 + 2n		the one that is so many behind the one that is expected
 *	2 + 2n		such a one, but for a part of its text, which three numbers tell:
 *			where it begins, how long it is, and how much of the boot's own text
 *			stands there instead
 *
 * Expected is the one behind that which was told so last, which is what comes wherever
 * boots say the same in the same order; so n is 0 mostly.  Whether it is negative is told
 * by its lowest bit: what is positive is doubled, and one is taken away.
 *
 * A number is digits of five bits each, the lowest first; a sixth bit says that more
 * follow.  They are written as base64 does it.
 *
 * null stands where a boot's marks are left out: a page has those of DETAILS_BOOTS boots
 * at least, and goes on until they take DETAILS_BYTES.
 */
#ifndef DBGPORTCTL_TIMELINE_DETAILS_H
#define DBGPORTCTL_TIMELINE_DETAILS_H

#include "dbgportctl/timeline/scale.h"
#include "dbgportctl/timeline/timeline.h"

#define DETAILS_BOOTS	100
#define DETAILS_BYTES	(720 * 1024)

/* Boots come in the order of the page's table; of those at its end marks are left out. */
void details_html(const struct boots *boots, const struct look *look,
		  const struct scale *scale);

#endif /* DBGPORTCTL_TIMELINE_DETAILS_H */
