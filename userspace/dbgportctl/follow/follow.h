/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What VMs write, as it comes and as it is kept, handed to the router.
 *
 * The device is read as a reader that only looks: nothing is claimed.
 */
#ifndef DBGPORTCTL_FOLLOW_FOLLOW_H
#define DBGPORTCTL_FOLLOW_FOLLOW_H

#include <linux/types.h>
#include <stdbool.h>

/**
 * struct follow - what to read
 * @names: of VMs, ending with NULL; none: all, and those that come
 * @by_name: also VMs that come later and have one of @names; and when the module
 *	is unplugged, wait for it to come back
 * @newest: leave out what has been written already
 * @go_on: wait for more when that has been read
 * @since_ns: leave out what was written before; CLOCK_MONOTONIC
 * @timeout_ms: wait no longer than that; -1: for ever
 * @caught_up: called once, when what had been written already has been read; may
 *	be NULL
 * @is_done: asked again and again whether it should end; may be NULL
 */
struct follow {
	char *const *names;
	bool by_name;
	bool newest;
	bool go_on;
	__u64 since_ns;
	int timeout_ms;
	void (*caught_up)(void);
	bool (*is_done)(void);
};

/* How it ended. */
enum follow_end {
	FOLLOW_FAILED,		/* which has been said */
	FOLLOW_READ,		/* all has been read, or all the VMs in @names have ended */
	FOLLOW_DONE,		/* as @is_done said */
	FOLLOW_TIMEOUT,
};

/**
 * follow() - read until there is a reason to end
 * @f: what to read
 *
 * The router has its routes, and is left as it is.  What several VMs have
 * written already comes in the order of time.
 */
enum follow_end follow(const struct follow *f);

#endif /* DBGPORTCTL_FOLLOW_FOLLOW_H */
