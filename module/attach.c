// SPDX-License-Identifier: GPL-2.0
/*
 * attach.c - how VMs come in
 *
 * A new VM is noticed where nothing can be done about it: in a probe of the
 * function that ends the creation of its first vCPU, or while KVM makes its
 * directory in debugfs.  So the thread that makes it is given task work, which
 * runs when its ioctl returns to user space.  There it may sleep and holds none
 * of KVM's locks, and user space has not been given the descriptor by which the
 * vCPU, or the VM, could be used.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/task_work.h>
#include <linux/wait.h>

#include "attach.h"
#include "backend.h"
#include "kvm_api.h"
#include "listener.h"
#include "rules.h"
#include "vm.h"
#include "vmdir.h"

/**
 * struct attach_work - a VM that is to be attached
 * @work:	for the thread that made it
 * @vcpu:	its first vCPU; with it, we hold a reference on the VM
 * @dir:	or its directory, of which only the address is used
 */
struct attach_work {
	struct callback_head work;
	union {
		struct kvm_vcpu *vcpu;
		const struct inode *dir;
	};
};

/*
 * The probe may run in a breakpoint's exception, where memory cannot be had for
 * sure, and on PREEMPT_RT not at all; nor may a lock be taken, not even the
 * clock's.  So works come from a fixed pool.  A thread needs one from the
 * probe until its ioctl returns: that is as many at a time as threads that are
 * just making a VM.
 */
#define ATTACH_WORKS	512

static struct attach_work attach_works[ATTACH_WORKS];
static DECLARE_BITMAP(attach_works_used, ATTACH_WORKS);

/* Works that were given to threads and have not run to their end. */
static atomic_t attach_pending = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(attach_none_pending);

static struct attach_work *attach_work_get(void)
{
	unsigned int i;

	do {
		i = find_first_zero_bit(attach_works_used, ATTACH_WORKS);
		if (i >= ATTACH_WORKS)
			return NULL;
	} while (test_and_set_bit_lock(i, attach_works_used));
	return &attach_works[i];
}

static void attach_work_put(struct attach_work *work)
{
	clear_bit_unlock(work - attach_works, attach_works_used);
}

static void attach_current(struct kvm *kvm, struct module *vendor)
{
	struct dbgport_vm *vm = dbgport_vm_create(current, false);
	int ret = -ENOMEM;
	u32 id;

	if (vm) {
		ret = dbgport_rules_check(current) ?:
		      dbgport_backend->attach(vm, kvm, vendor, &id);
		dbgport_vm_put(vm);
	}
	/* Its VMM may have had it attached before it made a vCPU. */
	if (ret && ret != -EACCES && ret != -EEXIST)
		pr_warn_ratelimited("a VM of %s[%d] was not attached (error %d)\n",
				    current->comm, task_tgid_nr(current), ret);
}

/* Nothing of a thread's work comes after this. */
static void attach_work_done(void)
{
	if (atomic_dec_and_test(&attach_pending))
		wake_up(&attach_none_pending);
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

static struct attach_work *attach_work_new(task_work_func_t func)
{
	struct attach_work *work = attach_work_get();

	if (!work) {
		pr_warn_ratelimited("a VM of %s[%d] was not attached: too many are being made at once\n",
				    current->comm, task_tgid_nr(current));
		return NULL;
	}
	init_task_work(&work->work, func);
	return work;
}

/* Return: false if the thread is exiting. */
static bool attach_work_leave(struct attach_work *work)
{
	atomic_inc(&attach_pending);
	if (!task_work_add(current, &work->work, TWA_RESUME))
		return true;
	atomic_dec(&attach_pending);
	return false;
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

static struct vmdir_watch attach_new_dirs = { .tell = attach_new_dir };

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
	ret = dbgport_backend->attach(vm, file->private_data, file->f_op->owner, id);

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
	return dbgport_backend->probes ? kvm_api_watch(attach_new_vcpu) :
		vmdir_watch(&attach_new_dirs, FS_CREATE);
}

/**
 * dbgport_attach_exit() - attach no more, and let go of all VMs
 *
 * May sleep.
 */
void dbgport_attach_exit(void)
{
	if (dbgport_backend->probes)
		kvm_api_unwatch();
	else
		vmdir_unwatch(&attach_new_dirs);
	wait_event(attach_none_pending, !atomic_read(&attach_pending));
	dbgport_backend->detach_all();
	/*
	 * The last function of ours that a VMM's thread was in may not have
	 * returned yet, though it has nothing to do any more.
	 */
	synchronize_rcu_tasks();
}
