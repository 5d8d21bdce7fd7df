/* SPDX-License-Identifier: GPL-2.0 */
/* The VMs of a fleet, as far as the last message of each of their ports tells. */
#ifndef DBGPORTCTL_FLEET_HEARD_H
#define DBGPORTCTL_FLEET_HEARD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "dbgportctl/fleet/fleet.h"
#include "lib/hostname.h"
#include "lib/vmname.h"

/**
 * struct heard_vm - the last VM of a name on a host
 * @host: its host; empty: that has no name
 * @name: its name
 * @id, @pid: the module's number, and its VMM's process; 0: not known
 * @boot: number of its present boot; 0: not known
 * @zero_ns: its zero, CLOCK_MONOTONIC
 * @last_ns: when it was heard of last, CLOCK_MONOTONIC
 * @clock_ns: how its host's clock was set then: CLOCK_REALTIME less CLOCK_MONOTONIC
 * @writes: how many it had made by then; what is not published counts, too
 * @wrote: something that it wrote was heard of
 * @claimed: of the last of which its VMM saw nothing
 * @ended: it is its end
 */
struct heard_vm {
	char host[HOSTNAME_SIZE];
	char name[VMNAME_SIZE];
	__u32 id;
	pid_t pid;
	__u32 boot;
	__u64 zero_ns;
	__u64 last_ns;
	__u64 clock_ns;
	__u64 writes;
	bool wrote;
	bool claimed;
	bool ended;
};

/**
 * struct heard - all of them, by host and name
 * @vm: them
 * @count: how many
 */
struct heard {
	struct heard_vm *vm;
	size_t count;
};

/* When it was heard of last, CLOCK_REALTIME. */
static inline __u64 heard_real_ns(const struct heard_vm *vm)
{
	return vm->last_ns + vm->clock_ns;
}

/**
 * heard_read() - ask for them
 * @heard: filled in; to be freed by heard_free(), on failure too
 * @fleet: of which hosts, and since when
 * @why: on failure, one line for the user, JETSTREAM_WHY bytes
 *
 * Return: 0 or -1; there being none is a failure, too.
 */
int heard_read(struct heard *heard, const struct fleet *fleet, char *why);
void heard_free(struct heard *heard);

#endif /* DBGPORTCTL_FLEET_HEARD_H */
