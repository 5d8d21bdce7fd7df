// SPDX-License-Identifier: GPL-2.0
/*
 * registry.c - the VMs that there are, for their listeners
 *
 * It has every VM that lives, and those that have ended until dead.c's bounds drop
 * them: that somebody has read a VM takes it from nobody.
 */
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>

#include "dead.h"
#include "listener.h"
#include "registry.h"
#include "vm.h"

/*
 * Guards everything below, and what listener.c and dead.c have.  Taken in process context;
 * inside of it only a ring's lock and what a listener's wake() takes.  Nobody sleeps under it.
 */
static DEFINE_SPINLOCK(registry_lock);
static DEFINE_XARRAY(registry_vms);	/* by id */
static u32 registry_last_id;
static u32 registry_living;

static void registry_update_claims(void)
{
	struct dbgport_vm *vm;
	unsigned long id;

	xa_for_each(&registry_vms, id, vm)
		dbgport_vm_update_claim(vm);
}

/*
 * Take a VM that has ended from the registry.  Its readers may still have it;
 * registry_drop() does the rest, when the lock is not held any more.
 */
static void registry_unlist(struct dbgport_vm *vm, struct list_head *unlisted)
{
	WRITE_ONCE(vm->listed, false);
	xa_erase(&registry_vms, vm->id);
	dbgport_dead_remove(vm);
	list_add_tail(&vm->dead, unlisted);
}

static void registry_drop(struct list_head *unlisted)
{
	struct dbgport_vm *vm, *tmp;

	list_for_each_entry_safe(vm, tmp, unlisted, dead) {
		dbgport_ring_drop(&vm->ring);
		dbgport_vm_put(vm);
	}
}

/*
 * Lock the registry when it has memory for a VM with the next id: ids become
 * known in ascending order, or listeners would come past one.
 */
static int registry_lock_for_next_id(void)
{
	unsigned long id;
	int ret;

	for (;;) {
		id = READ_ONCE(registry_last_id) + 1UL;
		if (id > U32_MAX)
			return -EOVERFLOW;
		ret = xa_reserve(&registry_vms, id, GFP_KERNEL);
		if (ret)
			return ret;
		spin_lock(&registry_lock);
		if (id == registry_last_id + 1UL)
			return 0;
		/* Another VM has got it meanwhile. */
		spin_unlock(&registry_lock);
		xa_release(&registry_vms, id);
	}
}

/**
 * dbgport_registry_publish() - make a VM known to its listeners
 * @vm:		the VM; the registry takes a reference until it has ended and
 *		is dropped
 *
 * May sleep.
 *
 * Return: 0; -ENOMEM; -EOVERFLOW when all ids have been used.
 */
int dbgport_registry_publish(struct dbgport_vm *vm)
{
	int ret = registry_lock_for_next_id();

	if (ret)
		return ret;
	vm->id = ++registry_last_id;
	vm->attach_ns = ktime_get_ns();
	vm->listed = true;
	xa_store(&registry_vms, vm->id, dbgport_vm_get(vm), GFP_NOWAIT);
	registry_living++;
	dbgport_listeners_new_vm(vm);
	dbgport_vm_update_claim(vm);
	spin_unlock(&registry_lock);
	return 0;
}

/**
 * dbgport_registry_end() - a VM is no more
 * @vm:		a VM, published or not, whose ports are written no more
 *
 * Context: may sleep; slots_lock of the VM may be held.
 */
void dbgport_registry_end(struct dbgport_vm *vm)
{
	struct dbgport_vm *surplus;
	LIST_HEAD(unlisted);

	spin_lock(&registry_lock);
	if (vm->listed) {
		vm->ended = true;
		registry_living--;
		dbgport_dead_add(vm);
		dbgport_ring_end(&vm->ring);
		while ((surplus = dbgport_dead_surplus(vm))) {
			registry_unlist(surplus, &unlisted);
			dbgport_listeners_dropped_vm(surplus);
		}
	}
	spin_unlock(&registry_lock);

	registry_drop(&unlisted);
}

