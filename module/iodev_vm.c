// SPDX-License-Identifier: GPL-2.0
/* iodev_vm.c - the VMs that have devices of ours on their PIO bus */
#include <linux/bits.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "iodev_vm.h"
#include "registry.h"
#include "uart.h"
#include "vm.h"

/*
 * Guards the list and what struct iodev_vm says.  Destructors take it, with
 * slots_lock held or not: slots_lock must not be taken under it, and no sleep.
 */
static DEFINE_SPINLOCK(iodev_vm_lock);
static LIST_HEAD(iodev_vms);
static bool iodev_vm_closed;

/* Entries, also while they are freed, when they are in no list any more. */
static unsigned int iodev_vms_left;
static DECLARE_WAIT_QUEUE_HEAD(iodev_vm_none_left);

static DECLARE_WAIT_QUEUE_HEAD(iodev_vm_not_attaching);

/* What an unload may take before the log says whom it waits for. */
#define IODEV_VM_PATIENCE	(5 * HZ)

/**
 * iodev_vm_create() - an entry for a VM, without devices
 * @vm:		the VM; the entry takes a reference
 * @kvm:	see struct iodev_vm; the caller has a reference
 * @vendor:	likewise
 *
 * It is pinned, for iodev_vm_unpin(), once iodev_vm_add() has succeeded.  The
 * devices have still to be initialised.  May sleep.
 *
 * Return: the entry; NULL without memory.
 */
struct iodev_vm *iodev_vm_create(struct dbgport_vm *vm, struct kvm *kvm,
				 struct module *vendor)
{
	struct iodev_vm *iv = kzalloc(sizeof(*iv), GFP_KERNEL_ACCOUNT);
	unsigned int i;

	if (!iv)
		return NULL;
	iv->vm = dbgport_vm_get(vm);
	iv->kvm = kvm;
	iv->vendor = vendor;
	iv->attaching = true;
	for (i = 0; i < DBGPORT_MAX_PORTS; i++) {
		iv->devs[i].vm = vm;
		iv->devs[i].port = i;
	}
	return iv;
}

static void iodev_vm_free(struct iodev_vm *iv)
{
	kfree(iv->uarts);
	kfree(iv);
}

/**
 * iodev_vm_destroy() - free an entry that was not added
 * @iv:		the entry
 *
 * May sleep.
 */
void iodev_vm_destroy(struct iodev_vm *iv)
{
	dbgport_vm_put(iv->vm);
	iodev_vm_free(iv);
}

/**
 * iodev_vm_make_uarts() - have room for what is known of UARTs
 * @iv:		the entry; slots_lock is held
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int iodev_vm_make_uarts(struct iodev_vm *iv)
{
	if (!iv->uarts)
		iv->uarts = kcalloc(DBGPORT_MAX_PORTS, sizeof(*iv->uarts), GFP_KERNEL_ACCOUNT);
	return iv->uarts ? 0 : -ENOMEM;
}

/* With iodev_vm_lock held. */
static struct iodev_vm *iodev_vm_find(const struct kvm *kvm)
{
	struct iodev_vm *iv;

	list_for_each_entry(iv, &iodev_vms, node)
		if (iv->kvm == kvm)
			return iv;
	return NULL;
}

/* Likewise.  Return: false if the VM, or its module, is going. */
static bool iodev_vm_try_pin(struct iodev_vm *iv)
{
	if (!try_module_get(iv->vendor))
		return false;
	if (!kvm_api_get(iv->kvm)) {
		module_put(iv->vendor);
		return false;
	}
	iv->users++;
	return true;
}

/**
 * iodev_vm_add() - put an entry into the list
 * @iv:		the entry
 * @id:		for -EEXIST, set to the id that the VM has already
 *
 * A VM is known by its struct kvm: that cannot be another VM's as long as the entry
 * has users.
 *
 * Return: 0; -EEXIST if the VM is attached, -EALREADY if it is being attached;
 * -ESHUTDOWN if none is attached any more, or the VM's module is being unloaded.
 */
int iodev_vm_add(struct iodev_vm *iv, u32 *id)
{
	struct iodev_vm *other;
	int ret = 0;

	spin_lock(&iodev_vm_lock);
	other = iodev_vm_find(iv->kvm);
	if (other) {
		*id = READ_ONCE(other->vm->id);
		ret = other->attaching ? -EALREADY : -EEXIST;
	} else if (iodev_vm_closed || !iodev_vm_try_pin(iv)) {
		ret = -ESHUTDOWN;
	} else {
		list_add_tail(&iv->node, &iodev_vms);
		iodev_vms_left++;
	}
	spin_unlock(&iodev_vm_lock);
	return ret;
}

/**
 * iodev_vm_attached() - an entry has all of its devices
 * @iv:		the entry, pinned
 */
void iodev_vm_attached(struct iodev_vm *iv)
{
	spin_lock(&iodev_vm_lock);
	iv->attaching = false;
	spin_unlock(&iodev_vm_lock);
	wake_up_all(&iodev_vm_not_attaching);
}

static bool iodev_vm_is_attaching(const struct kvm *kvm)
{
	const struct iodev_vm *iv;
	bool attaching;

	spin_lock(&iodev_vm_lock);
	iv = iodev_vm_find(kvm);
	attaching = iv && iv->attaching;
	spin_unlock(&iodev_vm_lock);
	return attaching;
}

/**
 * iodev_vm_wait_attached() - wait until a VM is attached, or that has failed
 * @kvm:	the VM, on which the caller has a reference
 * @timeout:	in jiffies, or MAX_SCHEDULE_TIMEOUT
 *
 * Return: 0, -ETIMEDOUT, or -ERESTARTSYS if the caller was killed.
 */
