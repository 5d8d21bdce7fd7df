// SPDX-License-Identifier: GPL-2.0
/* ioeventfd_vm.c - a VM that is attached by the backend "ioeventfd", and its work */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/wait.h>

#include "ioeventfd_vm.h"
#include "kvm_pio.h"
#include "registry.h"
#include "vm.h"

/* As uapi/dbgport.h says of DBGPORT_ATTACH. */
#define IOEVENTFD_VM_PATIENCE	(3 * HZ)

static atomic_t ioeventfd_vm_left;	/* that are not freed */
static DECLARE_WAIT_QUEUE_HEAD(ioeventfd_vm_changed);
static struct workqueue_struct *ioeventfd_vm_workers;
static work_func_t ioeventfd_vm_work;

/**
 * ioeventfd_vm_init() - have workers
 * @work:	what struct ioeventfd_vm says of its work
 *
 * Return: 0 or -ENOMEM.
 */
int ioeventfd_vm_init(work_func_t work)
{
	ioeventfd_vm_work = work;
	ioeventfd_vm_workers = alloc_workqueue("dbgport", WQ_UNBOUND, WQ_MAX_ACTIVE);
	return ioeventfd_vm_workers ? 0 : -ENOMEM;
}

/**
 * ioeventfd_vm_exit() - the opposite, after ioeventfd_vms_close()
 *
 * May sleep.
 */
void ioeventfd_vm_exit(void)
{
	destroy_workqueue(ioeventfd_vm_workers);
}

/* Last of all that is done for a VM. */
static void ioeventfd_vm_free(struct work_struct *work)
{
	struct ioeventfd_vm *iv = container_of(work, struct ioeventfd_vm, free);

	/* For vCPUs that come past it in the table. */
	kvm_pio_settle();
	dbgport_vm_put(iv->vm);
	kfree(iv);
	atomic_dec(&ioeventfd_vm_left);
	wake_up_all(&ioeventfd_vm_changed);
}

/**
 * ioeventfd_vm_create() - an entry for a VM
 * @vm:		the VM; the entry takes a reference
 * @kvm:	see struct ioeventfd_vm
 * @dir:	likewise
 *
 * It has one reference, the caller's.  May sleep.
 *
 * Return: the entry; NULL without memory.
 */
struct ioeventfd_vm *ioeventfd_vm_create(struct dbgport_vm *vm, const struct kvm *kvm,
					 const struct inode *dir)
{
	struct ioeventfd_vm *iv = kzalloc(sizeof(*iv), GFP_KERNEL_ACCOUNT);

	if (!iv)
		return NULL;
	iv->vm = dbgport_vm_get(vm);
	iv->kvm = kvm;
	iv->dir = dir;
	iv->on = vm->ports.on;
	iv->ports = iv->on;
	iv->tee = vm->tee;
	/* No slot yet. */
	iv->last = DBGPORT_MAX_PORTS;
	refcount_set(&iv->ref, 1);
	INIT_DELAYED_WORK(&iv->work, ioeventfd_vm_work);
	INIT_WORK(&iv->free, ioeventfd_vm_free);
	atomic_inc(&ioeventfd_vm_left);
	return iv;
}

/**
 * ioeventfd_vm_put() - give back a reference
 * @iv:		the entry
 */
void ioeventfd_vm_put(struct ioeventfd_vm *iv)
{
	if (refcount_dec_and_test(&iv->ref))
		queue_work(ioeventfd_vm_workers, &iv->free);
}

/**
 * ioeventfd_vm_ask() - have a VM's work done
 * @iv:		the entry, which is in the table; the table's lock is held
 * @delay:	in jiffies
 */
void ioeventfd_vm_ask(struct ioeventfd_vm *iv, unsigned long delay)
{
	refcount_inc(&iv->ref);
	/* One reference is enough for what is queued once. */
	if (mod_delayed_work(ioeventfd_vm_workers, &iv->work, delay))
		refcount_dec(&iv->ref);
}

/**
 * ioeventfd_vm_ask_now() - have a VM's work done for what was just changed
 * @iv:		as ioeventfd_vm_ask() says
 */
void ioeventfd_vm_ask_now(struct ioeventfd_vm *iv)
{
	iv->asked++;
	ioeventfd_vm_ask(iv, 0);
}

/**
 * ioeventfd_vm_done() - a VM's work has come to its end
 * @iv:		the entry
 * @asked:	as it was when the work began
 */
void ioeventfd_vm_done(struct ioeventfd_vm *iv, unsigned long asked)
{
	WRITE_ONCE(iv->done, asked);
	wake_up_all(&ioeventfd_vm_changed);
}

static bool ioeventfd_vm_is_done(struct ioeventfd_vm *iv, unsigned long asked)
{
	return (long)(READ_ONCE(iv->done) - asked) >= 0 || READ_ONCE(iv->ended);
}

/**
 * ioeventfd_vm_wait() - wait for what was asked of a VM
 * @iv:		the entry
 *
 * May sleep; gives up after a while, since the VM can hold it up, and says so.
 *
 * Return: 0; -ETIMEDOUT or -EINTR if it is still to be done.
 */
int ioeventfd_vm_wait(struct ioeventfd_vm *iv)
{
	unsigned long asked = READ_ONCE(iv->asked);
	long ret;

	ret = wait_event_killable_timeout(ioeventfd_vm_changed, ioeventfd_vm_is_done(iv, asked),
					  IOEVENTFD_VM_PATIENCE);
	if (ret > 0)
		return 0;
	if (ret)
		return -EINTR;
	pr_warn_ratelimited("VM %u of %s[%d] holds up KVM: what was asked for is done when it goes on\n",
			    READ_ONCE(iv->vm->id), iv->vm->comm, pid_nr(iv->vm->pid));
	return -ETIMEDOUT;
}

/**
 * ioeventfd_vm_published() - a VM is known to readers
 * @iv:		the entry, whose work was asked for if there is some
 */
void ioeventfd_vm_published(struct ioeventfd_vm *iv)
{
	WRITE_ONCE(iv->published, true);
	wake_up_all(&ioeventfd_vm_changed);
}

/**
 * ioeventfd_vm_wait_attached() - wait for what was asked of a VM that somebody attaches
 * @iv:		the entry
 *
 * May sleep; gives up after a while.
 *
 * Return: as ioeventfd_vm_wait() says.
 */
int ioeventfd_vm_wait_attached(struct ioeventfd_vm *iv)
{
	long left = wait_event_killable_timeout(ioeventfd_vm_changed,
						READ_ONCE(iv->published) || READ_ONCE(iv->ended),
						IOEVENTFD_VM_PATIENCE);

	if (left <= 0)
		return left ? -EINTR : -ETIMEDOUT;
	return ioeventfd_vm_wait(iv);
}

/**
 * ioeventfd_vm_wait_for_last() - wait until no VM's entry is left
 *
 * None is created meanwhile.  May sleep; gives up after a while.
 *
 * Return: whether there is none.
 */
bool ioeventfd_vm_wait_for_last(void)
{
	return wait_event_timeout(ioeventfd_vm_changed, !atomic_read(&ioeventfd_vm_left),
				  IOEVENTFD_VM_PATIENCE);
}

/**
 * ioeventfd_vm_tell_end() - tell of the end of a VM that was in the table
 * @iv:		the entry; the table's reference is put
 *
 * May sleep.
 */
void ioeventfd_vm_tell_end(struct ioeventfd_vm *iv)
{
	dbgport_registry_end(iv->vm);
	WRITE_ONCE(iv->ended, true);
	wake_up_all(&ioeventfd_vm_changed);
	ioeventfd_vm_put(iv);
}
