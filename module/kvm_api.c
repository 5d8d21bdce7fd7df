// SPDX-License-Identifier: GPL-2.0
/*
 * kvm_api.c - what we need of KVM, the same for every kernel
 *
 * Functions that were looked up are only ever called by static_call, a direct call.
 * Since IBT (6.2 in Debian's configuration) an indirect one would be fatal:
 * functions whose address the kernel never takes have no ENDBR left at their
 * entry, and the address that kprobes tell is behind it anyway.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/irqflags.h>
#include <linux/magic.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/static_call.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "kvm_api.h"
#include "kvm_find.h"
#include "kvm_watch.h"

DEFINE_STATIC_CALL_NULL(kvm_api_register_dev, kvm_io_bus_register_dev);
DEFINE_STATIC_CALL_NULL(kvm_api_unregister_dev, kvm_io_bus_unregister_dev);
DEFINE_STATIC_CALL_NULL(kvm_api_put_kvm, kvm_put_kvm);

/* The address of a function that was looked up, as static_call_update() wants it. */
#define AS(func, addr)	((typeof(func) *)(addr))

/**
 * kvm_api_init() - find KVM
 *
 * kvm.ko stays loaded until kvm_api_exit().
 *
 * Return: 0; -ENODEV if KVM is not there, -ENOEXEC if its structures may not be
 * as we know them, or why a function is not to be had.  The log then has one line
 * that says so.
 */
int kvm_api_init(void)
{
	void *addr;
	int ret = kvm_find_init(&addr);

	if (ret)
		kvm_find_exit();
	else
		static_call_update(kvm_api_put_kvm, AS(kvm_put_kvm, addr));
	return ret;
}

/**
 * kvm_api_init_bus() - find KVM's functions that are not exported
 * @why:	set to the reason, a phrase, if one is not to be had
 * @size:	of @why
 *
 * After kvm_api_init().  Without them, kvm_watch(), kvm_api_register() and
 * kvm_api_unregister() cannot be used.
 *
 * Return: 0 or a negative error.
 */
int kvm_api_init_bus(char *why, size_t size)
{
	const char * const names[] = {
		"kvm_io_bus_register_dev", "kvm_io_bus_unregister_dev",
	};
	void *addr[ARRAY_SIZE(names)];
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		ret = kvm_find_function(names[i], &addr[i]);
		if (ret) {
			scnprintf(why, size, "KVM's function %s was not found (error %d)",
				  names[i], ret);
			return ret;
		}
	}
	ret = kvm_watch_find(why, size);
	if (ret)
		return ret;
	static_call_update(kvm_api_register_dev, AS(kvm_io_bus_register_dev, addr[0]));
	static_call_update(kvm_api_unregister_dev, AS(kvm_io_bus_unregister_dev, addr[1]));
	return 0;
}

/** kvm_api_exit() - let kvm.ko go; no other function may be called after it */
void kvm_api_exit(void)
{
	kvm_find_exit();
}

/**
 * kvm_api_get() - take a reference on a VM unless it is being destroyed
 * @kvm:	memory that is still a struct kvm
 *
 * kvm_get_kvm_safe(), which is inline here since its export is to go.  Any
 * context.
 *
 * Return: whether there is a reference now.
 */
bool kvm_api_get(struct kvm *kvm)
{
	return refcount_inc_not_zero(&kvm->users_count);
}

/**
 * kvm_api_put() - give back a reference
 * @kvm:	the VM; may be destroyed here if its VMM has exited meanwhile
 *
 * Context: may sleep; without slots_lock, and with the vendor module pinned.
 */
void kvm_api_put(struct kvm *kvm)
{
	static_call_cond(kvm_api_put_kvm)(kvm);
}

/* KVM names its files.  Of those without an inode of their own only the kernel makes any. */
static const char *kvm_api_name_of(const struct file *file)
{
	return file_inode(file)->i_sb->s_magic == ANON_INODE_FS_MAGIC ?
		(const char *)file->f_path.dentry->d_name.name : "";
}

