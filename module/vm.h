/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vm.h - attached VMs, and who listens to them
 */
#ifndef _DBGPORT_VM_H
#define _DBGPORT_VM_H

#include <linux/kref.h>
#include <linux/uidgid.h>

#include "ports.h"
#include "ring.h"

struct pid;
struct task_struct;

/**
 * struct dbgport_vm - one attached VM
 * @ref:	the backend's while the VM lives, the registry's, each view's
 * @node:	in the registry, by id
 * @dead:	in the registry's list of VMs that ended, by age
 * @id:		from 1, given on publishing, never used twice
 * @listed:	in the registry; this and the next five: guarded by its lock
 * @ended:	the VM is no more
 * @heard:	some reader has read it to its end
 * @claimers:	claiming listeners that see it
 * @pending:	listeners that see it and have not read it to its end
 * @claim:	enum dbgport_claim, its own
 * @claimed:	accesses are answered here; written under the registry's lock or,
 *		with @follow, by the backend, read by vCPUs without
 * @follow:	NULL, or called when it was decided anew whether accesses are to
 *		be claimed, for the backend to see to that and to @claimed.  Set
 *		before publishing; called under the registry's lock, not after
 *		dbgport_vm_end()
 * @backend:	@follow's
 * @owner:	whose it is to see; INVALID_UID if nobody's in particular
 * @uid:	the VMM's effective uid
 * @pid:	the VMM's process
 * @comm:	its name
 * @late:	it was running when it was attached
 * @detached:	it was let go before it ended; set before its ring ends
 * @zero_ns:	when its first vCPU was made or, if @late, when it was attached
 * @attach_ns:	when its ports were attached
 * @ports:	which ports it has
 * @ring:	what it wrote
 */
struct dbgport_vm {
	struct kref ref;
	struct list_head node;
	struct list_head dead;
	u32 id;
	bool listed;
	bool ended;
	bool heard;
	unsigned int claimers;
	unsigned int pending;
	u32 claim;
	bool claimed;
	void (*follow)(struct dbgport_vm *vm, bool claim);
	void *backend;
	kuid_t owner;
	kuid_t uid;
	struct pid *pid;
	char comm[DBGPORT_COMM_LEN];
	bool late;
	bool detached;
	u64 zero_ns;
	u64 attach_ns;
	struct dbgport_ports ports;
	struct dbgport_ring ring;
};

/**
 * struct dbgport_listener - a reader, as far as VMs are concerned
 * @node:	in the registry
 * @uid:	sees the VMs of this user
 * @all:	sees all VMs
 * @claims:	claims what it sees
 * @wake:	called under the registry's lock when @news was set
 * @seen:	highest id that dbgport_listener_next() has come past
 * @news:	there is something for dbgport_listener_next() or in @dropped_*
 * @dropped_vms: VMs above @seen that the registry dropped
 * @dropped_writes: what those had written
 *
 * From @seen on guarded by the registry's lock; @news may be looked at without.
 */
struct dbgport_listener {
	struct list_head node;
	kuid_t uid;
	bool all;
	bool claims;
	void (*wake)(struct dbgport_listener *listener);
	u32 seen;
	bool news;
	u64 dropped_vms;
	u64 dropped_writes;
};

/**
 * struct dbgport_vm_config - what new VMs get; but for @claim, set once, at load
 * @claim:	enum dbgport_claim, of all VMs; see dbgport_vms_set_claim()
 * @ring:	records in a ring; a power of two
 * @nports:	used entries of @ports
 * @ports:	I/O ports
 */
struct dbgport_vm_config {
	u32 claim;
	u32 ring;
	u32 nports;
	u16 ports[DBGPORT_MAX_PORTS];
};

extern struct dbgport_vm_config dbgport_vm_config;

struct dbgport_vm *dbgport_vm_create(struct task_struct *vmm, bool late);
int dbgport_vm_publish(struct dbgport_vm *vm);
void dbgport_vm_end(struct dbgport_vm *vm);
struct dbgport_vm *dbgport_vm_get(struct dbgport_vm *vm);
void dbgport_vm_put(struct dbgport_vm *vm);

void dbgport_vm_set_taken(struct dbgport_vm *vm, u8 port, bool taken);
bool dbgport_vm_read(struct dbgport_vm *vm, u8 port, u32 *value);

bool dbgport_listener_sees(const struct dbgport_listener *listener,
			   const struct dbgport_vm *vm);
void dbgport_listener_add(struct dbgport_listener *listener);
void dbgport_listener_remove(struct dbgport_listener *listener);
void dbgport_listener_claim(struct dbgport_listener *listener, bool claims);
struct dbgport_vm *dbgport_listener_next(struct dbgport_listener *listener,
					 struct dbgport_record *lost);
void dbgport_listener_done(struct dbgport_listener *listener,
			   struct dbgport_vm *vm, bool heard);

int dbgport_vm_set_claim(struct dbgport_vm *vm, u32 claim);

struct dbgport_vm *dbgport_vm_find(const struct dbgport_listener *listener, u32 id);
u32 dbgport_vm_after(const struct dbgport_listener *listener, u32 id);
u32 dbgport_vm_count(void);
void dbgport_vms_set_claim(u32 claim);
void dbgport_vms_unplug(bool unplug);
bool dbgport_vms_unplugged(void);
void dbgport_vms_exit(void);

/**
 * dbgport_vm_write() - a guest wrote to one of our ports
 * @vm:		the VM
 * @port:	index of the port
 * @vcpu:	id of the vCPU
 * @width:	in bytes: 1, 2 or 4
 * @value:	what was written
 *
 * Context: the vCPU's thread; the first call for a VM may sleep.
 * Return: whether the write is claimed; else the VMM must get it.
 */
static inline bool dbgport_vm_write(struct dbgport_vm *vm, u8 port, u16 vcpu, u8 width,
				    u32 value)
{
	bool claimed = READ_ONCE(vm->claimed);

	dbgport_ring_write(&vm->ring, port, vcpu, width, value, claimed);
	return claimed;
}

#endif /* _DBGPORT_VM_H */
