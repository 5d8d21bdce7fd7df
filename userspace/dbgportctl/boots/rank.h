/* SPDX-License-Identifier: GPL-2.0 */
/* Whether one set of lengths tends to be longer than another one, or by chance looks so. */
#ifndef DBGPORTCTL_BOOTS_RANK_H
#define DBGPORTCTL_BOOTS_RANK_H

#include <linux/types.h>
#include <stddef.h>

/* With fewer on either side, chance alone cannot be told from a difference. */
#define RANK_LEAST	8

/**
 * rank_chance() - how probable it is that @now is so much longer by chance
 * @before, @befores: values in their order, and how many; one at least
 * @now, @nows: the same
 *
 * The test of Mann and Whitney: it asks in which order the values of both come, and
 * nothing of how they are spread, so neither outliers nor several peaks mislead it.
 * By the normal distribution, with the corrections for ties and for continuity.
 *
 * Return: 0 to 1, near 0 if @now is longer; near 1 if it is shorter.
 */
double rank_chance(const __s64 *before, size_t befores, const __s64 *now, size_t nows);

#endif /* DBGPORTCTL_BOOTS_RANK_H */
