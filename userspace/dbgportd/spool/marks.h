/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far each track has been stored, by which objects are recognised that come a second
 * time.
 */
#ifndef DBGPORTD_SPOOL_MARKS_H
#define DBGPORTD_SPOOL_MARKS_H

#include "dbgportd/spool/object.h"

/*
 * Most that can be kept.  A VM has one for each vCPU and port that ever wrote; what is beyond
 * may be stored twice after a kill.
 */
#define MARKS_MAX	65536

struct mark_of;

/**
 * struct marks - all of them; of one load of the module, the newest
 * @table: a hash table; NULL: there is none yet
 * @count: how many
 * @max: most that are kept, at most MARKS_MAX; set by the owner
 * @load: which load
 * @age: how often marks_age() was called
 */
struct marks {
	struct mark_of *table;
	size_t count;
	size_t max;
	__u64 load;
	__u32 age;
};

/* Whether what @head tells has been stored already, all of it. */
bool marks_have(const struct marks *m, const struct object_head *head);

/* What @head tells is stored now. */
void marks_set(struct marks *m, const struct object_head *head);

/**
 * marks_each() - see them all, each as an object that would set it
 * @m: the marks
 * @see: called for each; returns 0, or an error that ends it
 * @arg: what @see is called with
 *
 * Return: 0, or what @see returned.
 */
int marks_each(const struct marks *m, int (*see)(void *arg, const struct object_head *head),
	       void *arg);

/* Forget VMs whose end was stored before the last time that this was called. */
void marks_age(struct marks *m);

/* Forget all, but for @max. */
void marks_free(struct marks *m);

#endif /* DBGPORTD_SPOOL_MARKS_H */
