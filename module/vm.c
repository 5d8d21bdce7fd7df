// SPDX-License-Identifier: GPL-2.0
/*
 * vm.c - attached VMs, and who listens to them
 *
 * The registry has every VM that lives, and those that ended but were not yet
 * read to the end by all who may.  The latter are bounded in number and bytes:
 * a guest that comes and goes cannot fill the host.
 */
#include <linux/cred.h>
#include <linux/ktime.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "vm.h"

/* Kept VMs that have ended: the oldest are dropped beyond either bound. */
#define DEAD_VMS	256
#define DEAD_BYTES	(32UL << 20)

struct dbgport_vm_config dbgport_vm_config;

/*
 * Guards everything below.  Taken in process context; inside of it only a
 * ring's lock and what a listener's wake() takes.  Nobody sleeps under it.
 */
static DEFINE_SPINLOCK(registry_lock);
static LIST_HEAD(vms);			/* by id, ascending */
static LIST_HEAD(dead_vms);		/* by age, oldest first */
static LIST_HEAD(listeners);
static u32 last_id;
static u32 living;
static u32 dead;
static size_t dead_bytes;
static bool unplugged;

/**
 * dbgport_vm_create() - describe a VM, whose zero is now
 * @vmm:	a thread of its VMM
 * @late:	it is not new
 *
 * May sleep.  Return: the VM with one reference; NULL without memory.
 */
struct dbgport_vm *dbgport_vm_create(struct task_struct *vmm, bool late)
{
	const struct dbgport_vm_config *config = &dbgport_vm_config;
	const struct cred *cred;
	struct dbgport_vm *vm;

	vm = kzalloc(sizeof(*vm), GFP_KERNEL_ACCOUNT);
	if (!vm)
		return NULL;

	kref_init(&vm->ref);
	vm->zero_ns = ktime_get_ns();
	vm->late = late;
	vm->claim = DBGPORT_CLAIM_HOST;
	vm->pid = get_task_pid(vmm, PIDTYPE_TGID);
	get_task_comm(vm->comm, vmm->group_leader);

	/* As for ptrace: who could not trace the VMM must not read its guest. */
	cred = get_task_cred(vmm);
	vm->uid = cred->euid;
	vm->owner = uid_eq(cred->uid, cred->euid) && uid_eq(cred->suid, cred->euid) ?
		cred->euid : INVALID_UID;
	put_cred(cred);

	dbgport_ports_init(&vm->ports, config->ports, config->nports);
	dbgport_ring_init(&vm->ring, config->ring, vm->ports.slots);
	return vm;
}

static void vm_release(struct kref *ref)
{
	struct dbgport_vm *vm = container_of(ref, struct dbgport_vm, ref);

	dbgport_ring_drop(&vm->ring);
	put_pid(vm->pid);
	kfree(vm);
}

/** dbgport_vm_get() - take a reference; any context.  Return: @vm */
struct dbgport_vm *dbgport_vm_get(struct dbgport_vm *vm)
{
	kref_get(&vm->ref);
	return vm;
}

/** dbgport_vm_put() - give back a reference; may sleep */
void dbgport_vm_put(struct dbgport_vm *vm)
{
	kref_put(&vm->ref, vm_release);
}

/**
 * dbgport_listener_sees() - whether a listener may see a VM
 * @listener:	the listener
 * @vm:		the VM, published or not
 *
 * Any context.
 */
bool dbgport_listener_sees(const struct dbgport_listener *listener,
			   const struct dbgport_vm *vm)
{
	return listener->all || uid_eq(listener->uid, vm->owner);
}

static bool is_claimed(const struct dbgport_vm *vm)
{
	u32 claim = vm->claim == DBGPORT_CLAIM_HOST ? dbgport_vm_config.claim : vm->claim;

	if (unplugged)
		return false;

	switch (claim) {
	case DBGPORT_CLAIM_ALWAYS:
		return true;
	case DBGPORT_CLAIM_LISTENING:
		return vm->claimers > 0;
	default:
		return false;
	}
}

