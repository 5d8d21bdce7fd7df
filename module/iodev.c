// SPDX-License-Identifier: GPL-2.0
/*
 * iodev.c - the backend that puts devices on a VM's PIO bus
 *
 * One device per port.  KVM calls a device's destructor when the VM is
 * destroyed; until then we hold no reference on the VM, or it would outlive
 * its VMM.
 */
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "backend.h"
#include "kvm_api.h"
#include "vm.h"

struct iodev {
	struct kvm_io_device dev;
	struct dbgport_vm *vm;
	struct iodev_vm *owner;
	u8 port;
	bool dead;		/* destroyed; guarded by iodev_lock */
};

/**
 * struct iodev_vm - the devices of one VM
 * @node:	in iodev_vms
 * @vm:		a reference of ours
 * @kvm:	valid as long as one device lives
 * @vendor:	module that destroys @kvm, valid likewise; see kvm_api_vendor()
 * @users:	devices that live, and whoever works on this entry; guarded by
 *		iodev_lock
 * @detached:	taken from its VMM by us; likewise
 * @devs:	one for each port of @vm
 */
struct iodev_vm {
	struct list_head node;
	struct dbgport_vm *vm;
	struct kvm *kvm;
	struct module *vendor;
	unsigned int users;
	bool detached;
	struct iodev devs[];
};

/*
 * Guards the list and what is said so above.  Destructors take it, with
 * slots_lock held or not: so nobody takes slots_lock, or sleeps, under it.
 */
static DEFINE_SPINLOCK(iodev_lock);
static LIST_HEAD(iodev_vms);
static DECLARE_WAIT_QUEUE_HEAD(iodev_none_left);

static void iodev_vm_put(struct iodev_vm *iv)
{
	bool last, empty;

	spin_lock(&iodev_lock);
	last = --iv->users == 0;
	spin_unlock(&iodev_lock);
	if (!last)
		return;

	dbgport_vm_end(iv->vm);
	dbgport_vm_put(iv->vm);

	/* Last of all, and without sleeping after it: see main.c's exit. */
	spin_lock(&iodev_lock);
	list_del(&iv->node);
	empty = list_empty(&iodev_vms);
	spin_unlock(&iodev_lock);
	kfree(iv);
	if (empty)
		wake_up(&iodev_none_left);
}

static void iodev_destroy(struct iodev *io)
{
	bool dead;

	spin_lock(&iodev_lock);
	dead = io->dead;
	io->dead = true;
	spin_unlock(&iodev_lock);

	if (!dead)
		iodev_vm_put(io->owner);
}

static struct iodev *to_iodev(struct kvm_io_device *dev)
{
	return container_of(dev, struct iodev, dev);
}

/* In the vCPU's thread; holds a read lock on kvm->srcu: no mutex here. */
static int iodev_write(struct kvm_vcpu *vcpu, struct kvm_io_device *dev,
		       gpa_t addr, int len, const void *val)
{
	struct iodev *io = to_iodev(dev);
	u32 value = len == 1 ? *(u8 *)val : len == 2 ? *(u16 *)val : *(u32 *)val;

	return dbgport_vm_write(io->vm, io->port, vcpu->vcpu_id, len, value) ?
		0 : -EOPNOTSUPP;
}

/* Likewise. */
static int iodev_read(struct kvm_vcpu *vcpu, struct kvm_io_device *dev,
		      gpa_t addr, int len, void *val)
{
	struct iodev *io = to_iodev(dev);
	u32 value;

	if (!dbgport_vm_read(io->owner->vm, io->port, &value))
		return -EOPNOTSUPP;
	memcpy(val, &value, min_t(size_t, len, sizeof(value)));
	return 0;
}

/* From kvm_destroy_vm(), or under slots_lock when a bus is destroyed. */
static void iodev_destructor(struct kvm_io_device *dev)
{
	iodev_destroy(to_iodev(dev));
}

static const struct kvm_io_device_ops iodev_ops = {
	.read		= iodev_read,
	.write		= iodev_write,
	.destructor	= iodev_destructor,
};

static void iodev_unregister(struct iodev_vm *iv, unsigned int n)
{
	while (n--) {
		if (kvm_api_unregister(iv->kvm, &iv->devs[n].dev))
			iodev_destroy(&iv->devs[n]);
	}
}

/* Who came before us is asked before us. */
static void iodev_look(struct iodev_vm *iv)
{
	struct dbgport_ring *ring = &iv->vm->ring;
	unsigned int i;

	for (i = 0; i < ring->nports; i++)
		dbgport_vm_set_taken(iv->vm, i,
				     kvm_api_port_taken(iv->kvm, ring->ports[i].port,
							&iv->devs[i].dev));
}

