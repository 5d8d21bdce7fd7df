/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What rate= lets pass of one VM on one route: a rate (words/rate.h) that begins when the VM
 * first writes there, as most VMs write nothing, and the log and count of what it cuts.
 */
#ifndef DBGPORTD_ROUTER_LIMIT_H
#define DBGPORTD_ROUTER_LIMIT_H

#include <linux/types.h>
#include <stdbool.h>

#include "dbgportd/config/route.h"
#include "words/rate.h"

/**
 * struct limit - of one VM on one route
 * @rate: what may pass, and what was cut
 * @route: the route
 * @vm: the VM
 * @unlogged: bytes that were cut and reported, and that the log has not named yet
 * @logged_at: loop_now() when it did; 0: never
 */
struct limit {
	struct rate rate;
	const struct route *route;
	const struct entry_vm *vm;
	__u64 unlogged;
	__u64 logged_at;
};

/* Of a route with a rate; both must stay.  NULL without memory. */
struct limit *limit_new(const struct route *route, const struct entry_vm *vm);

/* The log gets what it has not named; @limit may be NULL. */
void limit_free(struct limit *limit);

/* As rate_take(). */
size_t limit_take(struct limit *limit, const struct dbgport_record *rec, size_t count, bool *cut);

/* Whether some were cut that were not reported. */
static inline bool limit_has_cut(const struct limit *limit)
{
	return limit && limit->rate.count;
}

/* What was cut, which is reported by this; the log is told now and then. */
struct entry limit_report(struct limit *limit);

/* Bytes that all limits there ever were have cut. */
__u64 limits_cut(void);

#endif /* DBGPORTD_ROUTER_LIMIT_H */
