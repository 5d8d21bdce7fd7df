/* SPDX-License-Identifier: GPL-2.0 */
/* Which lines two texts have in common, in the same order. */
#ifndef DBGPORTCTL_BOOT_SAME_LINES_H
#define DBGPORTCTL_BOOT_SAME_LINES_H

#include <stddef.h>

#define SAME_NONE	((size_t)-1)

/**
 * same_lines() - find each line of one text in another one
 * @same: set for each of @ours: which of @theirs it is, or SAME_NONE; those rise
 * @ours: lines of a text, in order
 * @count: how many
 * @theirs: those of the other one
 * @others: how many
 *
 * Lines that both have once are found first, as many as are in the same order; then, between
 * two of these, what is alike before the second one, and the rest from the first one on.
 * So it does not matter which end of a text is missing.
 *
 * It takes the time of sorting all lines, whatever they are.
 */
void same_lines(size_t *same, const char *const *ours, size_t count,
		const char *const *theirs, size_t others);

#endif /* DBGPORTCTL_BOOT_SAME_LINES_H */
