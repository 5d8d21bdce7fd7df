// SPDX-License-Identifier: GPL-2.0
/*
 * iodev.c - the backend that puts devices on a VM's PIO bus
 *
 * One device per port.  KVM calls a device's destructor when the VM is
 * destroyed; until then we hold no reference on the VM, or it would outlive
 * its VMM.
 */
#include <linux/bitops.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "backend.h"
#include "kvm_api.h"
#include "registry.h"
#include "vm.h"

struct iodev {
	struct kvm_io_device dev;
	struct dbgport_vm *vm;
	u8 port;		/* its place in iodev_vm.devs, too */
};

/**
 * struct iodev_vm - the devices of one VM
 * @node:	in iodev_vms
 * @vm:		a reference of ours
 * @kvm:	valid as long as one device lives
 * @vendor:	module that destroys @kvm, valid likewise; see kvm_api_vendor()
 * @users:	devices that live, and whoever works on this entry; guarded by
 *		iodev_lock
 * @live:	mask of @devs that live; likewise.  Does not change for who has
 *		slots_lock and a reference on @kvm
 * @detached:	taken from its VMM by us; likewise, and written before slots_lock
 *		is taken for that
 * @devs:	one for each port that @vm has or had
 */
struct iodev_vm {
	struct list_head node;
	struct dbgport_vm *vm;
	struct kvm *kvm;
	struct module *vendor;
	unsigned int users;
	u32 live;
	bool detached;
	struct iodev devs[DBGPORT_MAX_PORTS];
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

	dbgport_registry_end(iv->vm);
	dbgport_vm_put(iv->vm);

	/* Last of all, and without sleeping after it: see dbgport_attach_exit(). */
	spin_lock(&iodev_lock);
	list_del(&iv->node);
	empty = list_empty(&iodev_vms);
	spin_unlock(&iodev_lock);
	kfree(iv);
	if (empty)
		wake_up(&iodev_none_left);
}

static struct iodev_vm *owner_of(struct iodev *io)
{
	return container_of(io - io->port, struct iodev_vm, devs[0]);
}

static void iodev_destroy(struct iodev *io)
{
	struct iodev_vm *iv = owner_of(io);
	bool live;

	spin_lock(&iodev_lock);
	live = iv->live & BIT(io->port);
	iv->live &= ~BIT(io->port);
	spin_unlock(&iodev_lock);

	if (live)
		iodev_vm_put(iv);
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

	if (!dbgport_vm_read(io->vm, io->port, &value))
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

static int iodev_register(struct iodev *io)
{
	struct iodev_vm *iv = owner_of(io);
	int ret;

	spin_lock(&iodev_lock);
	iv->live |= BIT(io->port);
	iv->users++;
	spin_unlock(&iodev_lock);

	ret = kvm_api_register(iv->kvm, iv->vm->ports.slots[io->port].port, &io->dev);
	/* What never came onto the bus has nobody else to destroy it. */
	if (ret)
		iodev_destroy(io);
	return ret;
}

static void iodev_unregister(struct iodev_vm *iv, unsigned long mask)
{
	unsigned int port;

	for_each_set_bit(port, &mask, DBGPORT_MAX_PORTS) {
		if (kvm_api_unregister(iv->kvm, &iv->devs[port].dev))
			iodev_destroy(&iv->devs[port]);
	}
}

/* All of them or none. */
static int iodev_register_all(struct iodev_vm *iv, unsigned long mask)
{
	unsigned int port;
	int ret;

	for_each_set_bit(port, &mask, DBGPORT_MAX_PORTS) {
		ret = iodev_register(&iv->devs[port]);
		if (ret) {
			iodev_unregister(iv, mask & (BIT(port) - 1));
			return ret;
		}
	}
	return 0;
}

/* Who came before us is asked before us. */
static void iodev_look(struct iodev_vm *iv)
{
	unsigned long live = iv->live;
	unsigned int port;

	for_each_set_bit(port, &live, DBGPORT_MAX_PORTS)
		dbgport_vm_set_taken(iv->vm, port,
				     kvm_api_port_taken(iv->kvm,
							iv->vm->ports.slots[port].port,
							&iv->devs[port].dev));
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
	struct iodev_vm *iv;
	unsigned int i;
	int ret;

	iv = kzalloc(sizeof(*iv), GFP_KERNEL_ACCOUNT);
	if (!iv)
		return -ENOMEM;
	iv->vm = dbgport_vm_get(vm);
	iv->kvm = kvm;
	iv->vendor = vendor;
	iv->users = 1;
	for (i = 0; i < DBGPORT_MAX_PORTS; i++) {
		iv->devs[i].vm = vm;
		iv->devs[i].port = i;
		kvm_iodevice_init(&iv->devs[i].dev, &iodev_ops);
	}

	/*
	 * From before it is listed, so that who finds it so is held up until all
	 * its ports are there, and comes too late for none of its writes.
	 */
	mutex_lock(&kvm->slots_lock);
	ret = iodev_vm_add(iv, id);
	if (ret) {
		mutex_unlock(&kvm->slots_lock);
		dbgport_vm_put(vm);
		kfree(iv);
		return ret;
	}
	ret = iodev_register_all(iv, vm->ports.on);
	if (!ret) {
		ret = dbgport_registry_publish(vm);
		if (ret)
			iodev_unregister(iv, iv->live);
		else
			iodev_look(iv);
	}
	*id = vm->id;
	iodev_vm_put(iv);
	mutex_unlock(&kvm->slots_lock);
	return ret;
}

/*
 * One VM, or any if NULL, that nobody detaches, with all pinned that it needs
 * to be worked on.  @detach: that is what is done to it.
 */
static struct iodev_vm *iodev_vm_pin(const struct dbgport_vm *vm, bool detach)
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
			WRITE_ONCE(iv->detached, detach);
			iv->users++;
			spin_unlock(&iodev_lock);
			return iv;
		}
		module_put(iv->vendor);
	}
	spin_unlock(&iodev_lock);
	return NULL;
}

