// SPDX-License-Identifier: GPL-2.0
/*
 * attach.c - how VMs come in
 *
 * A new VM is noticed where nothing can be done about it: in a probe of a
 * function at the end of the creation of its first vCPU, or while KVM makes its
 * directory in debugfs.  So the thread that makes it is given task work, which
 * runs when its ioctl returns to user space.  There it may sleep and holds none
 * of KVM's locks, and user space has not been given the descriptor by which the
 * vCPU, or the VM, could be used.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

#include "attach.h"
#include "attach_work.h"
#include "backend.h"
#include "kvm_api.h"
#include "kvm_watch.h"
#include "listener.h"
#include "rules.h"
#include "vm.h"
#include "vmdir.h"

static bool attach_is_failure(int ret)
{
	switch (ret) {
	case 0:
	/* Left out by a rule. */
	case -EACCES:
	/* Its VMM may have had it attached before it made a vCPU. */
	case -EEXIST:
	/* Its VMM has been killed, or the module is being unloaded. */
	case -ERESTARTSYS:
	case -ESHUTDOWN:
		return false;
	default:
		return true;
	}
}

/*
 * When KVM made the VM; 0 if that cannot be: its VMM has set the clock that tells it.
 */
static u64 attach_created_ns(const struct dbgport_vm *vm, const struct kvm *kvm)
{
	u64 ns = kvm_api_created_ns(kvm);

	return ns >= vm->started_ns && ns <= vm->zero_ns ? ns : 0;
}

static void attach_current(struct kvm *kvm, struct module *vendor)
{
	struct dbgport_vm *vm = dbgport_vm_create(current, false);
	int ret = -ENOMEM;
	u32 id;

	if (vm) {
		vm->created_ns = attach_created_ns(vm, kvm);
		ret = dbgport_rules_check(current) ?:
		      dbgport_backend->attach(vm, kvm, vendor, true, &id);
		dbgport_vm_put(vm);
	}
	if (attach_is_failure(ret))
		pr_warn_ratelimited("a VM of %s[%d] was not attached (error %d)\n",
				    current->comm, task_tgid_nr(current), ret);
}

/* In the VMM's thread, on its way back to user space; may sleep. */
static void attach_by_vcpu(struct callback_head *head)
{
	struct attach_work *work = container_of(head, struct attach_work, work);
	struct kvm_vcpu *vcpu = work->vcpu;
	struct kvm *kvm = vcpu->kvm;
	struct module *vendor = kvm_api_vendor(vcpu);

	attach_work_put(work);
	attach_current(kvm, vendor);
	kvm_api_put(kvm);
	module_put(vendor);
	attach_work_done();
}

/* In the VMM's thread, on its way back to user space; may sleep. */
static void attach_by_dir(struct callback_head *head)
{
	struct attach_work *work = container_of(head, struct attach_work, work);
	struct file *file = vmdir_file(current, work->dir);

	attach_work_put(work);
	/* There is none if something failed after the directory was made. */
	if (file) {
		attach_current(file->private_data, file->f_op->owner);
		fput(file);
	}
	attach_work_done();
}

/* In the VMM's thread, atomic; the VM is held by the file of its ioctl. */
static void attach_new_vcpu(struct kvm_vcpu *vcpu)
{
	struct attach_work *work = attach_work_new(attach_by_vcpu);

	if (!work)
		return;
	if (kvm_api_get(vcpu->kvm)) {
		work->vcpu = vcpu;
		if (attach_work_leave(work))
			return;
		/* Not the last reference: see above. */
		kvm_api_put(vcpu->kvm);
	}
	attach_work_put(work);
}

/* In the VMM's thread. */
static void attach_new_dir(const struct inode *dir)
{
	struct attach_work *work = attach_work_new(attach_by_dir);

	if (!work)
		return;
	work->dir = dir;
	if (!attach_work_leave(work))
		attach_work_put(work);
}

/* A VM that the probe would miss is attached before it has a vCPU, then. */
static void attach_missed_dir(const struct inode *dir)
{
	if (kvm_watch_works())
		return;
	pr_warn_ratelimited("this kernel's probes are switched off, by /sys/kernel/debug/kprobes/enabled or kernel.ftrace_enabled: new VMs are attached when they are made, with CPUs or without\n");
	attach_new_dir(dir);
}

