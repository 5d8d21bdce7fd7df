// SPDX-License-Identifier: GPL-2.0
/*
 * attach.c - how VMs come in
 *
 * Where the creation of a VM's first vCPU is probed, or that of the VM is seen
 * in debugfs, nothing can be registered.  Work is left to the same thread for the
 * moment when its ioctl returns: it may sleep then, holds none of KVM's locks,
 * and has not yet given the vCPU, or VM, to anybody who could run it.
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
 * Where a vCPU is probed, possibly in a breakpoint's exception, memory cannot
 * be had for sure, and on PREEMPT_RT not at all; nor may a lock be taken,
 * not even the clock's.  A work is in use from there to the end of the same ioctl,
 * so at any time there are as many as threads that are just between the two.
 */
#define WORKS	512

static struct attach_work works[WORKS];
static DECLARE_BITMAP(works_used, WORKS);

/* Works that were given to threads and have not run to their end. */
static atomic_t pending = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(none_pending);

static struct attach_work *work_get(void)
{
	unsigned int i;

	do {
		i = find_first_zero_bit(works_used, WORKS);
		if (i >= WORKS)
			return NULL;
	} while (test_and_set_bit_lock(i, works_used));
	return &works[i];
}

static void work_put(struct attach_work *work)
{
	clear_bit_unlock(work - works, works_used);
}

static void attach(struct kvm *kvm, struct module *vendor)
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

/* Last of all that a thread does here. */
static void work_done(void)
{
	if (atomic_dec_and_test(&pending))
		wake_up(&none_pending);
}

/* In the VMM's thread, on its way back to user space; may sleep. */
static void attach_by_vcpu(struct callback_head *head)
{
	struct attach_work *work = container_of(head, struct attach_work, work);
	struct kvm_vcpu *vcpu = work->vcpu;
	struct kvm *kvm = vcpu->kvm;
	struct module *vendor = kvm_api_vendor(vcpu);

	work_put(work);
	attach(kvm, vendor);
	kvm_api_put(kvm);
	module_put(vendor);
	work_done();
}

/* Likewise. */
static void attach_by_dir(struct callback_head *head)
{
	struct attach_work *work = container_of(head, struct attach_work, work);
	struct file *file = vmdir_file(current, work->dir);

	work_put(work);
	/* There is none if something failed after the directory was made. */
	if (file) {
		attach(file->private_data, file->f_op->owner);
		fput(file);
	}
	work_done();
}

static struct attach_work *work_new(task_work_func_t func)
{
	struct attach_work *work = work_get();

	if (!work) {
		pr_warn_ratelimited("a VM of %s[%d] was not attached: too many are being made at once\n",
				    current->comm, task_tgid_nr(current));
		return NULL;
	}
	init_task_work(&work->work, func);
	return work;
}

/* Return: false if the thread is exiting. */
static bool work_leave(struct attach_work *work)
{
	atomic_inc(&pending);
	if (!task_work_add(current, &work->work, TWA_RESUME))
		return true;
	atomic_dec(&pending);
	return false;
}

/* In the VMM's thread, atomic; the VM is held by the file of its ioctl. */
static void new_vcpu(struct kvm_vcpu *vcpu)
{
	struct attach_work *work = work_new(attach_by_vcpu);

	if (!work)
		return;
	if (kvm_api_get(vcpu->kvm)) {
		work->vcpu = vcpu;
		if (work_leave(work))
			return;
		/* Not the last reference: see above. */
		kvm_api_put(vcpu->kvm);
	}
	work_put(work);
}

/* In the VMM's thread. */
static void new_dir(const struct inode *dir)
{
	struct attach_work *work = work_new(attach_by_dir);

	if (!work)
		return;
	work->dir = dir;
	if (!work_leave(work))
		work_put(work);
}

static struct vmdir_watch new_dirs = { .tell = new_dir };

/* By its id in the caller's namespace; 0 is the caller itself. */
static struct task_struct *get_process(pid_t id)
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

/* Who makes the first vCPU after this comes past the attachment: see iodev.c. */
static bool has_vcpus(const struct file *file)
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
 * May sleep.  Return: 0, or as DBGPORT_ATTACH says.
 */
int dbgport_attach_late(const struct dbgport_listener *listener, pid_t pid, int fd, u32 *id)
{
	struct task_struct *vmm;
	struct dbgport_vm *vm;
	struct file *file;
	int ret = -ENOMEM;

	vmm = get_process(pid);
	if (!vmm)
		return -ESRCH;
	file = kvm_api_file(vmm, fd);
	/* Identity after the file: an exec would have changed both. */
	vm = dbgport_vm_create(vmm, !IS_ERR(file) && has_vcpus(file));

	if (vm && !dbgport_listener_sees(listener, vm))
		ret = -EPERM;
	else if (IS_ERR(file))
		ret = PTR_ERR(file);
	else if (vm)
		ret = dbgport_rules_check(vmm) ?:
		      dbgport_backend->attach(vm, file->private_data, file->f_op->owner, id);

	if (vm)
		dbgport_vm_put(vm);
	if (!IS_ERR(file))
		fput(file);
	put_task_struct(vmm);
	return ret;
}

/** dbgport_attach_init() - from now on, attach each new VM.  Return: 0 or error */
int dbgport_attach_init(void)
{
	return dbgport_backend->probes ? kvm_api_watch(new_vcpu) :
		vmdir_watch(&new_dirs, FS_CREATE);
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
		vmdir_unwatch(&new_dirs);
	wait_event(none_pending, !atomic_read(&pending));
	dbgport_backend->detach_all();
	/*
	 * The last function of ours that a VMM's thread was in may not have
	 * returned yet, though it has nothing to do any more.
	 */
	synchronize_rcu_tasks();
}