/* Something that decides on it has changed. */
static void update_claim(struct dbgport_vm *vm)
{
	if (!vm->follow)
		WRITE_ONCE(vm->claimed, is_claimed(vm));
	else if (!vm->ended)
		vm->follow(vm, is_claimed(vm));
}

static void tell(struct dbgport_listener *listener)
{
	WRITE_ONCE(listener->news, true);
	listener->wake(listener);
}

/*
 * Take a VM that has ended from the registry.  Its readers' views keep it;
 * the caller drops its ring and puts the registry's reference, unlocked.
 */
static void unlist(struct dbgport_vm *vm, struct list_head *unlisted)
{
	vm->listed = false;
	list_del(&vm->node);
	list_move_tail(&vm->dead, unlisted);
	dead--;
	dead_bytes -= dbgport_ring_bytes(&vm->ring);
}

static void drop(struct list_head *unlisted)
{
	struct dbgport_vm *vm, *tmp;

	list_for_each_entry_safe(vm, tmp, unlisted, dead) {
		dbgport_ring_drop(&vm->ring);
		dbgport_vm_put(vm);
	}
}

/**
 * dbgport_vm_publish() - make a VM known to those who may see it
 * @vm:		the VM; the registry takes a reference until it has ended and
 *		was read or dropped
 *
 * Any process context.  Return: 0, or -EOVERFLOW when all ids have been used.
 */
int dbgport_vm_publish(struct dbgport_vm *vm)
{
	struct dbgport_listener *listener;

	spin_lock(&registry_lock);
	if (last_id == U32_MAX) {
		spin_unlock(&registry_lock);
		return -EOVERFLOW;
	}
	vm->id = ++last_id;
	vm->attach_ns = ktime_get_ns();
	vm->listed = true;
	list_add_tail(&dbgport_vm_get(vm)->node, &vms);
	living++;
	list_for_each_entry(listener, &listeners, node) {
		if (!dbgport_listener_sees(listener, vm))
			continue;
		vm->pending++;
		vm->claimers += listener->claims;
		tell(listener);
	}
	update_claim(vm);
	spin_unlock(&registry_lock);
	return 0;
}

/* Too many dead: the oldest goes, and who has not seen it is told so. */
static void drop_oldest(struct list_head *unlisted)
{
	struct dbgport_vm *vm = list_first_entry(&dead_vms, struct dbgport_vm, dead);
	struct dbgport_listener *listener;

	unlist(vm, unlisted);
	list_for_each_entry(listener, &listeners, node) {
		if (!dbgport_listener_sees(listener, vm) || listener->seen >= vm->id)
			continue;
		listener->dropped_vms++;
		listener->dropped_writes += vm->ring.head;
		tell(listener);
	}
}

/**
 * dbgport_vm_end() - a VM is no more
 * @vm:		a VM, published or not, whose ports are written no more
 *
 * Context: may sleep; slots_lock of the VM may be held.
 */
void dbgport_vm_end(struct dbgport_vm *vm)
{
	LIST_HEAD(unlisted);

	spin_lock(&registry_lock);
	if (vm->listed) {
		vm->ended = true;
		living--;
		dead++;
		dead_bytes += dbgport_ring_bytes(&vm->ring);
		list_add_tail(&vm->dead, &dead_vms);
		dbgport_ring_end(&vm->ring);
		while (dead > DEAD_VMS || dead_bytes > DEAD_BYTES)
			drop_oldest(&unlisted);
	}
	spin_unlock(&registry_lock);

	drop(&unlisted);
}

/**
 * dbgport_vm_set_taken() - tell whether something else in the kernel has a port
 * @vm:		the VM, published
 * @port:	index of the port
 * @taken:	see DBGPORT_PORT_TAKEN
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
 * @port:	index of the port
 * @value:	set to what it gets, of which it takes as many low bytes as it
 *		asked for.  The POST port gives back the last value written.
 *		All others give 0xe9, by which firmware finds a debug console
 *		(QEMU's isa-debugcon); above it are ones, as on an open bus
 *
 * Context: the vCPU's thread.  Return: false if the VMM must answer.
 */
