/* SPDX-License-Identifier: GPL-2.0 */
/* What VMs of a fleet have written last, and what they write, on standard output. */
#ifndef DBGPORTCTL_FLEET_TAIL_H
#define DBGPORTCTL_FLEET_TAIL_H

#include "dbgportctl/fleet/fleet.h"
#include "dbgportctl/follow/form.h"

/**
 * struct fleet_tail - what to show
 * @fleet: of which hosts
 * @names: of which VMs, as a user says it, ending with NULL; none: of all
 * @form: which ports, and how
 * @lines: so many of the last lines
 * @all: or all of them, instead
 * @go_on: and what comes
 * @waits: and go on when the server goes and is back, which is reported
 */
struct fleet_tail {
	const struct fleet *fleet;
	char *const *names;
	const struct form *form;
	__u64 lines;
	bool all;
	bool go_on;
	bool waits;
};

/*
 * Show it, as the stream has it: of each VM and port in order, hosts as their messages came.
 * Return: an exit status; with @go_on there is one only if that fails.
 */
int fleet_tail(const struct fleet_tail *tail);

#endif /* DBGPORTCTL_FLEET_TAIL_H */