static void iodev_vm_unpin(struct iodev_vm *iv)
{
	struct module *vendor = iv->vendor;
	struct kvm *kvm = iv->kvm;

	iodev_vm_put(iv);
	kvm_api_put(kvm);
	module_put(vendor);
}

static void iodev_vm_detach(struct iodev_vm *iv)
{
	mutex_lock(&iv->kvm->slots_lock);
	iodev_unregister(iv, iv->live);
	mutex_unlock(&iv->kvm->slots_lock);
	iodev_vm_unpin(iv);
}

static int iodev_detach(struct dbgport_vm *vm)
{
	struct iodev_vm *iv = iodev_vm_pin(vm, true);

	if (!iv)
		return -ENOENT;
	WRITE_ONCE(vm->detached, true);
	iodev_vm_detach(iv);
	return 0;
}

/* With slots_lock held.  New ones first, so that some live all the time. */
static int iodev_change(struct iodev_vm *iv, const u16 *ports, u32 n)
{
	u32 before = iv->live;
	int wanted, ret;

	/* Somebody else was faster, and nothing is to be taken any more. */
	if (READ_ONCE(iv->detached))
		return -ENOENT;

	wanted = dbgport_ports_find(&iv->vm->ports, ports, n, DBGPORT_MAX_PORTS);
	if (wanted < 0)
		return wanted;
	ret = iodev_register_all(iv, wanted & ~before);
	if (!ret)
		iodev_unregister(iv, before & ~wanted);
	dbgport_ports_set_on(&iv->vm->ports, iv->live);
	iodev_look(iv);
	/* Nothing lives if the bus was destroyed. */
	return iv->live ? ret : -ENOMEM;
}

static int iodev_set_ports(struct dbgport_vm *vm, const u16 *ports, u32 n)
{
	struct iodev_vm *iv = iodev_vm_pin(vm, false);
	int ret;

	if (!iv)
		return -ENOENT;
	mutex_lock(&iv->kvm->slots_lock);
	ret = iodev_change(iv, ports, n);
	mutex_unlock(&iv->kvm->slots_lock);
	iodev_vm_unpin(iv);
	return ret;
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

	while ((iv = iodev_vm_pin(NULL, true)))
		iodev_vm_detach(iv);
	wait_event(iodev_none_left, iodev_none());
}

const struct dbgport_backend dbgport_iodev = {
	.id		= DBGPORT_BACKEND_IODEV,
	.probes		= true,
	.attach		= iodev_attach,
	.detach		= iodev_detach,
	.set_ports	= iodev_set_ports,
	.detach_all	= iodev_detach_all,
};
