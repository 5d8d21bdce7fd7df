/* SPDX-License-Identifier: GPL-2.0 */
/* Objects that made way for others, counted for each port of each VM. */
#ifndef DBGPORTD_SPOOL_MISSING_H
#define DBGPORTD_SPOOL_MISSING_H

#include "dbgportd/spool/object.h"

struct missing_of;

/**
 * struct missing - what is missing; all 0 to begin with
 * @table: a hash table of lists
 * @bytes: of objects, those that told of others not counted
 */
struct missing {
	struct missing_of **table;
	__u64 bytes;
};

/**
 * missing_add() - one object goes
 * @m: what is missing
 * @head: its own; of one that told of others, those are added
 * @len: of its JSON
 *
 * Return: 0 or -ENOMEM.
 */
int missing_add(struct missing *m, const struct object_head *head, size_t len);

/**
 * missing_tell() - objects that tell it
 * @m: what is missing
 * @see: called with each, "HEAD JSON" of @len bytes; returns 0, or an error that ends it
 * @arg: what @see is called with
 *
 * Return: 0, or what @see returned.
 */
int missing_tell(const struct missing *m, int (*see)(void *arg, const char *text, size_t len),
		 void *arg);

void missing_free(struct missing *m);

#endif /* DBGPORTD_SPOOL_MISSING_H */
