/* SPDX-License-Identifier: GPL-2.0 */
/* vm.h - one VM: who runs it, what it writes, what its reads get */
#ifndef _DBGPORT_VM_H
#define _DBGPORT_VM_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/uidgid.h>

#include "ports.h"
#include "ring.h"

struct pid;
struct task_struct;

/**
 * struct dbgport_vm - one VM
 * @ring:	what it wrote; first, so that a write has one pointer less to hold
 * @ref:	the backend's while the VM lives, the registry's, each reader's
 * @dead:	in the registry's list of VMs that ended
 * @id:		from 1, given on publishing, never used twice
 * @listed:	in the registry; may be read without its lock, which guards this and
 *		the next four
 * @ended:	the VM is no more
 * @claimers:	claiming listeners that see it
 * @claim:	enum dbgport_claim, its own
 * @tee:	mask of the slots whose port has DBGPORT_PORT_TEE; with @follow, written by
 *		the backend
 * @claimed:	mask of the slots whose accesses are answered here: written under the
 *		registry's lock, none, or all but @tee, of unused ones too; or, with
 *		@follow, by the backend.  Read by vCPUs without a lock
 * @follow:	NULL, or called when it was decided anew whether accesses are to
 *		be claimed, for the backend to see to that and to @claimed.  Set
 *		before publishing; called under the registry's lock, not after
 *		dbgport_registry_end()
 * @backend:	@follow's
 * @owner:	whose it is to see; INVALID_UID if no single user's
 * @uid:	the VMM's effective uid
 * @pid:	the VMM's process
 * @comm:	its name
 * @name:	the VM's; NULL, or set once, under the registry's lock
 * @late:	it was running when it was attached
 * @restored:	it goes on from a snapshot, as somebody says; set under the registry's lock,
 *		read without it
 * @detached:	it was let go before it ended; set before its ring ends
 * @named:	the log says that an unload waits for it; the backend's
 * @started_ns:	when the VMM's process began
 * @created_ns:	when KVM made the VM; 0: not known
 * @zero_ns:	when its first vCPU was made or, if @late, when it was attached
 * @attach_ns:	when its ports were attached
 * @ports:	which ports it has
 */
struct dbgport_vm {
	struct dbgport_ring ring;
	struct kref ref;
	struct list_head dead;
	u32 id;
	bool listed;
	bool ended;
	unsigned int claimers;
	u32 claim;
	u32 tee;
	u32 claimed;
	void (*follow)(struct dbgport_vm *vm, bool claim);
	void *backend;
	kuid_t owner;
	kuid_t uid;
	struct pid *pid;
	char comm[DBGPORT_COMM_LEN];
	char *name;
	bool late;
	bool restored;
	bool detached;
	bool named;
	u64 started_ns;
	u64 created_ns;
	u64 zero_ns;
	u64 attach_ns;
	struct dbgport_ports ports;
};

/**
 * struct dbgport_vm_config - what is the same for all VMs
 * @claim:	enum dbgport_claim; this and the next: written under the
 *		registry's lock
 * @unplugged:	nothing is claimed, and readers are to go
 * @load_id:	a random number; VMs' ids and numbers of writes mean something only
 *		together with it
 * @ring:	records in a ring; a power of two
 * @nports:	used entries of @ports
 * @ports:	I/O ports that a new VM gets
 * @port_flags:	of each, mask of DBGPORT_PORT_TEE and DBGPORT_PORT_UART
 *
 * From @load_id on, set once, at load.
 */
struct dbgport_vm_config {
	u32 claim;
	bool unplugged;
	u64 load_id;
	u32 ring;
	u32 nports;
	u16 ports[DBGPORT_MAX_PORTS];
	u16 port_flags[DBGPORT_MAX_PORTS];
};

extern struct dbgport_vm_config dbgport_vm_config;

int dbgport_vm_init(void);
void dbgport_vm_exit(void);

struct dbgport_vm *dbgport_vm_create(struct task_struct *vmm, bool late);
struct dbgport_vm *dbgport_vm_get(struct dbgport_vm *vm);
void dbgport_vm_put(struct dbgport_vm *vm);

void dbgport_vm_update_claim(struct dbgport_vm *vm);
void dbgport_vm_set_claimed(struct dbgport_vm *vm, u32 claimed);
void dbgport_vm_set_taken(struct dbgport_vm *vm, u8 port, bool taken);
bool dbgport_vm_read(struct dbgport_vm *vm, u8 port, u32 *value);
void dbgport_vm_name_left(struct dbgport_vm *vm);

/**
 * dbgport_vm_write() - a guest wrote to one of our ports
 * @vm:		the VM
 * @port:	slot of the port
 * @vcpu:	id of the vCPU, below 65536
 * @width:	in bytes: 1, 2 or 4
 * @data:	what was written
 *
 * Context: the vCPU's thread; the first call for a VM may sleep, unless its ring was
 * prepared.
 *
 * Return: whether the write is claimed; else the VMM must get it.
 */
static __always_inline bool dbgport_vm_write(struct dbgport_vm *vm, u8 port, u32 vcpu, int width,
					     const void *data)
{
	struct dbgport_ring *ring = &vm->ring;

	/* The same three times, each for a width that the compiler knows. */
	switch (width) {
	case 1:
		return dbgport_ring_write(ring, port, vcpu, 1, *(const u8 *)data);
	case 2:
		return dbgport_ring_write(ring, port, vcpu, 2, *(const u16 *)data);
	default:
		return dbgport_ring_write(ring, port, vcpu, 4, *(const u32 *)data);
	}
}

#endif /* _DBGPORT_VM_H */
