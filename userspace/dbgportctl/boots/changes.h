/* SPDX-License-Identifier: GPL-2.0 */
/* Which figures have changed from one set of boots to another, and which only look so. */
#ifndef DBGPORTCTL_BOOTS_CHANGES_H
#define DBGPORTCTL_BOOTS_CHANGES_H

#include "dbgportctl/boots/baseline.h"

/* Of comparisons in which nothing has changed, so many say that something has, at most. */
#define CHANGES_ALARMS	0.005

enum verdict {
	VERDICT_UNKNOWN,	/* too few boots have it, before or now */
	VERDICT_SAME,		/* no change that chance does not explain */
	VERDICT_SLOWER,
	VERDICT_FASTER,
};

/**
 * struct change - what became of one figure
 * @before, @now: of then and of now; NULL: there was none
 * @verdict: what to think of it; if it is not UNKNOWN, there are also
 * @p: how probable it is that chance alone made some figure differ so much; it is below
 *	CHANGES_ALARMS where the verdict is that something has changed
 * @share: the part of CHANGES_ALARMS that is its own
 */
struct change {
	const struct baseline_figure *before;
	const struct baseline_figure *now;
	enum verdict verdict;
	double p;
	double share;
};

/**
 * struct extent - how much longer something takes
 * @ns: the median of the differences of all pairs (Hodges and Lehmann)
 * @least_ns, @most_ns: between which it is; for all figures together, in all but
 *	CHANGES_ALARMS of all cases
 */
struct extent {
	__s64 ns;
	__s64 least_ns;
	__s64 most_ns;
};

/**
 * struct changes - all of them
 * @change: of the figures of now, in their order, then those that were before only
 * @count: of @change
 */
struct changes {
	struct change *change;
	size_t count;
};

/**
 * changes_make() - compare all figures
 * @changes: filled in; to be freed by changes_free()
 * @before, @now: must stay
 *
 * CHANGES_ALARMS is of all figures together: half of it is the total's, which is what is
 * asked for most; the others share the other half (Bonferroni).  So the extent has
 * no 0 in it exactly where something has changed, which no stepwise correction gives.
 */
void changes_make(struct changes *changes, const struct baseline *before,
		  const struct baseline *now);
void changes_free(struct changes *changes);

/* By how much; of one whose verdict is not UNKNOWN. */
struct extent change_extent(const struct change *change);

/* The figure's name. */
const char *change_name(const struct change *change);

/* The change of the figure of that name; NULL: neither side has one. */
const struct change *changes_of(const struct changes *changes, const char *name);

/* "slower", "faster", "same" or "too few" */
const char *verdict_text(enum verdict verdict);

#endif /* DBGPORTCTL_BOOTS_CHANGES_H */
