// SPDX-License-Identifier: GPL-2.0
/*
 * ioeventfd_record.c - records of what KVM's tracepoint of port I/O tells
 *
 * It is passed in the vCPU's thread, before anybody is asked to answer.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/memcontrol.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/task_work.h>

#include "ioeventfd_record.h"
#include "ioeventfd_vms.h"
#include "kvm_api.h"
#include "kvm_pio.h"
#include "ring.h"
#include "vm.h"
#include "vmm.h"

/* Without memory for a whole ring, try again after so many writes. */
#define IOEVENTFD_RECORD_RETRY	1024

/* Ports that some VM has or had: what is not in it is none of our business. */
static DECLARE_BITMAP(ioeventfd_record_ports, 1 << 16);

/**
 * struct ioeventfd_record_grow - a thread is to have memory for a VM's whole ring
 * @work:	before the thread goes back to its guest
 * @iv:		the entry, a reference
 */
struct ioeventfd_record_grow {
	struct callback_head work;
	struct ioeventfd_vm *iv;
};

static bool ioeventfd_record_is_to_grow(const struct ioeventfd_vm *iv)
{
	return READ_ONCE(iv->vm->ring.head) >= READ_ONCE(iv->grow_at);
}

static void ioeventfd_record_grow_now(struct callback_head *head)
{
	struct ioeventfd_record_grow *grow =
		container_of(head, struct ioeventfd_record_grow, work);
	struct ioeventfd_vm *iv = grow->iv;
	struct dbgport_ring *ring = &iv->vm->ring;

	kfree(grow);
	if (ioeventfd_record_is_to_grow(iv))
		WRITE_ONCE(iv->grow_at, dbgport_ring_grow(ring) ?
			   READ_ONCE(ring->head) + IOEVENTFD_RECORD_RETRY : U64_MAX);
	ioeventfd_vm_put(iv);
}

/*
 * Where a vCPU writes, memory for many records cannot be had.  So each that does is
 * held up on its way back to the guest, until there is some, and what there is
 * suffices until then.  Of a string, each element comes here, which does no harm.
 */
static noinline void ioeventfd_record_grow_soon(struct ioeventfd_vm *iv)
{
	struct ioeventfd_record_grow *grow = kmalloc(sizeof(*grow), GFP_NOWAIT | __GFP_NOWARN);

	if (!grow || !refcount_inc_not_zero(&iv->ref))
		goto free;
	grow->iv = iv;
	init_task_work(&grow->work, ioeventfd_record_grow_now);
	if (!task_work_add(current, &grow->work, TWA_RESUME))
		return;
	/* The thread is exiting. */
	ioeventfd_vm_put(iv);
free:
	kfree(grow);
}

/* Return: the slot of a port among some, or -1. */
static noinline int ioeventfd_record_find(struct ioeventfd_vm *iv, unsigned int on, u16 port)
{
	const struct dbgport_port *slots = iv->vm->ring.ports;

	for (; on; on &= on - 1) {
		unsigned int slot = __ffs(on);

		if (slots[slot].port != port)
			continue;
		if (READ_ONCE(iv->grow_at) == U64_MAX)
			WRITE_ONCE(iv->last, slot);
		else if (ioeventfd_record_is_to_grow(iv))
			ioeventfd_record_grow_soon(iv);
		return slot;
	}
	return -1;
}

/* Return: the slot of a port, or -1 if it is not recorded. */
static int ioeventfd_record_slot(struct ioeventfd_vm *iv, u16 port)
{
	/* Pairs with ioeventfd_record(): the slots have their ports. */
	unsigned int on = smp_load_acquire(&iv->on);
	unsigned int last = READ_ONCE(iv->last);

	if (likely(on & BIT(last) && iv->vm->ring.ports[last].port == port))
		return last;
	return ioeventfd_record_find(iv, on, port);
}

/* The ring has its memory, so nobody sleeps.  Whether it is claimed is KVM's to do. */
static noinline void ioeventfd_record_write(u16 port, unsigned int width, unsigned int count,
					    const void *data)
{
	const struct kvm_vcpu *vcpu = kvm_api_running_vcpu();
	struct ioeventfd_vm *iv = vcpu ? ioeventfd_vms_of(vcpu->kvm) : NULL;
	int slot = iv ? ioeventfd_record_slot(iv, port) : -1;

	if (slot < 0)
		return;
	for (; count; count--, data += width)
		dbgport_vm_write(iv->vm, slot, vcpu->vcpu_id, width, data);
}

/*
 * A vCPU accesses a port; this is its thread, in which it holds a read lock on
 * kvm->srcu.  Most ports are none of ours.  @count is more than one for strings of
 * guests whose state is encrypted.
 */
static void ioeventfd_record_probe(void *unused, unsigned int rw, unsigned int port,
				   unsigned int width, unsigned int count, const void *data)
{
	if (unlikely(test_bit((u16)port, ioeventfd_record_ports)) && rw == KVM_PIO_WRITE)
		ioeventfd_record_write(port, width, count, data);
}

/**
 * ioeventfd_record() - have a VM's writes recorded
 * @iv:		the entry
 * @ports:	mask of the slots, which have their ports; from now on these and no
 *		others are recorded
 *
 * One caller at a time.
 */
void ioeventfd_record(struct ioeventfd_vm *iv, u32 ports)
{
	unsigned long mask = ports;
	unsigned int slot;

	for_each_set_bit(slot, &mask, DBGPORT_MAX_PORTS)
		set_bit(iv->vm->ports.slots[slot].port, ioeventfd_record_ports);
	/* Pairs with ioeventfd_record_slot(). */
	smp_store_release(&iv->on, ports);
}

/**
 * ioeventfd_record_prepare() - have memory for what a VM writes first
 * @vm:		the VM, to which nothing was written
 * @kvm:	the same; its VMM pays, whoever attaches it
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int ioeventfd_record_prepare(struct dbgport_vm *vm, const struct kvm *kvm)
{
	struct mem_cgroup *memcg = get_mem_cgroup_from_mm(kvm->mm);
	struct mem_cgroup *before = vmm_charge(memcg);
	int ret = dbgport_ring_prepare(&vm->ring);

	vmm_charge(before);
	mem_cgroup_put(memcg);
	return ret;
}

/**
 * ioeventfd_record_init() - listen to KVM
 *
 * May sleep.
 *
 * Return: 0 or a negative error; the log then has one line that says why.
 */
int ioeventfd_record_init(void)
{
	/* A ring's lock sleeps there, which a tracepoint's probe must not. */
	if (IS_ENABLED(CONFIG_PREEMPT_RT)) {
		pr_err("backend=ioeventfd cannot be used on PREEMPT_RT\n");
		return -EOPNOTSUPP;
	}
	return kvm_pio_probe(ioeventfd_record_probe);
}

/** ioeventfd_record_exit() - the opposite; when it returns, nothing is recorded; may sleep */
void ioeventfd_record_exit(void)
{
	kvm_pio_unprobe(ioeventfd_record_probe);
}