/**
 * dbgport_registry_listen() - a listener comes
 * @listener:	with uid, all and wake set, the rest 0
 *
 * All VMs that there are and that it may see are new to it.
 *
 * Return: 0, or -EMFILE if its user has as many as one may have.
 */
int dbgport_registry_listen(struct dbgport_listener *listener)
{
	struct dbgport_vm *vm;
	unsigned long id;
	int ret;

	spin_lock(&registry_lock);
	ret = dbgport_listener_add(listener);
	if (ret)
		goto unlock;
	xa_for_each(&registry_vms, id, vm)
		dbgport_listener_meet(listener, vm);
unlock:
	spin_unlock(&registry_lock);
	return ret;
}

static void registry_set_claims(struct dbgport_listener *listener, bool claims)
{
	struct dbgport_vm *vm;
	unsigned long id;

	if (listener->claims == claims)
		return;
	listener->claims = claims;
	xa_for_each(&registry_vms, id, vm) {
		if (!dbgport_listener_sees(listener, vm))
			continue;
		vm->claimers += claims ? 1 : -1;
		dbgport_vm_update_claim(vm);
	}
}

/**
 * dbgport_registry_claim() - a listener claims what it sees, from now on
 * @listener:	the listener
 */
void dbgport_registry_claim(struct dbgport_listener *listener)
{
	spin_lock(&registry_lock);
	registry_set_claims(listener, true);
	spin_unlock(&registry_lock);
}

/**
 * dbgport_registry_next() - the next VM that is new to a listener
 * @listener:	the listener
 * @lost:	all 0, or from the last call: VMs that were dropped before they
 *		were seen are added to it, and its type is set
 *
 * Return: a VM with a reference; NULL if there is no new one.
 */
struct dbgport_vm *dbgport_registry_next(struct dbgport_listener *listener,
					 struct dbgport_record *lost)
{
	struct dbgport_vm *vm;
	unsigned long id;

	spin_lock(&registry_lock);
	dbgport_listener_take_missed(listener, lost);
	xa_for_each_start(&registry_vms, id, vm, listener->seen + 1UL)
		if (dbgport_listener_sees(listener, vm))
			break;
	if (vm) {
		dbgport_vm_get(vm);
		listener->seen = vm->id;
	} else {
		listener->seen = registry_last_id;
		WRITE_ONCE(listener->news, false);
	}
	spin_unlock(&registry_lock);
	return vm;
}

/**
 * dbgport_registry_take_dropped() - whether VMs that a listener was given were dropped
 * @listener:	the listener
 *
 * Return: whether there were some since the last call; dbgport_vm.listed tells
 * which.
 */
bool dbgport_registry_take_dropped(struct dbgport_listener *listener)
{
	bool dropped;

	if (!READ_ONCE(listener->dropped))
		return false;
	spin_lock(&registry_lock);
	dropped = listener->dropped;
	WRITE_ONCE(listener->dropped, false);
	spin_unlock(&registry_lock);
	return dropped;
}

/**
 * dbgport_registry_leave() - a listener goes
 * @listener:	the listener, whose wake() is not called after this
 */
void dbgport_registry_leave(struct dbgport_listener *listener)
{
	spin_lock(&registry_lock);
	registry_set_claims(listener, false);
	dbgport_listener_remove(listener);
	spin_unlock(&registry_lock);
}

/**
 * dbgport_registry_find() - a VM by its id
 * @listener:	on whose behalf
 * @id:		the id
 *
 * Return: the VM with a reference; -ENOENT if there is none, -EPERM if the
 * listener may not see it.
 */
struct dbgport_vm *dbgport_registry_find(const struct dbgport_listener *listener, u32 id)
{
	struct dbgport_vm *vm;

	spin_lock(&registry_lock);
	vm = xa_load(&registry_vms, id);
	if (!vm)
		vm = ERR_PTR(-ENOENT);
	else if (!dbgport_listener_sees(listener, vm))
		vm = ERR_PTR(-EPERM);
	else
		dbgport_vm_get(vm);
	spin_unlock(&registry_lock);
	return vm;
}

/**
 * dbgport_registry_after() - the next id that is in use
 * @listener:	on whose behalf
 * @id:		any number
 *
 * Return: the lowest id above @id of a VM that the listener may see; 0 if none.
 */