struct kvm_api_owner_search {
	const struct kvm_vcpu *vcpu;
	struct module *owner;
};

static int kvm_api_find_owner(const void *data, struct file *file, unsigned int fd)
{
	struct kvm_api_owner_search *search = (struct kvm_api_owner_search *)data;
	const struct kvm_vcpu *vcpu = search->vcpu;

	/* Files of statistics have the same, but another owner. */
	if (!(file->private_data == vcpu->kvm && kvm_api_is_vm(file)) &&
	    !(file->private_data == vcpu && strstarts(kvm_api_name_of(file), "kvm-vcpu:")))
		return 0;
	/* The file is open, so its owner is there and stays. */
	search->owner = file->f_op->owner;
	__module_get(search->owner);
	return 1;
}

/**
 * kvm_api_vendor() - pin the module that destroys a VM
 * @vcpu:	a vCPU that the current thread has just made
 *
 * Until 6.6 a VM itself holds kvm-amd or kvm-intel.  Since 6.7 only its files
 * do: whoever puts the last reference on a VM must see to it that the module
 * is still there.  It is told by the VM's and the vCPU's file, one of which is
 * in the creator's table.
 *
 * Return: the module, for module_put(); NULL where a VM holds it itself.
 */
struct module *kvm_api_vendor(struct kvm_vcpu *vcpu)
{
	struct kvm_api_owner_search search = { .vcpu = vcpu };

	iterate_fd(current->files, 0, kvm_api_find_owner, &search);
	return search.owner;
}

/**
 * kvm_api_is_vm() - whether a file is a VM
 * @file:	a file that is open
 *
 * KVM's own file_is_kvm() is not for us since 6.18, and to go.  Any context.
 *
 * Return: it is, and its private_data the struct kvm.
 */
bool kvm_api_is_vm(const struct file *file)
{
	return !strcmp(kvm_api_name_of(file), "kvm-vm") && kvm_find_holds(file->f_op);
}

/* So often two clocks are read, to do it once without an interruption in between. */
#define CLOCK_TRIES	3

/* CLOCK_MONOTONIC less KVM's base of guests' clocks, which is raw and counts suspends. */
static u64 kvm_api_clock_offset(void)
{
	u64 before, raw, after, offset = 0, least = U64_MAX;
	unsigned long flags;
	int i;

	for (i = 0; i < CLOCK_TRIES; i++) {
		local_irq_save(flags);
		before = ktime_get_ns();
		raw = ktime_get_raw_ns();
		after = ktime_get_ns();
		local_irq_restore(flags);
		/* We may be in a virtual machine ourselves. */
		if (after - before < least) {
			least = after - before;
			offset = after - raw;
		}
	}
	return offset - ktime_to_ns(ktime_mono_to_any(0, TK_OFFS_BOOT));
}

/**
 * kvm_api_created_ns() - when KVM made a VM
 * @kvm:	the VM, the caller holds a reference; it has had no vCPU yet that has run
 *
 * The clock that KVM shows the guest (KVM_GET_CLOCK) is 0 then, and goes on from there
 * until the VMM sets it, as it may at any time: so this may be anything.  That clock is
 * not slewed, CLOCK_MONOTONIC is; in the time that a VM takes to come to its first vCPU it
 * makes no difference.
 *
 * Process context.
 *
 * Return: CLOCK_MONOTONIC ns.
 */
u64 kvm_api_created_ns(const struct kvm *kvm)
{
	return kvm_api_clock_offset() - READ_ONCE(kvm->arch.kvmclock_offset);
}

/* What a vCPU's thread has itself told of by; once one was seen. */
const struct preempt_ops *kvm_api_preempt_ops;

/**
 * kvm_api_find_running_vcpu() - for kvm_api_running_vcpu()
 *
 * Return: as that says.
 */
struct kvm_vcpu *kvm_api_find_running_vcpu(void)
{
	struct preempt_notifier *notifier;