int iodev_vm_wait_attached(const struct kvm *kvm, long timeout)
{
	long left = wait_event_killable_timeout(iodev_vm_not_attaching,
						!iodev_vm_is_attaching(kvm), timeout);

	return left > 0 ? 0 : left ?: -ETIMEDOUT;
}

/* One user less.  With the last one, the VM has ended for us. */
static void iodev_vm_put(struct iodev_vm *iv)
{
	bool last;

	spin_lock(&iodev_vm_lock);
	last = --iv->users == 0;
	spin_unlock(&iodev_vm_lock);
	if (!last)
		return;

	dbgport_registry_end(iv->vm);
	dbgport_vm_put(iv->vm);
	spin_lock(&iodev_vm_lock);
	list_del(&iv->node);
	spin_unlock(&iodev_vm_lock);
	/* If it could not be attached, somebody else may try. */
	wake_up_all(&iodev_vm_not_attaching);
	iodev_vm_free(iv);

	/*
	 * Last of all, and without sleeping after it: see dbgport_attach_exit().  The
	 * unloading thread does not come past the lock before we are done.
	 */
	spin_lock(&iodev_vm_lock);
	if (!--iodev_vms_left)
		wake_up(&iodev_vm_none_left);
	spin_unlock(&iodev_vm_lock);
}

/**
 * iodev_vm_device_added() - a device is about to come onto the bus
 * @io:		the device, which is a user from now on
 */
void iodev_vm_device_added(struct iodev *io)
{
	struct iodev_vm *iv = iodev_vm_of(io);

	spin_lock(&iodev_vm_lock);
	iv->live |= BIT(io->port);
	iv->users++;
	spin_unlock(&iodev_vm_lock);
}

/**
 * iodev_vm_device_gone() - a device is not on the bus any more
 * @io:		the device; if this was said before, nothing happens
 *
 * May sleep; slots_lock may be held.
 */
void iodev_vm_device_gone(struct iodev *io)
{
	struct iodev_vm *iv = iodev_vm_of(io);
	bool live;

	spin_lock(&iodev_vm_lock);
	live = iv->live & BIT(io->port);
	iv->live &= ~BIT(io->port);
	spin_unlock(&iodev_vm_lock);

	if (live)
		iodev_vm_put(iv);
}

/* With iodev_vm_lock held; @vm: NULL for any. */
static struct iodev_vm *iodev_vm_pin_one(const struct dbgport_vm *vm)
{
	struct iodev_vm *iv;

	/* With users there is a live device or a pin: kvm and vendor are valid. */
	list_for_each_entry(iv, &iodev_vms, node)
		if ((!vm || iv->vm == vm) && !iv->detached && iv->users && iodev_vm_try_pin(iv))
			return iv;
	return NULL;
}

/**
 * iodev_vm_pin() - keep a VM, and the module that destroys it, to work on them
 * @vm:		the VM
 *
 * Return: its entry, for iodev_vm_unpin(); NULL if it is ending or being
 * detached.
 */
struct iodev_vm *iodev_vm_pin(const struct dbgport_vm *vm)
{
	struct iodev_vm *iv;

	spin_lock(&iodev_vm_lock);
	iv = iodev_vm_pin_one(vm);
	spin_unlock(&iodev_vm_lock);
	return iv;
}

/**
 * iodev_vm_pin_to_detach() - like iodev_vm_pin(), in order to detach the VM
 * @vm:		the VM; NULL for any
 *
 * It is not pinned again after this.
 *
 * Return: as iodev_vm_pin().
 */
struct iodev_vm *iodev_vm_pin_to_detach(const struct dbgport_vm *vm)
{
	struct iodev_vm *iv;

	spin_lock(&iodev_vm_lock);
	iv = iodev_vm_pin_one(vm);
	if (iv)
		WRITE_ONCE(iv->detached, true);
	spin_unlock(&iodev_vm_lock);
	return iv;
}

/**
 * iodev_vm_unpin() - give back what was pinned
 * @iv:		the entry, which may be gone after this
 *
 * May sleep; without slots_lock.
 */
void iodev_vm_unpin(struct iodev_vm *iv)
{
	struct module *vendor = iv->vendor;
	struct kvm *kvm = iv->kvm;

	iodev_vm_put(iv);
	kvm_api_put(kvm);
	module_put(vendor);
}

/** iodev_vm_close() - from now on no entry can be added */
void iodev_vm_close(void)
{
	spin_lock(&iodev_vm_lock);
	iodev_vm_closed = true;
	spin_unlock(&iodev_vm_lock);
}

static bool iodev_vm_is_none_left(void)
{
	bool none;

	spin_lock(&iodev_vm_lock);
	none = !iodev_vms_left;
	spin_unlock(&iodev_vm_lock);
	return none;
}

static void iodev_vm_name_left(void)
{
	struct iodev_vm *iv;

	spin_lock(&iodev_vm_lock);
	list_for_each_entry(iv, &iodev_vms, node)
		dbgport_vm_name_left(iv->vm);
	spin_unlock(&iodev_vm_lock);
}

/** iodev_vm_wait_for_none() - sleep until there are no entries; the log says for whom */
void iodev_vm_wait_for_none(void)
{
	while (!wait_event_idle_timeout(iodev_vm_none_left, iodev_vm_is_none_left(),
					IODEV_VM_PATIENCE))
		iodev_vm_name_left();
}
