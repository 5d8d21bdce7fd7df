// SPDX-License-Identifier: GPL-2.0
/* iodev_vm.c - the VMs that have devices of ours on their PIO bus */
#include <linux/bits.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "iodev_vm.h"
#include "registry.h"
#include "vm.h"

/*
 * Guards the list and what struct iodev_vm says.  Destructors take it, with
 * slots_lock held or not: slots_lock must not be taken under it, and no sleep.
 */
static DEFINE_SPINLOCK(iodev_vm_lock);
static LIST_HEAD(iodev_vms);
static DECLARE_WAIT_QUEUE_HEAD(iodev_vm_none_left);

/**
 * iodev_vm_create() - an entry for a VM, without devices
 * @vm:		the VM; the entry takes a reference
 * @kvm:	see struct iodev_vm
 * @vendor:	likewise
 *
 * The caller is its one user, and calls iodev_vm_add().  The devices have still
 * to be initialised.  May sleep.
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
	iv->users = 1;
	for (i = 0; i < DBGPORT_MAX_PORTS; i++) {
		iv->devs[i].vm = vm;
		iv->devs[i].port = i;
	}
	return iv;
}

/**
 * iodev_vm_destroy() - free an entry that is not in the list
 * @iv:		the entry
 *
 * May sleep.
 */
void iodev_vm_destroy(struct iodev_vm *iv)
{
	dbgport_vm_put(iv->vm);
	kfree(iv);
}

/**
 * iodev_vm_add() - put an entry into the list
 * @iv:		the entry
 * @id:		for -EEXIST, set to the id that the VM has already
 *
 * A VM is known by its struct kvm: that cannot be another VM's as long as a
 * device of ours lives.
 *
 * Return: 0, or -EEXIST if the VM has an entry.
 */
int iodev_vm_add(struct iodev_vm *iv, u32 *id)
{
	struct iodev_vm *other;

	spin_lock(&iodev_vm_lock);
	list_for_each_entry(other, &iodev_vms, node) {
		if (other->kvm == iv->kvm) {
			*id = READ_ONCE(other->vm->id);
			spin_unlock(&iodev_vm_lock);
			return -EEXIST;
		}
	}
	list_add_tail(&iv->node, &iodev_vms);
	spin_unlock(&iodev_vm_lock);
	return 0;
}

/**
 * iodev_vm_put() - one user less; with the last one, the VM has ended for us
 * @iv:		an entry of the list
 *
 * May sleep; slots_lock may be held.
 */
void iodev_vm_put(struct iodev_vm *iv)
{
	bool last, empty;

	spin_lock(&iodev_vm_lock);
	last = --iv->users == 0;
	spin_unlock(&iodev_vm_lock);
	if (!last)
		return;

	dbgport_registry_end(iv->vm);
	dbgport_vm_put(iv->vm);

	/* Last of all, and without sleeping after it: see dbgport_attach_exit(). */
	spin_lock(&iodev_vm_lock);
	list_del(&iv->node);
	empty = list_empty(&iodev_vms);
	spin_unlock(&iodev_vm_lock);
	kfree(iv);
	if (empty)
		wake_up(&iodev_vm_none_left);
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

/* With iodev_vm_lock held. */
static bool iodev_vm_try_pin(struct iodev_vm *iv)
{
	/* With users there is a live device: kvm and vendor are valid. */
	if (iv->detached || !iv->users || !try_module_get(iv->vendor))
		return false;
	if (!kvm_api_get(iv->kvm)) {
		module_put(iv->vendor);
		return false;
	}
	iv->users++;
	return true;
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
	struct iodev_vm *iv, *pinned = NULL;

	spin_lock(&iodev_vm_lock);
	list_for_each_entry(iv, &iodev_vms, node) {
		if (iv->vm == vm && iodev_vm_try_pin(iv)) {
			pinned = iv;
			break;
		}
	}
	spin_unlock(&iodev_vm_lock);
	return pinned;
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
	struct iodev_vm *iv, *pinned = NULL;

	spin_lock(&iodev_vm_lock);
	list_for_each_entry(iv, &iodev_vms, node) {
		if ((!vm || iv->vm == vm) && iodev_vm_try_pin(iv)) {
			WRITE_ONCE(iv->detached, true);
			pinned = iv;
			break;
		}
	}
	spin_unlock(&iodev_vm_lock);
	return pinned;
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

static bool iodev_vm_is_none_left(void)
{
	bool none;

	spin_lock(&iodev_vm_lock);
	none = list_empty(&iodev_vms);
	spin_unlock(&iodev_vm_lock);
	return none;
}

/** iodev_vm_wait_for_none() - sleep until the list is empty */
void iodev_vm_wait_for_none(void)
{
	wait_event(iodev_vm_none_left, iodev_vm_is_none_left());
}
