// SPDX-License-Identifier: GPL-2.0
#include <math.h>

#include "dbgportctl/boots/rank.h"

/**
 * struct ranks - both sets in one order
 * @sum: of the ranks of the second one, from 1 on; those that are equal share theirs
 * @ties: sum of t^3 - t, of the t that are equal
 */
struct ranks {
	double sum;
	double ties;
};

static size_t take_equal(const __s64 *value, size_t n, size_t *i, __s64 what)
{
	size_t before = *i;

	while (*i < n && value[*i] == what)
		(*i)++;
	return *i - before;
}

static struct ranks rank(const __s64 *a, size_t n, const __s64 *b, size_t m)
{
	struct ranks r = { 0 };
	size_t i = 0, k = 0;

	while (i < n || k < m) {
		__s64 least = k == m || (i < n && a[i] < b[k]) ? a[i] : b[k];
		double ranked = i + k;
		size_t of_a = take_equal(a, n, &i, least), of_b = take_equal(b, m, &k, least);
		double t = of_a + of_b;

		r.sum += of_b * (ranked + (t + 1) / 2);
		r.ties += t * t * t - t;
	}
	return r;
}

double rank_chance(const __s64 *before, size_t befores, const __s64 *now, size_t nows)
{
	const struct ranks r = rank(before, befores, now, nows);
	double n = befores, m = nows, all = n + m;
	double beyond = r.sum - m * (m + 1) / 2 - n * m / 2;
	double variance = n * m / 12 * (all + 1 - r.ties / (all * (all - 1)));

	/* All are equal. */
	if (variance <= 0)
		return 0.5;
	if (beyond > 0)
		beyond = fmax(beyond - 0.5, 0);
	else
		beyond = fmin(beyond + 0.5, 0);
	return erfc(beyond / sqrt(2 * variance)) / 2;
}