static struct vmdir_watch attach_new_dirs;

/* By its id in the caller's namespace; 0 is the caller itself. */
static struct task_struct *attach_get_process(pid_t id)
{
	struct pid *pid;
	struct task_struct *task;

	if (!id)
		return get_task_struct(current);
	pid = find_get_pid(id);
	task = get_pid_task(pid, PIDTYPE_TGID);
	put_pid(pid);
	return task;
}

/*
 * Whoever holds a descriptor may have been given it, and its VM is not his; nor does
 * KVM do anything to a VM for another address space than its maker's.
 */
static bool attach_is_made_by(const struct file *file, struct task_struct *vmm)
{
	const struct kvm *kvm = file->private_data;
	bool same;

	task_lock(vmm);
	same = vmm->mm && vmm->mm == kvm->mm;
	task_unlock(vmm);
	return same;
}

/* Who makes the first vCPU after this comes past the attachment: see iodev.c. */
static bool attach_has_vcpus(const struct file *file)
{
	const struct kvm *kvm = file->private_data;

	return READ_ONCE(kvm->created_vcpus) > 0;
}

/**
 * dbgport_attach_late() - take in a VM by its descriptor
 * @listener:	on whose behalf
 * @pid:	the VMM in the caller's pid namespace; 0 is the caller
 * @fd:		its descriptor of the VM, which is late if it has a vCPU
 * @id:		set to the VM's id, if it is attached now or was before
 *
 * May sleep.
 *
 * Return: 0, or as DBGPORT_ATTACH says.
 */
int dbgport_attach_late(const struct dbgport_listener *listener, pid_t pid, int fd, u32 *id)
{
	struct task_struct *vmm;
	struct dbgport_vm *vm;
	struct file *file;
	int ret;

	vmm = attach_get_process(pid);
	if (!vmm)
		return -ESRCH;
	vm = dbgport_vm_create(vmm, false);
	if (!vm) {
		ret = -ENOMEM;
		goto put_vmm;
	}
	/* Before anything is done with another's file, or said about it. */
	if (!dbgport_listener_sees(listener, vm)) {
		ret = -EPERM;
		goto put_vm;
	}
	file = kvm_api_file(vmm, fd);
	if (IS_ERR(file)) {
		ret = PTR_ERR(file);
		goto put_vm;
	}
	/* After an exec since then, which changes who it is, it would not be. */
	if (!attach_is_made_by(file, vmm)) {
		ret = -EIO;
		goto put_file;
	}
	ret = dbgport_rules_check(vmm);
	if (ret)
		goto put_file;
	vm->late = attach_has_vcpus(file);
	if (!vm->late)
		vm->created_ns = attach_created_ns(vm, file->private_data);
	ret = dbgport_backend->attach(vm, file->private_data, file->f_op->owner, false, id);

put_file:
	fput(file);
put_vm:
	dbgport_vm_put(vm);
put_vmm:
	put_task_struct(vmm);
	return ret;
}

/**
 * dbgport_attach_init() - attach each new VM from now on
 *
 * May sleep.
 *
 * Return: 0 or a negative error; the log then has a line.
 */
int dbgport_attach_init(void)
{
	int ret;

	attach_new_dirs.tell = dbgport_backend->probes ? attach_missed_dir : attach_new_dir;
	if (!dbgport_backend->probes)
		return vmdir_watch(&attach_new_dirs, FS_CREATE);
	ret = kvm_watch(attach_new_vcpu);
	if (ret || !debugfs_initialized())
		return ret;
	ret = vmdir_watch(&attach_new_dirs, FS_CREATE);
	if (ret)
		kvm_unwatch();
	return ret;
}

/**
 * dbgport_attach_exit() - attach no more, and let go of all VMs
 *
 * May sleep.
 */
void dbgport_attach_exit(void)
{
	if (!dbgport_backend->probes || debugfs_initialized())
		vmdir_unwatch(&attach_new_dirs);
	if (dbgport_backend->probes)
		kvm_unwatch();
	dbgport_backend->detach_all();
	attach_work_wait_for_none();
	/* Those that came in meanwhile. */
	dbgport_backend->detach_all();
	/*
	 * The last function of ours that a VMM's thread was in may not have
	 * returned yet, though it has nothing to do any more.
	 */
	synchronize_rcu_tasks();
}
