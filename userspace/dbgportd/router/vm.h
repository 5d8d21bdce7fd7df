/* SPDX-License-Identifier: GPL-2.0 */
/* What the daemon knows of one VM, from its ATTACHED record to its GONE. */
#ifndef DBGPORTD_ROUTER_VM_H
#define DBGPORTD_ROUTER_VM_H

#include <linux/types.h>
#include <stdbool.h>

#include "dbgportd/router/vm_boots.h"
#include "dbgportd/router/vm_position.h"
#include "lib/vmname.h"
#include "words/entry.h"

struct output;

/**
 * struct vm - one VM
 * @next, @next_of_name: in the table of VMs, by their ids and by their names
 * @info: what entries show of it; its name is unique among the VMs that there are
 * @has_uid: @info has its user
 * @is_claimed: the VMM did not see the last of @writes
 * @plain_name: that name without the number that it has if it was taken
 * @boots: its boots, of which @info tells the present one
 * @writes, @bytes: read from the device
 * @claimed: those of @writes that the VMM did not see
 * @lost_unlogged: those of @info.lost that the log has not named yet
 * @lost_logged_at: loop_now() when it did
 * @position: how far it has been read, for a restarted daemon
 * @outputs: one for each route that the VM matches
 */
struct vm {
	struct vm *next;
	struct vm *next_of_name;
	struct entry_vm info;
	bool has_uid;
	bool is_claimed;
	char plain_name[VMNAME_OWN_SIZE];
	struct vm_boots boots;
	__u64 writes;
	__u64 bytes;
	__u64 claimed;
	__u64 lost_unlogged;
	__u64 lost_logged_at;
	struct vm_position position;
	struct output *outputs;
};

#endif /* DBGPORTD_ROUTER_VM_H */
