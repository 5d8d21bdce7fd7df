// SPDX-License-Identifier: GPL-2.0
/*
 * ioeventfd.c - the backend that listens to KVM's tracepoint of port I/O
 *
 * Uses nothing of KVM but what it offers to a VMM, and to whoever traces it.  The
 * tracepoint tells of each access in the vCPU's thread, before anybody is asked to
 * answer it: so writes are recorded.  What claims them is an ioeventfd without a
 * length, which takes writes of any width and value at its port.  Nobody listens
 * to the eventfd, and all VMs have the same one.
 *
 * The kernel lets no module make an eventfd: user space gives it, once.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/sched/task.h>
#include <linux/workqueue.h>

#include "backend.h"
#include "ioeventfd_claim.h"
#include "ioeventfd_record.h"
#include "ioeventfd_vm.h"
#include "ioeventfd_vms.h"
#include "kvm_pio.h"
#include "registry.h"
#include "vm.h"
#include "vmdir.h"

/* After so long it is tried again whether there is room for one's user's work. */
#define IOEVENTFD_PAUSE_MS	20

/* So often, a second between two times, before a VM is let go of claimed. */
#define IOEVENTFD_TRIES		5

static struct file *ioeventfd_event;	/* once it was given */

/*
 * The file of a VM, for fput(); -ESRCH if the VM or its VMM has ended, -ENOENT if
 * the VMM has closed it and keeps vCPUs.
 */
static struct file *ioeventfd_file(struct ioeventfd_vm *iv)
{
	struct task_struct *process = get_pid_task(iv->vm->pid, PIDTYPE_TGID);
	struct file *file;

	if (!process)
		return ERR_PTR(-ESRCH);
	file = vmdir_file(process, iv->dir);
	put_task_struct(process);
	if (!file)
		return ERR_PTR(-ENOENT);
	/* Else it is another VM's, whose directory is where this one's was. */
	if (ioeventfd_vms_hold(iv))
		return file;
	fput(file);
	return ERR_PTR(-ESRCH);
}

static bool ioeventfd_is_wanted(const struct ioeventfd_vm *iv)
{
	return READ_ONCE(iv->wanted) && !READ_ONCE(iv->closing) && READ_ONCE(ioeventfd_event);
}

static int ioeventfd_apply(struct ioeventfd_vm *iv, struct file *file)
{
	u32 ports = READ_ONCE(iv->ports), tee = READ_ONCE(iv->tee);
	u32 claimed = ioeventfd_is_wanted(iv) ? ports & ~tee : 0;
	int ret = 0;

	/* New ones are recorded before they are claimed, and those that go after that. */
	ioeventfd_record(iv, iv->on | ports);
	if (iv->taken != claimed)
		ret = IS_ERR(file) ? PTR_ERR(file) :
		      ioeventfd_claim(iv, file, ioeventfd_event, claimed);
	/* The VMM is busy with its memory, which must not keep the module for good. */
	if (ret == -EINTR && (!READ_ONCE(iv->closing) || iv->tries++ < IOEVENTFD_TRIES))
		return ret;
	if (ret && ret != -ESRCH)
		pr_warn_ratelimited("VM %u of %s[%d] was not %s (error %d)\n", iv->vm->id,
				    iv->vm->comm, pid_nr(iv->vm->pid),
				    claimed ? "claimed" : "given back", ret);
	ioeventfd_record(iv, ports);
	dbgport_ports_set_on(&iv->vm->ports, ports);
	WRITE_ONCE(iv->vm->tee, tee);
	return 0;
}

static void ioeventfd_end(struct ioeventfd_vm *iv, struct file *file)
{
	/* It stays in the table, where an unload that waits for it finds its name. */
	ioeventfd_record(iv, 0);
	/* For vCPUs that have seen it otherwise. */
	if (IS_ERR(file))
		kvm_pio_settle();
	else
		ioeventfd_claim_settle(file->private_data);
	if (!ioeventfd_vms_remove(iv))
		return;
	WRITE_ONCE(iv->vm->detached, true);
	ioeventfd_vm_tell_end(iv);
}

static void ioeventfd_do(struct ioeventfd_vm *iv)
{
	unsigned long asked = READ_ONCE(iv->asked);
	struct file *file;
	bool closing;

	/* Whoever asks says what for before. */
	smp_rmb();
	closing = READ_ONCE(iv->closing);
	file = ioeventfd_file(iv);
	if (ioeventfd_apply(iv, file)) {
		ioeventfd_vms_ask_again(iv, HZ);
	} else {
		if (closing)
			ioeventfd_end(iv, file);
		ioeventfd_vm_done(iv, asked);
	}
	if (!IS_ERR(file))
		fput(file);
}

static void ioeventfd_work(struct work_struct *work)
{
	struct ioeventfd_vm *iv = container_of(to_delayed_work(work), struct ioeventfd_vm, work);

	if (ioeventfd_vms_begin(iv)) {
		ioeventfd_do(iv);
		ioeventfd_vms_finish(iv);
	} else {
		ioeventfd_vms_ask_again(iv, msecs_to_jiffies(IOEVENTFD_PAUSE_MS));
	}
	ioeventfd_vm_put(iv);
}