/*
 * List a VM's devices, before they exist.  A VM is known by its struct kvm:
 * that cannot be another VM's as long as a device of ours lives.
 */
static int iodev_vm_add(struct iodev_vm *iv, u32 *id)
{
	struct iodev_vm *other;

	spin_lock(&iodev_lock);
	list_for_each_entry(other, &iodev_vms, node) {
		if (other->kvm == iv->kvm) {
			*id = READ_ONCE(other->vm->id);
			spin_unlock(&iodev_lock);
			return -EEXIST;
		}
	}
	list_add_tail(&iv->node, &iodev_vms);
	spin_unlock(&iodev_lock);
	return 0;
}

static int iodev_attach(struct dbgport_vm *vm, struct kvm *kvm, struct module *vendor,
			u32 *id)
{
	unsigned int n = vm->ring.nports;
	struct iodev_vm *iv;
	unsigned int i;
	int ret;

	iv = kzalloc(struct_size(iv, devs, n), GFP_KERNEL_ACCOUNT);
	if (!iv)
		return -ENOMEM;
	iv->vm = dbgport_vm_get(vm);
	iv->kvm = kvm;
	iv->vendor = vendor;
	iv->users = n + 1;
	for (i = 0; i < n; i++) {
		iv->devs[i].vm = vm;
		iv->devs[i].owner = iv;
		iv->devs[i].port = i;
		kvm_iodevice_init(&iv->devs[i].dev, &iodev_ops);
	}

	ret = iodev_vm_add(iv, id);
	if (ret) {
		dbgport_vm_put(vm);
		kfree(iv);
		return ret;
	}

	mutex_lock(&kvm->slots_lock);
	for (i = 0; i < n; i++) {
		ret = kvm_api_register(kvm, vm->ring.ports[i].port, &iv->devs[i].dev);
		if (ret)
			break;
	}
	if (!ret)
		ret = dbgport_vm_publish(vm);
	if (ret)
		iodev_unregister(iv, i);
	else
		iodev_look(iv);
	mutex_unlock(&kvm->slots_lock);
	*id = vm->id;

	/* Those that never came onto the bus have nobody else to destroy them. */
	for (; i < n; i++)
		iodev_destroy(&iv->devs[i]);
	iodev_vm_put(iv);
	return ret;
}

/* One VM, or any if NULL, that can be taken apart, with all it needs pinned. */
static struct iodev_vm *iodev_vm_pin(const struct dbgport_vm *vm)
{
	struct iodev_vm *iv;

	spin_lock(&iodev_lock);
	list_for_each_entry(iv, &iodev_vms, node) {
		if (vm && iv->vm != vm)
			continue;
		/* With users there is a live device: kvm and vendor are valid. */
		if (iv->detached || !iv->users || !try_module_get(iv->vendor))
			continue;
		if (kvm_api_get(iv->kvm)) {
			iv->detached = true;
			iv->users++;
			spin_unlock(&iodev_lock);
			return iv;
		}
		module_put(iv->vendor);
	}
	spin_unlock(&iodev_lock);
	return NULL;
}

static void iodev_vm_detach(struct iodev_vm *iv)
{
	struct module *vendor = iv->vendor;
	struct kvm *kvm = iv->kvm;

	mutex_lock(&kvm->slots_lock);
	iodev_unregister(iv, iv->vm->ring.nports);
	mutex_unlock(&kvm->slots_lock);
	iodev_vm_put(iv);
	kvm_api_put(kvm);
	module_put(vendor);
}

static int iodev_detach(struct dbgport_vm *vm)
{
	struct iodev_vm *iv = iodev_vm_pin(vm);

	if (!iv)
		return -ENOENT;
	WRITE_ONCE(vm->detached, true);
	iodev_vm_detach(iv);
	return 0;
}

static bool iodev_none(void)
{
	bool none;

	spin_lock(&iodev_lock);
	none = list_empty(&iodev_vms);
	spin_unlock(&iodev_lock);
	return none;
}

static void iodev_detach_all(void)
{
	struct iodev_vm *iv;

	while ((iv = iodev_vm_pin(NULL)))
		iodev_vm_detach(iv);
	wait_event(iodev_none_left, iodev_none());
}

const struct dbgport_backend dbgport_iodev = {
	.id		= DBGPORT_BACKEND_IODEV,
	.probes		= true,
	.attach		= iodev_attach,
	.detach		= iodev_detach,
	.detach_all	= iodev_detach_all,
};
