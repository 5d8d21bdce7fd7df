/* SPDX-License-Identifier: GPL-2.0 */
/* iodev_vm.h - the VMs that have devices of ours on their PIO bus */
#ifndef _DBGPORT_IODEV_VM_H
#define _DBGPORT_IODEV_VM_H

#include <linux/list.h>
#include <linux/types.h>

#include "kvm_api.h"
#include "uapi/dbgport.h"

struct dbgport_uart;
struct dbgport_vm;
struct module;

/**
 * struct iodev - one port of one VM
 * @dev:	what KVM knows of it
 * @vm:		whose accesses these are
 * @port:	the port's slot, and the device's place in iodev_vm.devs
 */
struct iodev {
	struct kvm_io_device dev;
	struct dbgport_vm *vm;
	u8 port;
};

/**
 * struct iodev_vm - the devices of one VM
 * @node:	in the list of all
 * @vm:		a reference of ours
 * @kvm:	valid as long as one device lives
 * @vendor:	module that destroys @kvm, valid likewise; see kvm_api_vendor()
 * @users:	one for each live device and each pin; this and all but @uarts and
 *		@devs below: guarded by a lock in iodev_vm.c
 * @live:	mask of @devs that live.  Does not change while a thread holds
 *		slots_lock and a reference on @kvm
 * @attaching:	not all of its devices have been added yet
 * @detached:	taken from its VMM by us; written before slots_lock is taken for
 *		that
 * @uarts:	for each of @devs one, of those that are UARTs; guarded by @vm's ring's lock.
 *		NULL before the first of them
 * @devs:	one for each port that @vm has or had
 *
 * No reference is held on @kvm, or it would outlive its VMM.
 */
struct iodev_vm {
	struct list_head node;
	struct dbgport_vm *vm;
	struct kvm *kvm;
	struct module *vendor;
	unsigned int users;
	u32 live;
	bool attaching;
	bool detached;
	struct dbgport_uart *uarts;
	struct iodev devs[DBGPORT_MAX_PORTS];
};

struct iodev_vm *iodev_vm_create(struct dbgport_vm *vm, struct kvm *kvm,
				 struct module *vendor);
void iodev_vm_destroy(struct iodev_vm *iv);
int iodev_vm_make_uarts(struct iodev_vm *iv);

int iodev_vm_add(struct iodev_vm *iv, u32 *id);
int iodev_vm_wait_attached(const struct kvm *kvm, long timeout);
void iodev_vm_attached(struct iodev_vm *iv);

void iodev_vm_device_added(struct iodev *io);
void iodev_vm_device_gone(struct iodev *io);

struct iodev_vm *iodev_vm_pin(const struct dbgport_vm *vm);
struct iodev_vm *iodev_vm_pin_to_detach(const struct dbgport_vm *vm);
void iodev_vm_unpin(struct iodev_vm *iv);

void iodev_vm_close(void);
void iodev_vm_wait_for_none(void);

/**
 * iodev_vm_of() - the VM of a device
 * @io:		the device
 *
 * Return: the entry that it is a part of.
 */
static inline struct iodev_vm *iodev_vm_of(struct iodev *io)
{
	return container_of(io - io->port, struct iodev_vm, devs[0]);
}

/**
 * iodev_of() - a device of ours
 * @dev:	as KVM knows it
 *
 * Return: the device.
 */
static inline struct iodev *iodev_of(struct kvm_io_device *dev)
{
	return container_of(dev, struct iodev, dev);
}

#endif /* _DBGPORT_IODEV_VM_H */
