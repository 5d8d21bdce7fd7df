/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far a log was printed, and where it goes on.
 *
 * A ring does not say how often it went round, nor whether it is that of another boot; so
 * the last bytes that were printed are kept, and must still stand where they stood.
 */
#ifndef DBGPORTCTL_MEMLOG_PLACE_H
#define DBGPORTCTL_MEMLOG_PLACE_H

#include <linux/types.h>
#include <stddef.h>

#include "dbgportctl/memlog/text.h"

/* Of the bytes that were printed last. */
#define PLACE_KEPT	256

/**
 * struct place - how far it was printed
 * @at: offset in the ring of the byte that comes next
 * @printed: bytes since the log's beginning
 * @kept, @len: the last of these
 *
 * Begins zeroed: nothing was printed yet.
 */
struct place {
	size_t at;
	__u64 printed;
	char kept[PLACE_KEPT];
	size_t len;
};

enum place_end {
	PLACE_GOES_ON,
	PLACE_LOST,		/* text was overwritten before it was read */
	PLACE_ANEW,		/* this is another log: of the next boot */
};

/**
 * place_next() - find what is to be printed
 * @p: how far that has come
 * @t: the log as it is now; it may have moved to where it has more room
 * @from: set to the first byte of @t that is to be printed; up to its end if there is none
 *
 * Return: what came before that byte.
 */
enum place_end place_next(const struct place *p, const struct text *t, size_t *from);

/* All of @t from @from on has been printed. */
void place_passed(struct place *p, const struct text *t, size_t from, enum place_end how);

#endif /* DBGPORTCTL_MEMLOG_PLACE_H */
