// SPDX-License-Identifier: GPL-2.0
/* ioeventfd_vm.c - the VMs that are attached by the backend "ioeventfd" */
#include <linux/errno.h>
#include <linux/hashtable.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "ioeventfd_vm.h"
#include "registry.h"
#include "vm.h"

/* A living VM's entry is here, so one that is here may still be followed. */
static DEFINE_HASHTABLE(ioeventfd_vms, 8);
static DEFINE_SPINLOCK(ioeventfd_vms_lock);
static struct workqueue_struct *ioeventfd_vm_workers;

/**
 * ioeventfd_vm_init() - make the table ready
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int ioeventfd_vm_init(void)
{
	ioeventfd_vm_workers = alloc_workqueue("dbgport", WQ_UNBOUND, 0);
	return ioeventfd_vm_workers ? 0 : -ENOMEM;
}

/** ioeventfd_vm_exit() - the opposite, when no VM is left; may sleep */
void ioeventfd_vm_exit(void)
{
	destroy_workqueue(ioeventfd_vm_workers);
	/* For ioeventfd_vm_put(). */
	rcu_barrier();
}

/**
 * ioeventfd_vm_add() - put an entry into the table
 * @iv:		the entry, of which the table has a reference
 * @id:		for -EEXIST, set to the id that the VM has already
 *
 * Return: 0, or -EEXIST if the VM has an entry.
 */
int ioeventfd_vm_add(struct ioeventfd_vm *iv, u32 *id)
{
	struct ioeventfd_vm *other;

	spin_lock(&ioeventfd_vms_lock);
	hash_for_each_possible(ioeventfd_vms, other, node, (unsigned long)iv->kvm) {
		if (other->kvm == iv->kvm) {
			*id = READ_ONCE(other->vm->id);
			spin_unlock(&ioeventfd_vms_lock);
			return -EEXIST;
		}
	}
	hash_add_rcu(ioeventfd_vms, &iv->node, (unsigned long)iv->kvm);
	spin_unlock(&ioeventfd_vms_lock);
	return 0;
}

/**
 * ioeventfd_vm_put() - give back a reference
 * @iv:		the entry
 */
void ioeventfd_vm_put(struct ioeventfd_vm *iv)
{
	if (!refcount_dec_and_test(&iv->ref))
		return;
	dbgport_vm_put(iv->vm);
	kfree_rcu(iv, rcu);
}

/**
 * ioeventfd_vm_of() - the entry of a vCPU's VM
 * @kvm:	the VM
 *
 * Any context, under rcu_read_lock(), which keeps the entry.
 *
 * Return: the entry, or NULL if it has none.
 */
struct ioeventfd_vm *ioeventfd_vm_of(const struct kvm *kvm)
{
	struct ioeventfd_vm *iv;

	hash_for_each_possible_rcu(ioeventfd_vms, iv, node, (unsigned long)kvm) {
		if (iv->kvm == kvm)
			return iv;
	}
	return NULL;
}

/**
 * ioeventfd_vm_find() - the entry of a VM, unless somebody detaches it
 * @vm:		the VM, or NULL for any
 * @close:	the caller does
 *
 * Return: the entry with a reference; or NULL.
 */
struct ioeventfd_vm *ioeventfd_vm_find(const struct dbgport_vm *vm, bool close)
{
	struct ioeventfd_vm *iv, *found = NULL;
	int bucket;

	spin_lock(&ioeventfd_vms_lock);
	hash_for_each(ioeventfd_vms, bucket, iv, node) {
		if ((!vm || iv->vm == vm) && !iv->closing) {
			WRITE_ONCE(iv->closing, close);
			refcount_inc(&iv->ref);
			found = iv;
			break;
		}
	}
	spin_unlock(&ioeventfd_vms_lock);
	return found;
}

/* Return: whether the caller has to tell of its end; ioeventfd_vms_lock is held. */
static bool ioeventfd_vm_unlist(struct ioeventfd_vm *iv)
{
	bool listed = iv->listed;

	if (listed)
		hash_del_rcu(&iv->node);
	iv->listed = false;
	return listed;
}

/**
 * ioeventfd_vm_remove() - take a VM from the table
 * @iv:		the entry
 *
 * Return: whether the caller is to call ioeventfd_vm_end(), when no callback writes
 * to it any more.
 */
bool ioeventfd_vm_remove(struct ioeventfd_vm *iv)
{
	bool listed;

	spin_lock(&ioeventfd_vms_lock);
	listed = ioeventfd_vm_unlist(iv);
	spin_unlock(&ioeventfd_vms_lock);
	return listed;
}

/**
 * ioeventfd_vm_end() - tell of the end of a VM that was removed
 * @iv:		the entry, of which the table's reference is put
 *
 * No callback writes to it.  May sleep.
 */
void ioeventfd_vm_end(struct ioeventfd_vm *iv)
{
	/* After this nobody queues work. */
	dbgport_registry_end(iv->vm);
	cancel_work_sync(&iv->work);
	ioeventfd_vm_put(iv);
}

/**
 * ioeventfd_vm_gone() - a VM is being destroyed
 * @dir:	its directory in debugfs
 *
 * None of its vCPUs is left.  May sleep.
 */
void ioeventfd_vm_gone(const struct inode *dir)
{
	struct ioeventfd_vm *iv, *gone = NULL;
	int bucket;

	spin_lock(&ioeventfd_vms_lock);
	hash_for_each(ioeventfd_vms, bucket, iv, node) {
		if (iv->dir == dir) {
			ioeventfd_vm_unlist(iv);
			gone = iv;
			break;
		}
	}
	spin_unlock(&ioeventfd_vms_lock);
	if (gone)
		ioeventfd_vm_end(gone);
}

/**
 * ioeventfd_vm_set_ports() - it was decided which ports a VM has
 * @iv:		the entry
 * @ports:	mask of their slots
 *
 * Any process context.  ioeventfd_vm_ask() has it done.
 */
void ioeventfd_vm_set_ports(struct ioeventfd_vm *iv, u32 ports)
{
	spin_lock(&ioeventfd_vms_lock);
	WRITE_ONCE(iv->wanted_ports, ports);
	dbgport_ports_set_on(&iv->vm->ports, ports);
	spin_unlock(&ioeventfd_vms_lock);
}

/**
 * ioeventfd_vm_ask() - have a VM's work done
 * @iv:		the entry
 */
void ioeventfd_vm_ask(struct ioeventfd_vm *iv)
{
	queue_work(ioeventfd_vm_workers, &iv->work);
}

/** ioeventfd_vm_ask_all() - have the work of all VMs done, since something has changed */
void ioeventfd_vm_ask_all(void)
{
	struct ioeventfd_vm *iv;
	int bucket;

	spin_lock(&ioeventfd_vms_lock);
	hash_for_each(ioeventfd_vms, bucket, iv, node)
		ioeventfd_vm_ask(iv);
	spin_unlock(&ioeventfd_vms_lock);
}

/** ioeventfd_vm_give_up_all() - have no VM claimed any more, which is not waited for */
void ioeventfd_vm_give_up_all(void)
{
	struct ioeventfd_vm *iv;
	int bucket;

	spin_lock(&ioeventfd_vms_lock);
	hash_for_each(ioeventfd_vms, bucket, iv, node) {
		WRITE_ONCE(iv->wanted, false);
		ioeventfd_vm_ask(iv);
	}
	spin_unlock(&ioeventfd_vms_lock);
}
