/* SPDX-License-Identifier: GPL-2.0 */
/* What the daemon knows of one VM, from its ATTACHED record to its GONE. */
#ifndef DBGPORTD_ROUTER_VM_H
#define DBGPORTD_ROUTER_VM_H

#include <linux/types.h>
#include <stdbool.h>
#include <sys/types.h>

#include "dbgportd/router/position.h"
#include "lib/vmname.h"

struct output;

/**
 * struct vm - one VM
 * @next: the router's
 * @id: the module's number
 * @name: unique among the VMs that there are; safe as a file's name
 * @pid: of its VMM; 0: not known
 * @uid: of its VMM's user
 * @late: it was running before it was attached
 * @zero_ns: the VM's zero, CLOCK_MONOTONIC
 * @next_seq: the write that comes next
 * @writes, @bytes: read from the device
 * @claimed: those of @writes that the VMM did not see
 * @lost: writes that were overwritten before they were read
 * @lost_unsaid: those of @lost that the log has not told yet
 * @lost_said_at: loop_now() when it did
 * @position: how far all of it has been written, for a restarted daemon
 * @outputs: one for each route that the VM matches
 */
struct vm {
	struct vm *next;
	__u32 id;
	char name[VMNAME_SIZE];
	pid_t pid;
	uid_t uid;
	bool late;
	__u64 zero_ns;
	__u64 next_seq;
	__u64 writes;
	__u64 bytes;
	__u64 claimed;
	__u64 lost;
	__u64 lost_unsaid;
	__u64 lost_said_at;
	struct vm_position position;
	struct output *outputs;
};

#endif /* DBGPORTD_ROUTER_VM_H */
