/* SPDX-License-Identifier: GPL-2.0 */
/* What must be true of boots: --assert 'p99(total)<1s', 'median(total)<baseline+5%'. */
#ifndef DBGPORTCTL_BOOTS_ASSERT_H
#define DBGPORTCTL_BOOTS_ASSERT_H

#include "dbgportctl/boots/baseline.h"
#include "dbgportctl/boots/figures.h"

/**
 * struct assertion - one of them
 * @text: as it was given
 * @figure: what it is of
 * @statistic: EVERY: of each boot, and each must have it; COUNT: how many have
 *	it; MEAN; else the percentile in tenths, where 0 is the minimum
 * @less, @equal: how it compares
 * @limit: nanoseconds; a number for COUNT
 * @to_baseline: it is compared to the baseline, @per_mille of that and @limit more
 * @per_mille: see @to_baseline
 */
struct assertion {
	const char *text;
	char *figure;
	int statistic;
	bool less;
	bool equal;
	__s64 limit;
	bool to_baseline;
	__s64 per_mille;
};

#define ASSERT_EVERY	-1
#define ASSERT_COUNT	-2
#define ASSERT_MEAN	-3

/**
 * assertion_parse() - understand an expression
 * @assertion: filled in; to be freed by assertion_free()
 * @text: must stay
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * FIGURE OP TIME or STATISTIC(FIGURE) OP TIME: FIGURE is as in figures.h,
 * STATISTIC is min, median, mean, max, count or p1 to p100, with one digit behind a
 * point at most, as p99.9; OP is <, <=, > or >=, TIME is as in duration.h and for
 * count a number.  For median, TIME may also be baseline, baseline+P% with one digit
 * behind the point at most, or baseline+TIME, and these with a minus.
 *
 * Return: 0 or -1.
 */
int assertion_parse(struct assertion *assertion, const char *text, char *why, size_t size);
void assertion_free(struct assertion *assertion);

/**
 * struct judged - what it must be true of
 * @boots: them; NULL: they are gone, and @now is what was kept of them
 * @now: their figures
 * @before: the baseline; may be empty
 * @alarms: of expressions about the baseline that are true, so many fail by chance
 */
struct judged {
	const struct boots *boots;
	const struct baseline *now;
	const struct baseline *before;
	double alarms;
};

/* The worst comes last. */
enum holding {
	ASSERTION_HOLDS,
	ASSERTION_UNKNOWN,	/* there are too few boots to compare them to the baseline */
	ASSERTION_FAILS,
};

/**
 * assertion_holds() - whether it is true
 * @assertion: from assertion_parse()
 * @judged: of what
 * @reason: filled with one line: what was found
 * @size: size of @reason
 *
 * Of what no boot has, only a count can be true.  One about the baseline fails if
 * boots of now are so much longer (with >: shorter) that chance explains it in fewer
 * than @judged->alarms of all cases.
 */
enum holding assertion_holds(const struct assertion *assertion, const struct judged *judged,
			     char *reason, size_t size);

#endif /* DBGPORTCTL_BOOTS_ASSERT_H */