/* The registry has decided; its lock is held. */
static void ioeventfd_follow(struct dbgport_vm *vm, bool claim)
{
	ioeventfd_vms_set_wanted(vm, claim);
}

static int ioeventfd_publish(struct ioeventfd_vm *iv)
{
	int ret = dbgport_registry_publish(iv->vm);

	if (ret) {
		ioeventfd_end(iv, ERR_PTR(-ESRCH));
		return ret;
	}
	ioeventfd_vm_published(iv);
	/* So that the first instruction of a new VM is claimed. */
	ioeventfd_vm_wait(iv);
	return 0;
}

/* Of a VM that somebody else attaches, or has attached; the reference is put. */
static u32 ioeventfd_id_of(struct ioeventfd_vm *iv)
{
	u32 id;

	/* Likewise. */
	ioeventfd_vm_wait_attached(iv);
	id = READ_ONCE(iv->vm->id);
	ioeventfd_vm_put(iv);
	return id;
}

static int ioeventfd_attach(struct dbgport_vm *vm, struct kvm *kvm, struct module *vendor,
			    bool own, u32 *id)
{
	const struct inode *dir = vmdir_of(kvm);
	struct ioeventfd_vm *iv, *other;
	int ret;

	/* We would not see its end. */
	if (!dir)
		return -EOPNOTSUPP;
	iv = ioeventfd_vm_create(vm, kvm, dir);
	if (!iv)
		return -ENOMEM;
	vm->follow = ioeventfd_follow;
	ioeventfd_record(iv, iv->ports);
	ret = ioeventfd_record_prepare(vm, kvm) ?: ioeventfd_vms_add(iv, &other);
	if (ret == -EEXIST)
		*id = ioeventfd_id_of(other);
	if (!ret)
		ret = ioeventfd_publish(iv);
	if (!ret)
		*id = vm->id;
	ioeventfd_vm_put(iv);
	return ret;
}

static int ioeventfd_detach(struct dbgport_vm *vm)
{
	struct ioeventfd_vm *iv = ioeventfd_vms_find(vm, true);
	int ret;

	if (!iv)
		return -ENOENT;
	ret = ioeventfd_vm_wait(iv);
	ioeventfd_vm_put(iv);
	return ret;
}

static int ioeventfd_set_ports(struct dbgport_vm *vm, const u16 *ports, const u16 *flags,
			       u32 n)
{
	struct ioeventfd_vm *iv = ioeventfd_vms_find(vm, false);
	int wanted;
	int ret;

	if (!iv)
		return -ENOENT;
	wanted = dbgport_ports_find(&vm->ports, ports, n, DBGPORT_MAX_PORTS);
	if (wanted < 0) {
		ret = wanted;
	} else {
		ioeventfd_vms_set_ports(iv, wanted,
					dbgport_ports_flagged(&vm->ports, ports, flags, n,
							      DBGPORT_PORT_TEE));
		ret = ioeventfd_vm_wait(iv);
	}
	ioeventfd_vm_put(iv);
	return ret;
}

static int ioeventfd_give(struct file *file)
{
	struct eventfd_ctx *ctx = eventfd_ctx_fileget(file);

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	eventfd_ctx_put(ctx);
	if (cmpxchg(&ioeventfd_event, NULL, get_file(file))) {
		fput(file);
		return -EEXIST;
	}
	/* Now all that were to be claimed can be. */
	ioeventfd_vms_ask_all();
	return 0;
}

static struct vmdir_watch ioeventfd_gone = { .tell = ioeventfd_vms_gone };

static int ioeventfd_init(void)
{
	int ret = ioeventfd_vm_init(ioeventfd_work);

	if (ret)
		return ret;
	ret = vmdir_watch(&ioeventfd_gone, FS_DELETE);
	if (ret)
		goto err_vms;
	ret = ioeventfd_record_init();
	if (ret)
		goto err_watch;
	return 0;

err_watch:
	vmdir_unwatch(&ioeventfd_gone);
err_vms:
	ioeventfd_vm_exit();
	return ret;
}

static void ioeventfd_exit(void)
{
	ioeventfd_record_exit();
	vmdir_unwatch(&ioeventfd_gone);
	ioeventfd_vm_exit();
	if (ioeventfd_event)
		fput(ioeventfd_event);
}

const struct dbgport_backend dbgport_ioeventfd = {
	.id		= DBGPORT_BACKEND_IOEVENTFD,
	.init		= ioeventfd_init,
	.exit		= ioeventfd_exit,
	.attach		= ioeventfd_attach,
	.detach		= ioeventfd_detach,
	.set_ports	= ioeventfd_set_ports,
	.detach_all	= ioeventfd_vms_close,
	.give		= ioeventfd_give,
};
