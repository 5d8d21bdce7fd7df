// SPDX-License-Identifier: GPL-2.0
/*
 * Devices that show what the least costs: on the same ports as dbgport's, put
 * onto the bus by the same function, but with next to nothing in them.
 *
 *	echo FD >/sys/module/dbgport_floor/parameters/nothing	do nothing
 *	echo FD >/sys/module/dbgport_floor/parameters/least	take a lock and the time
 *	echo FD >/sys/module/dbgport_floor/parameters/unsafe	record and count, but without
 *								a lock, by the cycle counter
 *
 * by the VMM that has its VM at descriptor FD.  Cannot be unloaded.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <asm/msr.h>

#include "kvm_api.h"

static const u16 ports[] = { 0x80, 0xe9, 0x402 };

#define ENTRIES	4096

/* A write as it would have to be kept where nothing keeps writers apart. */
struct floor_entry {
	u64 tsc;
	u64 seq;
	u32 value;
	u16 vcpu;
	u8 port;
	u8 width;
};

/* As many as @ports, in one piece of memory, which the last of them frees. */
struct floor_vm {
	refcount_t devices;
	spinlock_t lock;	/* guards @last_ns */
	u64 last_ns;
	atomic64_t head;
	bool claimed;
	bool waiting;
	struct floor_entry *entries;
	struct floor_dev {
		struct kvm_io_device dev;
		struct floor_vm *vm;
		u8 port;
		u32 last;
		u64 writes, bytes, claimed;
	} devs[ARRAY_SIZE(ports)];
};

static struct floor_vm *to_vm(struct kvm_io_device *dev)
{
	return container_of(dev, struct floor_dev, dev)->vm;
}

static int write_nothing(struct kvm_vcpu *vcpu, struct kvm_io_device *dev,
			 gpa_t addr, int len, const void *val)
{
	return 0;
}

static int read_nothing(struct kvm_vcpu *vcpu, struct kvm_io_device *dev,
			gpa_t addr, int len, void *val)
{
	return 0;
}

static int write_least(struct kvm_vcpu *vcpu, struct kvm_io_device *dev,
		       gpa_t addr, int len, const void *val)
{
	struct floor_vm *vm = to_vm(dev);

	spin_lock(&vm->lock);
	vm->last_ns = ktime_get_ns();
	spin_unlock(&vm->lock);
	return 0;
}

/*
 * What a claimed write could cost at best, if times may disagree with numbers,
 * counts may be wrong, and a reader may find half a record.
 */
static int write_unsafe(struct kvm_vcpu *vcpu, struct kvm_io_device *dev,
			gpa_t addr, int len, const void *val)
{
	struct floor_dev *floor = container_of(dev, struct floor_dev, dev);
	u32 value = len == 1 ? *(u8 *)val : len == 2 ? *(u16 *)val : *(u32 *)val;
	struct floor_vm *vm = floor->vm;
	u64 seq = atomic64_fetch_inc(&vm->head);
	struct floor_entry *e = &vm->entries[seq & (ENTRIES - 1)];

	e->tsc = rdtsc_ordered();
	e->value = value;
	e->vcpu = vcpu->vcpu_id;
	e->port = floor->port;
	e->width = len;
	/* For a reader, who looks at it first: all of the entry is there. */
	smp_store_release(&e->seq, seq);
	floor->last = value;
	floor->writes++;
	floor->bytes += len;
	floor->claimed += vm->claimed;
	/* Against a reader, who says that he waits and then looks for entries. */
	smp_mb();
	if (READ_ONCE(vm->waiting))
		pr_info("a reader is to be woken here\n");
	return vm->claimed ? 0 : -EOPNOTSUPP;
}

static void floor_free(struct floor_vm *vm)
{
	kfree(vm->entries);
	kfree(vm);
}

static void destructor(struct kvm_io_device *dev)
{
	struct floor_vm *vm = to_vm(dev);

	if (refcount_dec_and_test(&vm->devices))
		floor_free(vm);
}

static const struct kvm_io_device_ops nothing_ops = {
	.read		= read_nothing,
	.write		= write_nothing,
	.destructor	= destructor,
};

static const struct kvm_io_device_ops least_ops = {
	.read		= read_nothing,
	.write		= write_least,
	.destructor	= destructor,
};

static const struct kvm_io_device_ops unsafe_ops = {
	.read		= read_nothing,
	.write		= write_unsafe,
	.destructor	= destructor,
};

static int floor_register(struct kvm *kvm, const struct kvm_io_device_ops *ops)
{
	struct floor_vm *vm = kzalloc(sizeof(*vm), GFP_KERNEL);
	int ret = 0;
	int i;

	if (!vm)
		return -ENOMEM;
	vm->entries = kcalloc(ENTRIES, sizeof(*vm->entries), GFP_KERNEL);
	if (!vm->entries) {
		kfree(vm);
		return -ENOMEM;
	}
	vm->claimed = true;
	spin_lock_init(&vm->lock);
	refcount_set(&vm->devices, 1);
	for (i = 0; i < ARRAY_SIZE(ports) && !ret; i++) {
		vm->devs[i].vm = vm;
		vm->devs[i].port = i;
		kvm_iodevice_init(&vm->devs[i].dev, ops);
		refcount_inc(&vm->devices);
		ret = kvm_api_register(kvm, ports[i], 0, &vm->devs[i].dev);
		if (ret)
			refcount_dec(&vm->devices);
	}
	if (refcount_dec_and_test(&vm->devices))
		floor_free(vm);
	return ret;
}

static int vm_set(const char *text, const struct kernel_param *param)
{
	struct file *file;
	struct kvm *kvm;
	unsigned int fd;
	int ret = kstrtouint(text, 0, &fd);

	if (ret)
		return ret;
	file = kvm_api_file(current, fd);
	if (IS_ERR(file))
		return PTR_ERR(file);
	kvm = file->private_data;
	mutex_lock(&kvm->slots_lock);
	ret = floor_register(kvm, param->arg);
	mutex_unlock(&kvm->slots_lock);
	fput(file);
	return ret;
}

static const struct kernel_param_ops vm_ops = {
	.set = vm_set,
};
module_param_cb(nothing, &vm_ops, (void *)&nothing_ops, 0200);
module_param_cb(least, &vm_ops, (void *)&least_ops, 0200);
module_param_cb(unsafe, &vm_ops, (void *)&unsafe_ops, 0200);

static int __init floor_init(void)
{
	char why[80];
	int ret = kvm_api_init();

	return ret ?: kvm_api_init_bus(why, sizeof(why));
}
module_init(floor_init);

MODULE_DESCRIPTION("the least that a device on KVM's PIO bus costs");
MODULE_LICENSE("GPL");
