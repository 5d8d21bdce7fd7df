// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <stdlib.h>

#include "dbgportctl/boots/rank.h"
#include "dbgportctl/cli/memory.h"

/* Up to so many of both together, all orders are counted. */
#define EXACT_MOST	40
/* And twice the sum of their ranks is below this. */
#define SUMS		(EXACT_MOST * (EXACT_MOST + 1) + 1)

/**
 * struct ranks - both sets in one order, where those that are equal share their ranks
 * @now: twice the sum of the ranks of the second set, from 1 on
 * @ties: sum of t^3 - t, of the t that are equal
 * @each: twice the rank of each, in order; of EXACT_MOST at most
 */
struct ranks {
	double now;
	double ties;
	unsigned int each[EXACT_MOST];
};

static size_t take_equal(const struct lengths *set, size_t *i, __s64 ns)
{
	size_t before = *i;

	while (*i < set->count && set->ns[*i] == ns)
		(*i)++;
	return *i - before;
}

/* With @more added to all of @before. */
static struct ranks rank(const struct lengths *before, const struct lengths *now, __s64 more)
{
	struct ranks r = { 0 };
	size_t i = 0, k = 0;

	while (i < before->count || k < now->count) {
		bool first = k == now->count ||
			     (i < before->count && before->ns[i] + more < now->ns[k]);
		__s64 least = first ? before->ns[i] + more : now->ns[k];
		size_t ranked = i + k, befores = take_equal(before, &i, least - more);
		size_t nows = take_equal(now, &k, least);
		double t = befores + nows;

		r.now += nows * (2 * ranked + t + 1);
		r.ties += t * t * t - t;
		for (size_t n = ranked; n < i + k && n < EXACT_MOST; n++)
			r.each[n] = 2 * ranked + t + 1;
	}
	return r;
}

/*
 * ways[k][sum]: in how many ways k of the ranks have that sum.  Return: the part of the
 * ways for @nows whose sum is @r->now at least.
 */
static double count_orders(const struct ranks *r, size_t befores, size_t nows)
{
	size_t all = befores + nows, reached = 0;
	double (*ways)[SUMS] = must(calloc(nows + 1, sizeof(*ways)));
	double beyond = 0, any = 0;

	ways[0][0] = 1;
	for (size_t i = 0; i < all; i++) {
		reached += r->each[i];
		for (size_t k = i < nows ? i + 1 : nows; k; k--) {
			for (size_t sum = r->each[i]; sum <= reached; sum++)
				ways[k][sum] += ways[k - 1][sum - r->each[i]];
		}
	}
	for (size_t sum = 0; sum <= reached; sum++) {
		any += ways[nows][sum];
		if (sum >= r->now)
			beyond += ways[nows][sum];
	}
	free(ways);
	return beyond / any;
}

static double normal(const struct ranks *r, double befores, double nows)
{
	double all = befores + nows, beyond = (r->now - nows * (all + 1)) / 2;
	double variance = befores * nows / 12 * (all + 1 - r->ties / (all * (all - 1)));

	/* All are equal. */
	if (variance <= 0)
		return 0.5;
	if (beyond > 0)
		beyond = fmax(beyond - 0.5, 0);
	else
		beyond = fmin(beyond + 0.5, 0);
	return erfc(beyond / sqrt(2 * variance)) / 2;
}

static double chance_of(const struct lengths *before, const struct lengths *now, __s64 more)
{
	const struct ranks r = rank(before, now, more);

	if (before->count + now->count <= EXACT_MOST)
		return count_orders(&r, before->count, now->count);
	return normal(&r, before->count, now->count);
}

double rank_chance(const struct lengths *before, const struct lengths *now)
{
	return chance_of(before, now, 0);
}

bool rank_can(size_t befores, size_t nows, double chance)
{
	/* All of @now after all of @before. */
	const struct ranks most = { .now = nows * (2.0 * befores + nows + 1) };
	double orders = 1;

	if (befores < RANK_LEAST || nows < RANK_LEAST)
		return false;
	if (befores + nows > EXACT_MOST)
		return normal(&most, befores, nows) < chance;
	for (size_t i = 1; i <= nows; i++)
		orders *= (double)(befores + i) / i;
	return 1 / orders < chance;
}

__s64 rank_longer(const struct lengths *before, const struct lengths *now, double chance)
{
	/* At the one, all of @now are longer; at the other one, all are shorter. */
	__s64 low = now->ns[0] - before->ns[before->count - 1] - 1;
	__s64 high = now->ns[now->count - 1] - before->ns[0] + 1;

	/* 0 first, so that this and rank_chance() never contradict each other. */
	for (__s64 more = low < 0 && high > 0 ? 0 : low + (high - low) / 2; high - low > 1;
	     more = low + (high - low) / 2) {
		if (chance_of(before, now, more) < chance)
			low = more;
		else
			high = more;
	}
	return low;
}
