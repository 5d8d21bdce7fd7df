/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether one set of lengths tends to be longer than another one, or by chance looks so.
 *
 * That is told by the test of Mann and Whitney: it asks in which order the values of
 * both sets come, and nothing of how they are spread, so neither outliers nor several
 * peaks mislead it.
 */
#ifndef DBGPORTCTL_BOOTS_RANK_H
#define DBGPORTCTL_BOOTS_RANK_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* With fewer on either side nothing is told: one odd boot would count for too much. */
#define RANK_LEAST	8

/**
 * struct lengths - one of the sets
 * @ns: in their order, the shortest one first; 0 to RANK_MOST_NS
 * @count: how many; one at least
 */
struct lengths {
	const __s64 *ns;
	size_t count;
};

#define RANK_MOST_NS	(1LL << 59)

/**
 * rank_chance() - how probable it is that one set is so much longer by chance
 * @before, @now: the sets
 *
 * Exact for few, with ties too: the part of all orders, of which each is as probable as
 * any other if nothing has changed.  For many by the normal distribution, with the
 * corrections for ties and for continuity.
 *
 * Return: 0 to 1, near 0 if @now is longer; near 1 if it is shorter.
 */
double rank_chance(const struct lengths *before, const struct lengths *now);

/* Whether sets of this size can be so different that the chance of it is below @chance. */
bool rank_can(size_t befores, size_t nows, double chance);

/**
 * rank_longer() - by how much one set is longer at least
 * @before, @now: the sets, for which rank_can()
 * @chance: how probable it is that this is too much
 *
 * It is the most that can be added to all of @before with rank_chance() still below
 * @chance; at 0.5, the median of the differences of all pairs (Hodges and Lehmann).
 *
 * Return: nanoseconds; negative if it may be shorter.
 */
__s64 rank_longer(const struct lengths *before, const struct lengths *now, double chance);

#endif /* DBGPORTCTL_BOOTS_RANK_H */
