/* SPDX-License-Identifier: GPL-2.0 */
/* Which figures have changed, and which only look so. */
#ifndef DBGPORTCTL_BOOTS_VERDICT_H
#define DBGPORTCTL_BOOTS_VERDICT_H

#include "dbgportctl/boots/baseline.h"
#include "dbgportctl/boots/figures.h"

/* Of runs in which nothing has changed, so many say that something has, at most. */
#define VERDICT_ALARMS	0.005

enum verdict {
	VERDICT_UNKNOWN,	/* fewer than RANK_LEAST boots have it, then or now */
	VERDICT_SAME,		/* no change that chance does not explain */
	VERDICT_SLOWER,
	VERDICT_FASTER,
};

/**
 * verdict_of() - judge one figure
 * @figures: all of now
 * @baseline: all of before
 * @figure: one of @figures
 *
 * VERDICT_ALARMS is of all figures together: half of it is the total's, which is what
 * is asked for most; the others share the other half.
 */
enum verdict verdict_of(const struct figures *figures, const struct baseline *baseline,
			const struct figure *figure);

/* "slower", "faster", "same", or "" */
const char *verdict_text(enum verdict verdict);

/**
 * verdict_chance() - how probable it is that a figure is so much longer by chance
 * @before: of the baseline
 * @figure: of now; both of RANK_LEAST boots at least
 * @per_mille, @ns: that much longer than before is no longer: a part of it, and a time
 *
 * Return: as rank_chance().
 */
double verdict_chance(const struct baseline_figure *before, const struct figure *figure,
		      __s64 per_mille, __s64 ns);

/* Whether there are enough boots for it. */
bool verdict_can(const struct baseline_figure *before, const struct figure *figure);

#endif /* DBGPORTCTL_BOOTS_VERDICT_H */
