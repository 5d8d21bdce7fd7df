// SPDX-License-Identifier: GPL-2.0
/* vm.c - one VM: who runs it, what it writes, what its reads get */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "vm.h"

struct dbgport_vm_config dbgport_vm_config;

/* Of the general ones, the next that fits is nearly twice as large. */
static struct kmem_cache *vm_cache;

/**
 * dbgport_vm_init() - be able to have VMs
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int dbgport_vm_init(void)
{
	vm_cache = KMEM_CACHE(dbgport_vm, SLAB_ACCOUNT);
	return vm_cache ? 0 : -ENOMEM;
}

/** dbgport_vm_exit() - the opposite, when none is left; may sleep */
void dbgport_vm_exit(void)
{
	kmem_cache_destroy(vm_cache);
}

/**
 * dbgport_vm_create() - describe a VM, whose zero is now
 * @vmm:	a thread of its VMM
 * @late:	it is not new
 *
 * May sleep.
 *
 * Return: the VM with one reference; NULL without memory.
 */
struct dbgport_vm *dbgport_vm_create(struct task_struct *vmm, bool late)
{
	const struct dbgport_vm_config *config = &dbgport_vm_config;
	const struct cred *cred;
	struct dbgport_vm *vm;

	vm = kmem_cache_zalloc(vm_cache, GFP_KERNEL);
	if (!vm)
		return NULL;

	kref_init(&vm->ref);
	vm->zero_ns = ktime_get_ns();
	vm->late = late;
	vm->claim = DBGPORT_CLAIM_HOST;
	vm->pid = get_task_pid(vmm, PIDTYPE_TGID);
	rcu_read_lock();
	get_task_comm(vm->comm, vmm->group_leader);
	vm->started_ns = vmm->group_leader->start_time;
	rcu_read_unlock();

	/* A VMM that has got other rights by set-uid is no single user's. */
	cred = get_task_cred(vmm);
	vm->uid = cred->euid;
	vm->owner = uid_eq(cred->uid, cred->euid) && uid_eq(cred->suid, cred->euid) ?
		cred->euid : INVALID_UID;
	put_cred(cred);

	dbgport_ports_init(&vm->ports, config->ports, config->port_flags, config->nports);
	vm->tee = dbgport_ports_flagged(&vm->ports, config->ports, config->port_flags,
					config->nports, DBGPORT_PORT_TEE);
	dbgport_ring_init(&vm->ring, config->ring, vm->ports.slots);
	dbgport_vm_set_claimed(vm, 0);
	return vm;
}

static void vm_release(struct kref *ref)
{
	struct dbgport_vm *vm = container_of(ref, struct dbgport_vm, ref);

	dbgport_ring_drop(&vm->ring);
	put_pid(vm->pid);
	kfree(vm->name);
	kmem_cache_free(vm_cache, vm);
}

/**
 * dbgport_vm_get() - take a reference
 * @vm:		the VM
 *
 * Any context.
 *
 * Return: @vm.
 */
struct dbgport_vm *dbgport_vm_get(struct dbgport_vm *vm)
{
	kref_get(&vm->ref);
	return vm;
}

/**
 * dbgport_vm_put() - give back a reference
 * @vm:		the VM
 *
 * May sleep.
 */
void dbgport_vm_put(struct dbgport_vm *vm)
{
	kref_put(&vm->ref, vm_release);
}

static bool vm_is_to_be_claimed(const struct dbgport_vm *vm)
{
	const struct dbgport_vm_config *config = &dbgport_vm_config;

	if (config->unplugged)
		return false;

	switch (vm->claim == DBGPORT_CLAIM_HOST ? config->claim : vm->claim) {
	case DBGPORT_CLAIM_ALWAYS:
		return true;
	case DBGPORT_CLAIM_LISTENING:
		return vm->claimers > 0;
	default:
		return false;
	}
}

/**
 * dbgport_vm_set_claimed() - say which ports' accesses are answered here from now on
 * @vm:		the VM
 * @claimed:	mask of their slots
 *
 * Written as struct dbgport_vm says of @claimed.
 */
void dbgport_vm_set_claimed(struct dbgport_vm *vm, u32 claimed)
{
	u32 slot;

	WRITE_ONCE(vm->claimed, claimed);
	for (slot = 0; slot < DBGPORT_MAX_PORTS; slot++)
		dbgport_port_set_claimed(&vm->ports.slots[slot], slot, claimed >> slot & 1);
}

/**
 * dbgport_vm_update_claim() - decide anew whether a VM's accesses are claimed
 * @vm:		the VM, published or being so
 *
 * With the registry's lock held, whenever something has changed that decides
 * on it.
 */
void dbgport_vm_update_claim(struct dbgport_vm *vm)
{
	if (!vm->follow)
		dbgport_vm_set_claimed(vm, vm_is_to_be_claimed(vm) ? ~vm->tee : 0);
	else if (!vm->ended)
		vm->follow(vm, vm_is_to_be_claimed(vm));
}

/**
 * dbgport_vm_set_taken() - tell whether something else in the kernel has a port
 * @vm:		the VM, published
 * @port:	slot of the port
 * @taken:	see DBGPORT_PORT_TAKEN
 *
 * Process context.
 */
void dbgport_vm_set_taken(struct dbgport_vm *vm, u8 port, bool taken)
{
	if (dbgport_ports_set_taken(&vm->ports, port, taken) && taken)
		pr_info_ratelimited("VM %u of %s[%d] has something else at port %#x: what that takes is not seen\n",
				    vm->id, vm->comm, pid_nr(vm->pid), vm->ports.slots[port].port);
}

/**
 * dbgport_vm_read() - a guest reads one of our ports
 * @vm:		the VM
 * @port:	slot of the port
 * @value:	set to what it gets, of which it takes as many low bytes as it
 *		asked for.  The POST port gives back the last value written.
 *		All others give 0xe9, by which firmware finds a debug console
 *		(QEMU's isa-debugcon); above it are ones, as on an open bus
 *
 * Context: the vCPU's thread.
 *
 * Return: false if the VMM must answer.
 */
bool dbgport_vm_read(struct dbgport_vm *vm, u8 port, u32 *value)
{
	u32 last;

	if (!(READ_ONCE(vm->claimed) >> port & 1)) {
		dbgport_ring_pass(&vm->ring, port);
		return false;
	}

	last = dbgport_ring_read(&vm->ring, port);
	*value = vm->ports.slots[port].port == DBGPORT_POST_PORT ? last : 0xffffffe9;
	return true;
}

/**
 * dbgport_vm_name_left() - say in the log that an unload waits for a VM
 * @vm:		the VM
 *
 * Once for each: whoever unloads cannot be told otherwise, nor give up.  One caller at
 * a time.  Any context.
 */
void dbgport_vm_name_left(struct dbgport_vm *vm)
{
	if (vm->named)
		return;
	vm->named = true;
	pr_warn("unloading waits for VM %u of %s[%d], user %u, which does not let go: kill that process\n",
		vm->id, vm->comm, pid_nr(vm->pid), from_kuid(&init_user_ns, vm->uid));
}
