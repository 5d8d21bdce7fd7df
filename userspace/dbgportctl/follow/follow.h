/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What VMs write, as it comes and as it is kept: records become entries, which
 * are printed (print.h) or looked through (match.h).
 *
 * Reading, line assembly and formats are made below (vm/reader.h, words/); what
 * is done about what was found is the subcommand's, or exec.h's.
 */
#ifndef DBGPORTCTL_FOLLOW_FOLLOW_H
#define DBGPORTCTL_FOLLOW_FOLLOW_H

#include <linux/types.h>
#include <stdbool.h>

#include "dbgportctl/follow/entries.h"
#include "dbgportctl/follow/form.h"

/**
 * struct follow - what to read, and where it goes
 * @names: of VMs, ending with NULL; none: all, and those that come
 * @by_name: also VMs that come later and have one of @names; and when the module
 *	is unplugged, wait for it to come back
 * @reports: say on standard error when, after what had been written already, there is no
 *	VM, one comes or has ended, and the module goes or is back
 * @living: without names, and with @by_name, leave out VMs that have ended already
 * @newest: leave out what has been written already
 * @go_on: wait for more when that has been read
 * @since_boot: leave out what was written before the last boot of each VM
 * @begins: what begins a boot; NULL: it is recognised
 * @since_ns: leave out what was written before; CLOCK_MONOTONIC
 * @timeout_ms: wait no longer than that; -1: for ever
 * @form: which ports are looked at, and what they carry
 * @formatter: what entries of each VM are rendered with; copied for each
 * @emit: called with each entry
 * @turn: called at the end of each turn, before it waits
 * @caught_up: called once, when what had been written already has been read; may
 *	be NULL
 * @is_done: asked again and again whether it should end; may be NULL
 * @arg: what these are called with
 */
struct follow {
	char *const *names;
	bool by_name;
	bool reports;
	bool living;
	bool newest;
	bool go_on;
	bool since_boot;
	const struct begins_rule *begins;
	__u64 since_ns;
	int timeout_ms;
	const struct form *form;
	struct formatter formatter;
	entries_emit *emit;
	void (*turn)(void *arg);
	void (*caught_up)(void *arg);
	bool (*is_done)(void *arg);
	void *arg;
};

/* How it ended. */
enum follow_end {
	FOLLOW_FAILED,		/* which has been said */
	/* All has been read, all the VMs in @names have ended, or stdout takes no more. */
	FOLLOW_READ,
	FOLLOW_DONE,		/* as @is_done said */
	FOLLOW_TIMEOUT,
};

/**
 * follow() - read until there is a reason to end
 * @f: what to read
 *
 * What several VMs have written already comes in the order of time.  At the end
 * what VMs have begun to write is emitted, too.
 */
enum follow_end follow(const struct follow *f);

#endif /* DBGPORTCTL_FOLLOW_FOLLOW_H */