bool dbgport_vm_read(struct dbgport_vm *vm, u8 port, u32 *value)
{
	u32 last;

	if (!READ_ONCE(vm->claimed))
		return false;

	last = dbgport_ring_read(&vm->ring, port);
	*value = vm->ports.slots[port].port == DBGPORT_POST_PORT ? last : 0xffffffe9;
	return true;
}

/**
 * dbgport_listener_add() - somebody listens
 * @listener:	with uid, all and wake set, the rest 0
 */
void dbgport_listener_add(struct dbgport_listener *listener)
{
	struct dbgport_vm *vm;

	spin_lock(&registry_lock);
	list_add_tail(&listener->node, &listeners);
	list_for_each_entry(vm, &vms, node)
		vm->pending += dbgport_listener_sees(listener, vm);
	listener->news = !list_empty(&vms);
	spin_unlock(&registry_lock);
}

/**
 * dbgport_listener_claim() - claim what a listener sees, or stop that
 * @listener:	the listener
 * @claims:	whether it claims from now on
 */
void dbgport_listener_claim(struct dbgport_listener *listener, bool claims)
{
	struct dbgport_vm *vm;

	spin_lock(&registry_lock);
	if (listener->claims != claims) {
		listener->claims = claims;
		list_for_each_entry(vm, &vms, node) {
			if (!dbgport_listener_sees(listener, vm))
				continue;
			vm->claimers += claims ? 1 : -1;
			update_claim(vm);
		}
	}
	spin_unlock(&registry_lock);
}

/* One listener less to wait for. */
static void done(struct dbgport_vm *vm, struct list_head *unlisted)
{
	vm->pending--;
	if (vm->listed && vm->ended && vm->heard && !vm->pending)
		unlist(vm, unlisted);
}

/**
 * dbgport_listener_done() - a listener is done with a VM
 * @listener:	the listener
 * @vm:		what dbgport_listener_next() gave; its reference is put
 * @heard:	whether it was read to the end
 *
 * May sleep.
 */
void dbgport_listener_done(struct dbgport_listener *listener,
			   struct dbgport_vm *vm, bool heard)
{
	LIST_HEAD(unlisted);

	spin_lock(&registry_lock);
	vm->heard |= heard;
	done(vm, &unlisted);
	spin_unlock(&registry_lock);

	drop(&unlisted);
	dbgport_vm_put(vm);
}

/**
 * dbgport_listener_remove() - somebody listens no more
 * @listener:	the listener, done with all that it was given
 *
 * May sleep.  ->wake() is not called any more.
 */
void dbgport_listener_remove(struct dbgport_listener *listener)
{
	struct dbgport_vm *vm, *tmp;
	LIST_HEAD(unlisted);

	dbgport_listener_claim(listener, false);

	spin_lock(&registry_lock);
	list_del(&listener->node);
	list_for_each_entry_safe(vm, tmp, &vms, node)
		if (vm->id > listener->seen && dbgport_listener_sees(listener, vm))
			done(vm, &unlisted);
	spin_unlock(&registry_lock);

	drop(&unlisted);
}

/**
 * dbgport_listener_next() - the next VM that is new to a listener
 * @listener:	the listener
 * @lost:	all 0, or from the last call: VMs that were dropped before they
 *		were seen are added to it, and its type is set
 *
 * Return: a VM, for dbgport_listener_done(); NULL if there is no new one.
 */
struct dbgport_vm *dbgport_listener_next(struct dbgport_listener *listener,
					 struct dbgport_record *lost)
{
	struct dbgport_vm *vm, *next = NULL;

	spin_lock(&registry_lock);
	if (listener->dropped_vms) {
		lost->type = DBGPORT_LOST;
		lost->seq += listener->dropped_vms;
		lost->count += listener->dropped_writes;
		listener->dropped_vms = 0;
		listener->dropped_writes = 0;
	}

	/* New ones are at the end. */
	list_for_each_entry_reverse(vm, &vms, node) {
		if (vm->id <= listener->seen)
			break;
		if (dbgport_listener_sees(listener, vm))
			next = vm;
	}
	if (next) {
		dbgport_vm_get(next);
		listener->seen = next->id;
	} else {
		listener->seen = last_id;
		WRITE_ONCE(listener->news, false);
	}
	spin_unlock(&registry_lock);
	return next;
}