u32 dbgport_registry_after(const struct dbgport_listener *listener, u32 id)
{
	struct dbgport_vm *vm;
	unsigned long after;

	spin_lock(&registry_lock);
	xa_for_each_start(&registry_vms, after, vm, id + 1UL)
		if (dbgport_listener_sees(listener, vm))
			break;
	spin_unlock(&registry_lock);
	return vm ? after : 0;
}

/**
 * dbgport_registry_count() - how many VMs are attached
 *
 * Return: those that have not ended.
 */
u32 dbgport_registry_count(void)
{
	return READ_ONCE(registry_living);
}

/**
 * dbgport_registry_set_vm_claim() - decide what is claimed, for one VM
 * @vm:		the VM, published
 * @what:	its claim or its tee
 * @value:	of that, from now on
 *
 * Return: 0; -ENOENT if it has ended.
 */
int dbgport_registry_set_vm_claim(struct dbgport_vm *vm, u32 *what, u32 value)
{
	int ret = -ENOENT;

	spin_lock(&registry_lock);
	if (!vm->ended) {
		WRITE_ONCE(*what, value);
		dbgport_vm_update_claim(vm);
		ret = 0;
	}
	spin_unlock(&registry_lock);
	return ret;
}

/**
 * dbgport_registry_set_vm_name() - give a VM a name, for good
 * @vm:		the VM, published
 * @name:	DBGPORT_NAME_LEN bytes, the VM's if that succeeds, to be freed with it
 *
 * Return: 0; -EEXIST if it has one; -ENOENT if it has ended.
 */
int dbgport_registry_set_vm_name(struct dbgport_vm *vm, char *name)
{
	int ret;

	spin_lock(&registry_lock);
	ret = vm->name ? -EEXIST : vm->ended ? -ENOENT : 0;
	if (!ret)
		/* Readers take no lock: what it says is there first. */
		smp_store_release(&vm->name, name);
	spin_unlock(&registry_lock);
	return ret;
}

/**
 * dbgport_registry_set_vm_restored() - know that a VM goes on from a snapshot
 * @vm:		the VM, published
 *
 * Return: 0; -ENOENT if it has ended.
 */
int dbgport_registry_set_vm_restored(struct dbgport_vm *vm)
{
	int ret;

	spin_lock(&registry_lock);
	ret = vm->ended ? -ENOENT : 0;
	if (!ret)
		WRITE_ONCE(vm->restored, true);
	spin_unlock(&registry_lock);
	return ret;
}

/**
 * dbgport_registry_set_claim() - decide what is claimed of VMs without a mode of their own
 * @claim:	enum dbgport_claim, not DBGPORT_CLAIM_HOST
 */
void dbgport_registry_set_claim(u32 claim)
{
	spin_lock(&registry_lock);
	WRITE_ONCE(dbgport_vm_config.claim, claim);
	registry_update_claims();
	spin_unlock(&registry_lock);
}

/**
 * dbgport_registry_unplug() - let all listeners go, or welcome them again
 * @unplug:	true: nothing is claimed any more, and all listeners are woken
 */
void dbgport_registry_unplug(bool unplug)
{
	spin_lock(&registry_lock);
	WRITE_ONCE(dbgport_vm_config.unplugged, unplug);
	registry_update_claims();
	dbgport_listeners_wake();
	spin_unlock(&registry_lock);
}

/**
 * dbgport_registry_unplugged() - whether listeners are to go
 *
 * Return: whether they are.
 */
bool dbgport_registry_unplugged(void)
{
	return READ_ONCE(dbgport_vm_config.unplugged);
}

/**
 * dbgport_registry_exit() - forget the VMs that ended
 *
 * There is no listener and no living VM any more.  May sleep.
 */
void dbgport_registry_exit(void)
{
	struct dbgport_vm *vm;
	LIST_HEAD(unlisted);

	spin_lock(&registry_lock);
	while ((vm = dbgport_dead_oldest()))
		registry_unlist(vm, &unlisted);
	spin_unlock(&registry_lock);

	registry_drop(&unlisted);
	xa_destroy(&registry_vms);
}
