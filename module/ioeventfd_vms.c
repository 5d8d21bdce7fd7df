// SPDX-License-Identifier: GPL-2.0
/* ioeventfd_vms.c - the table of VMs that are attached by the backend "ioeventfd" */
#include <linux/errno.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>
#include <linux/uidgid.h>

#include "ioeventfd_vms.h"
#include "vm.h"

/* VMs of one user that may be worked on at a time: others' are not to wait for them. */
#define IOEVENTFD_VMS_BUSY	64

/*
 * Guards the table, dbgport_vm.backend, which is the VM's entry as long as that is
 * in the table, and what struct ioeventfd_vm says.  A VM is taken from the
 * table before its memory is freed, so one that is there may be given work.
 * Inside of the registry's lock; nobody sleeps under it.
 */
static DEFINE_SPINLOCK(ioeventfd_vms_lock);
DEFINE_HASHTABLE(ioeventfd_vms_table, 8);
static bool ioeventfd_vms_closed;

/* With the lock held. */
static struct ioeventfd_vm *ioeventfd_vms_lookup(const struct kvm *kvm)
{
	struct ioeventfd_vm *iv;

	hash_for_each_possible(ioeventfd_vms_table, iv, node, (unsigned long)kvm) {
		if (iv->kvm == kvm)
			return iv;
	}
	return NULL;
}

/**
 * ioeventfd_vms_add() - put an entry into the table, which takes a reference
 * @iv:		the entry; its VM is recorded from now on
 * @other:	for -EEXIST, set to the entry that the VM has, with a reference
 *
 * Return: 0; -EEXIST; -ESHUTDOWN if none is added any more.
 */
int ioeventfd_vms_add(struct ioeventfd_vm *iv, struct ioeventfd_vm **other)
{
	int ret = 0;

	spin_lock(&ioeventfd_vms_lock);
	*other = ioeventfd_vms_lookup(iv->kvm);
	if (*other) {
		refcount_inc(&(*other)->ref);
		ret = -EEXIST;
	} else if (ioeventfd_vms_closed) {
		ret = -ESHUTDOWN;
	} else {
		refcount_inc(&iv->ref);
		iv->listed = true;
		iv->vm->backend = iv;
		hash_add_rcu(ioeventfd_vms_table, &iv->node, (unsigned long)iv->kvm);
	}
	spin_unlock(&ioeventfd_vms_lock);
	return ret;
}

/**
 * ioeventfd_vms_find() - the entry of a VM, unless somebody detaches it
 * @vm:		the VM
 * @close:	the caller does, now
 *
 * Return: the entry with a reference; or NULL.
 */
struct ioeventfd_vm *ioeventfd_vms_find(struct dbgport_vm *vm, bool close)
{
	struct ioeventfd_vm *iv;

	spin_lock(&ioeventfd_vms_lock);
	iv = vm->backend;
	if (iv && iv->closing)
		iv = NULL;
	if (iv)
		refcount_inc(&iv->ref);
	if (iv && close) {
		WRITE_ONCE(iv->closing, true);
		ioeventfd_vm_ask_now(iv);
	}
	spin_unlock(&ioeventfd_vms_lock);
	return iv;
}

/* Return: whether the caller has to tell of its end; with the lock held. */
static bool ioeventfd_vms_unlist(struct ioeventfd_vm *iv)
{
	if (!iv->listed)
		return false;
	hash_del_rcu(&iv->node);
	WRITE_ONCE(iv->listed, false);
	iv->vm->backend = NULL;
	/* Nobody asks for work after this. */
	if (cancel_delayed_work(&iv->work))
		refcount_dec(&iv->ref);
	return true;
}

/**
 * ioeventfd_vms_remove() - take a VM from the table
 * @iv:		the entry
 *
 * Return: whether the caller is to call ioeventfd_vm_tell_end(), when no vCPU
 * writes to it any more.
 */
bool ioeventfd_vms_remove(struct ioeventfd_vm *iv)
{
	bool unlisted;

	spin_lock(&ioeventfd_vms_lock);
	unlisted = ioeventfd_vms_unlist(iv);
	spin_unlock(&ioeventfd_vms_lock);
	return unlisted;
}

/**
 * ioeventfd_vms_hold() - whether a VM has not ended
 * @iv:		the entry
 *
 * If the caller has got hold of a VM with this one's address, it is this one.
 *
 * Return: whether it is in the table.
 */
bool ioeventfd_vms_hold(struct ioeventfd_vm *iv)
{
	bool listed;

	spin_lock(&ioeventfd_vms_lock);
	listed = iv->listed;
	spin_unlock(&ioeventfd_vms_lock);
	return listed;
}

/**
 * ioeventfd_vms_gone() - a VM is being destroyed
 * @dir:	its directory in debugfs
 *
 * None of its vCPUs is left.  May sleep.
 */
