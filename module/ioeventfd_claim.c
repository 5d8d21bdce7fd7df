// SPDX-License-Identifier: GPL-2.0
/*
 * ioeventfd_claim.c - ioeventfds that keep a VM's writes from its VMM
 *
 * One for each port.  Without a length it takes writes of any width and value.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kvm_host.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/srcu.h>

#include "ioeventfd_claim.h"
#include "ioeventfd_vm.h"
#include "kvm_api.h"
#include "vm.h"
#include "vmm.h"

static bool ioeventfd_claim_is_running(struct kvm *kvm)
{
	struct kvm_vcpu *vcpu;
	unsigned long i;

	/* A vCPU that is let run after this sees what was written before. */
	smp_mb();
	kvm_for_each_vcpu(i, vcpu, kvm) {
		if (mutex_is_locked(&vcpu->mutex))
			return true;
	}
	return false;
}

/**
 * ioeventfd_claim_settle() - wait until all that a VM's vCPUs have begun is done
 * @kvm:	the VM
 *
 * They hold a read lock meanwhile.  May sleep, for as long as the VM likes.
 */
void ioeventfd_claim_settle(struct kvm *kvm)
{
	if (ioeventfd_claim_is_running(kvm))
		synchronize_srcu_expedited(&kvm->srcu);
}

/*
 * Only what is sure is told to be claimed: what is written while that changes may
 * be claimed all the same.
 */
static void ioeventfd_claim_tell(struct ioeventfd_vm *iv, u32 claimed)
{
	iv->claimed = claimed;
	dbgport_vm_set_claimed(iv->vm, claimed);
}

/* The port is recorded, but the VMM's. */
static void ioeventfd_claim_leave(struct ioeventfd_vm *iv, unsigned int slot)
{
	const struct dbgport_vm *vm = iv->vm;

	if (dbgport_ports_set_taken(&iv->vm->ports, slot, true))
		pr_info_ratelimited("VM %u of %s[%d] has something else at port %#x, so it is not claimed\n",
				    vm->id, vm->comm, pid_nr(vm->pid), vm->ports.slots[slot].port);
}

/* Return: which of some ports have nothing of somebody else's that KVM would ask. */
static u32 ioeventfd_claim_free_ports(struct ioeventfd_vm *iv, struct kvm *kvm, unsigned long ports)
{
	unsigned int slot;
	u32 free = 0;

	mutex_lock(&kvm->slots_lock);
	for_each_set_bit(slot, &ports, DBGPORT_MAX_PORTS) {
		if (!kvm_api_port_taken(kvm, iv->vm->ports.slots[slot].port, 0, NULL))
			free |= BIT(slot);
	}
	mutex_unlock(&kvm->slots_lock);
	return free;
}

static int ioeventfd_claim_take(struct ioeventfd_vm *iv, struct vmm *vmm, unsigned long ports)
{
	struct kvm *kvm = vmm->vm->private_data;
	u32 free = ioeventfd_claim_free_ports(iv, kvm, ports);
	unsigned int slot;
	int ret = 0;

	for_each_set_bit(slot, &ports, DBGPORT_MAX_PORTS) {
		if (!(free & BIT(slot))) {
			ioeventfd_claim_leave(iv, slot);
			continue;
		}
		ret = vmm_ioeventfd(vmm, iv->vm->ports.slots[slot].port, true);
		if (ret)
			break;
		iv->taken |= BIT(slot);
		dbgport_ports_set_taken(&iv->vm->ports, slot, false);
	}
	return ret;
}

static int ioeventfd_claim_give_back(struct ioeventfd_vm *iv, struct vmm *vmm, unsigned long ports)
{
	unsigned int slot;
	int ret = 0;

	for_each_set_bit(slot, &ports, DBGPORT_MAX_PORTS) {
		int err = vmm_ioeventfd(vmm, iv->vm->ports.slots[slot].port, false);

		/* The VMM cannot have taken it away, but it does no harm if it has. */
		if (err && err != -ENOENT)
			ret = err;
		else
			iv->taken &= ~BIT(slot);
	}
	/* Without memory for a smaller bus, KVM has taken all from it. */
	if (ports)
		iv->taken &= ~ioeventfd_claim_free_ports(iv, vmm->vm->private_data, iv->taken);
	return ret;
}

/**
 * ioeventfd_claim() - have just some of a VM's ports claimed
 * @iv:		the entry
 * @file:	the VM's, which the caller keeps open
 * @event:	an eventfd, likewise
 * @ports:	mask of their slots
 *
 * By the VM's work only.  May sleep, for as long as the VM likes.
 *
 * Return: 0, or as vmm_enter() or vmm_ioeventfd() says.
 */
int ioeventfd_claim(struct ioeventfd_vm *iv, struct file *file, struct file *event, u32 ports)
{
	struct kvm *kvm = file->private_data;
	struct vmm vmm;
	int ret;

	ret = vmm_enter(&vmm, file, event);
	if (ret)
		return ret;
	if (iv->claimed & ~ports) {
		ioeventfd_claim_tell(iv, iv->claimed & ports);
		ioeventfd_claim_settle(kvm);
	}
	ret = ioeventfd_claim_give_back(iv, &vmm, iv->taken & ~ports) ?:
	      ioeventfd_claim_take(iv, &vmm, ports & ~iv->taken);
	/* Since 7.2 KVM does not wait when it gets something new. */
	if (iv->taken & ~iv->claimed)
		ioeventfd_claim_settle(kvm);
	ioeventfd_claim_tell(iv, iv->taken & ports);
	vmm_leave(&vmm);
	return ret;
}