/**
 * dbgport_vm_find() - a VM by its id
 * @listener:	on whose behalf
 * @id:		the id
 *
 * Return: the VM with a reference; -ENOENT if there is none, -EPERM if the
 * listener may not see it.
 */
struct dbgport_vm *dbgport_vm_find(const struct dbgport_listener *listener, u32 id)
{
	struct dbgport_vm *vm, *found = ERR_PTR(-ENOENT);

	spin_lock(&registry_lock);
	list_for_each_entry(vm, &vms, node) {
		if (vm->id == id) {
			found = dbgport_listener_sees(listener, vm) ?
				dbgport_vm_get(vm) : ERR_PTR(-EPERM);
			break;
		}
	}
	spin_unlock(&registry_lock);
	return found;
}

/**
 * dbgport_vm_after() - the next id that is in use
 * @listener:	on whose behalf
 * @id:		any number
 *
 * Return: the lowest id above @id of a VM that the listener may see; 0 if none.
 */
u32 dbgport_vm_after(const struct dbgport_listener *listener, u32 id)
{
	struct dbgport_vm *vm;
	u32 after = 0;

	spin_lock(&registry_lock);
	list_for_each_entry(vm, &vms, node) {
		if (vm->id > id && dbgport_listener_sees(listener, vm)) {
			after = vm->id;
			break;
		}
	}
	spin_unlock(&registry_lock);
	return after;
}

/** dbgport_vm_count() - Return: how many VMs are attached and have not ended */
u32 dbgport_vm_count(void)
{
	return READ_ONCE(living);
}

/**
 * dbgport_vm_set_claim() - decide what is claimed, for one VM
 * @vm:		the VM, published
 * @claim:	enum dbgport_claim
 *
 * Return: 0; -ENOENT if it has ended.
 */
int dbgport_vm_set_claim(struct dbgport_vm *vm, u32 claim)
{
	int ret = -ENOENT;

	spin_lock(&registry_lock);
	if (!vm->ended) {
		WRITE_ONCE(vm->claim, claim);
		update_claim(vm);
		ret = 0;
	}
	spin_unlock(&registry_lock);
	return ret;
}

/**
 * dbgport_vms_set_claim() - decide what is claimed of VMs without a mode of their own
 * @claim:	enum dbgport_claim, not DBGPORT_CLAIM_HOST
 */
void dbgport_vms_set_claim(u32 claim)
{
	struct dbgport_vm *vm;

	spin_lock(&registry_lock);
	WRITE_ONCE(dbgport_vm_config.claim, claim);
	list_for_each_entry(vm, &vms, node)
		update_claim(vm);
	spin_unlock(&registry_lock);
}

/**
 * dbgport_vms_unplug() - let all listeners go, or welcome them again
 * @unplug:	true: nothing is claimed any more, and all listeners are woken
 */
void dbgport_vms_unplug(bool unplug)
{
	struct dbgport_listener *listener;
	struct dbgport_vm *vm;

	spin_lock(&registry_lock);
	WRITE_ONCE(unplugged, unplug);
	list_for_each_entry(vm, &vms, node)
		update_claim(vm);
	list_for_each_entry(listener, &listeners, node)
		listener->wake(listener);
	spin_unlock(&registry_lock);
}

/** dbgport_vms_unplugged() - Return: whether listeners are to go */
bool dbgport_vms_unplugged(void)
{
	return READ_ONCE(unplugged);
}

/**
 * dbgport_vms_exit() - forget the VMs that ended
 *
 * There is no listener and no living VM any more.  May sleep.
 */
void dbgport_vms_exit(void)
{
	LIST_HEAD(unlisted);

	spin_lock(&registry_lock);
	while (!list_empty(&dead_vms))
		unlist(list_first_entry(&dead_vms, struct dbgport_vm, dead), &unlisted);
	spin_unlock(&registry_lock);

	drop(&unlisted);
}