void ioeventfd_vms_gone(const struct inode *dir)
{
	struct ioeventfd_vm *iv, *gone = NULL;
	int bucket;

	spin_lock(&ioeventfd_vms_lock);
	hash_for_each(ioeventfd_vms_table, bucket, iv, node) {
		if (iv->dir == dir) {
			gone = iv;
			ioeventfd_vms_unlist(iv);
			break;
		}
	}
	spin_unlock(&ioeventfd_vms_lock);
	if (gone)
		ioeventfd_vm_tell_end(gone);
}

/**
 * ioeventfd_vms_set_wanted() - it was decided whether a VM is to be claimed
 * @vm:		the VM
 * @wanted:	whether it is
 *
 * Any process context.
 */
void ioeventfd_vms_set_wanted(struct dbgport_vm *vm, bool wanted)
{
	struct ioeventfd_vm *iv;

	spin_lock(&ioeventfd_vms_lock);
	iv = vm->backend;
	if (iv && iv->wanted != wanted) {
		WRITE_ONCE(iv->wanted, wanted);
		ioeventfd_vm_ask_now(iv);
	}
	spin_unlock(&ioeventfd_vms_lock);
}

/**
 * ioeventfd_vms_set_ports() - it was decided which ports a VM has
 * @iv:		the entry
 * @ports:	mask of their slots
 * @tee:	mask of the slots of those that are never to be claimed
 *
 * Any process context.
 */
void ioeventfd_vms_set_ports(struct ioeventfd_vm *iv, u32 ports, u32 tee)
{
	spin_lock(&ioeventfd_vms_lock);
	if (iv->listed) {
		WRITE_ONCE(iv->ports, ports);
		WRITE_ONCE(iv->tee, tee);
		ioeventfd_vm_ask_now(iv);
	}
	spin_unlock(&ioeventfd_vms_lock);
}

/**
 * ioeventfd_vms_ask_again() - have a VM's work done again, later
 * @iv:		the entry
 * @delay:	in jiffies
 */
void ioeventfd_vms_ask_again(struct ioeventfd_vm *iv, unsigned long delay)
{
	spin_lock(&ioeventfd_vms_lock);
	/* What was asked for meanwhile is not to be put off. */
	if (iv->listed && !delayed_work_pending(&iv->work))
		ioeventfd_vm_ask(iv, delay);
	spin_unlock(&ioeventfd_vms_lock);
}

/** ioeventfd_vms_ask_all() - have the work of all VMs done, since something has changed */
void ioeventfd_vms_ask_all(void)
{
	struct ioeventfd_vm *iv;
	int bucket;

	spin_lock(&ioeventfd_vms_lock);
	hash_for_each(ioeventfd_vms_table, bucket, iv, node)
		ioeventfd_vm_ask_now(iv);
	spin_unlock(&ioeventfd_vms_lock);
}

/**
 * ioeventfd_vms_begin() - begin what may be held up by the VM
 * @iv:		the entry
 *
 * Return: whether its user has not too many VMs that are worked on.
 */
bool ioeventfd_vms_begin(struct ioeventfd_vm *iv)
{
	struct ioeventfd_vm *other;
	unsigned int busy = 0;
	int bucket;

	spin_lock(&ioeventfd_vms_lock);
	hash_for_each(ioeventfd_vms_table, bucket, other, node)
		busy += other->busy && uid_eq(other->vm->uid, iv->vm->uid);
	iv->busy = busy < IOEVENTFD_VMS_BUSY;
	spin_unlock(&ioeventfd_vms_lock);
	return busy < IOEVENTFD_VMS_BUSY;
}

/**
 * ioeventfd_vms_finish() - the opposite
 * @iv:		the entry
 */
void ioeventfd_vms_finish(struct ioeventfd_vm *iv)
{
	spin_lock(&ioeventfd_vms_lock);
	iv->busy = false;
	spin_unlock(&ioeventfd_vms_lock);
}

static void ioeventfd_vms_name_left(void)
{
	struct ioeventfd_vm *iv;
	int bucket;

	spin_lock(&ioeventfd_vms_lock);
	hash_for_each(ioeventfd_vms_table, bucket, iv, node)
		dbgport_vm_name_left(iv->vm);
	spin_unlock(&ioeventfd_vms_lock);
}

/**
 * ioeventfd_vms_close() - detach all VMs, and let none be added any more
 *
 * Waits for those that are just ending, or are stuck, too; the log then says for
 * whom.  May sleep.
 */
void ioeventfd_vms_close(void)
{
	struct ioeventfd_vm *iv;
	int bucket;

	spin_lock(&ioeventfd_vms_lock);
	ioeventfd_vms_closed = true;
	hash_for_each(ioeventfd_vms_table, bucket, iv, node) {
		WRITE_ONCE(iv->closing, true);
		ioeventfd_vm_ask_now(iv);
	}
	spin_unlock(&ioeventfd_vms_lock);
	while (!ioeventfd_vm_wait_for_last())
		ioeventfd_vms_name_left();
}