	/* Other hypervisors' threads have one, too. */
	hlist_for_each_entry(notifier, &current->preempt_notifiers, link) {
		if (kvm_find_holds(notifier->ops)) {
			WRITE_ONCE(kvm_api_preempt_ops, notifier->ops);
			return container_of(notifier, struct kvm_vcpu, preempt_notifier);
		}
	}
	return NULL;
}

struct kvm_api_file_search {
	unsigned int fd;
	struct file *file;
};

static int kvm_api_find_file(const void *data, struct file *file, unsigned int fd)
{
	struct kvm_api_file_search *search = (struct kvm_api_file_search *)data;

	/* iterate_fd() passes over what is closed. */
	if (fd == search->fd)
		search->file = get_file(file);
	return 1;
}

/**
 * kvm_api_file() - the file of a VM, by a process's descriptor
 * @task:	the process
 * @fd:		its descriptor
 *
 * Return: the file, for fput(), whose private_data is the struct kvm, and
 * whose f_op->owner (or NULL) the module that destroys it; -EBADF if there is
 * no such descriptor, -EINVAL if that is no VM.
 */
struct file *kvm_api_file(struct task_struct *task, int fd)
{
	struct kvm_api_file_search search = { .fd = fd };

	task_lock(task);
	iterate_fd(task->files, fd, kvm_api_find_file, &search);
	task_unlock(task);

	if (!search.file)
		return ERR_PTR(-EBADF);
	if (!kvm_api_is_vm(search.file)) {
		fput(search.file);
		return ERR_PTR(-EINVAL);
	}
	return search.file;
}

/**
 * kvm_api_register() - put a device on a VM's PIO bus
 * @kvm:	the VM; its slots_lock is held
 * @port:	the I/O port
 * @len:	0: accesses of any width match that start exactly there; else those
 *		within so many ports from there on
 * @dev:	the device.  Its destructor is called when the VM is destroyed,
 *		and may be when somebody's change of the bus fails for memory
 *
 * Return: 0, -ENOSPC (bus full) or -ENOMEM.
 */
int kvm_api_register(struct kvm *kvm, u16 port, int len, struct kvm_io_device *dev)
{
	return static_call(kvm_api_register_dev)(kvm, KVM_PIO_BUS, port, len, dev);
}

/**
 * kvm_api_port_taken() - whether a byte that is written to a port meets a device
 * @kvm:	the VM; its slots_lock is held
 * @port:	the I/O port
 * @len:	as it was registered with, or is to be
 * @ours:	look at those only that KVM asks before this one or, where it has more than
 *		one port, that may keep KVM from finding it; or NULL
 *
 * Return: it does; whether the device takes it may depend on its value.
 */
bool kvm_api_port_taken(struct kvm *kvm, u16 port, int len, const struct kvm_io_device *ours)
{
	const struct kvm_io_bus *bus = kvm_get_bus(kvm, KVM_PIO_BUS);
	int i;

	/* NULL since a change of the bus has failed for memory. */
	for (i = 0; bus && i < bus->dev_count; i++) {
		const struct kvm_io_range *range = &bus->range[i];

		if (range->dev == ours && !len)
			return false;
		if (range->dev != ours && port < range->addr + max(range->len, 1) &&
		    range->addr < port + max(len, 1))
			return true;
	}
	return false;
}

/**
 * kvm_api_unregister() - take a device from a VM's PIO bus
 * @kvm:	the VM; its slots_lock is held
 * @dev:	the device
 *
 * When it returns no access is in the device's functions.  If the new bus
 * cannot be allocated, KVM destroys the whole bus and with it other devices.
 *
 * Whether KVM has called this one's destructor depends on the kernel, and on
 * there being memory: the caller has to see to it that it has been done.
 */
void kvm_api_unregister(struct kvm *kvm, struct kvm_io_device *dev)
{
	static_call(kvm_api_unregister_dev)(kvm, KVM_PIO_BUS, dev);
}
