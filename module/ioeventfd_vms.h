/* SPDX-License-Identifier: GPL-2.0 */
/* ioeventfd_vms.h - the table of VMs that are attached by the backend "ioeventfd" */
#ifndef _DBGPORT_IOEVENTFD_VMS_H
#define _DBGPORT_IOEVENTFD_VMS_H

#include <linux/hashtable.h>
#include <linux/types.h>

#include "ioeventfd_vm.h"

struct dbgport_vm;
struct inode;
struct kvm;

extern DECLARE_HASHTABLE(ioeventfd_vms_table, 8);

int ioeventfd_vms_add(struct ioeventfd_vm *iv, struct ioeventfd_vm **other);
struct ioeventfd_vm *ioeventfd_vms_find(struct dbgport_vm *vm, bool close);
bool ioeventfd_vms_hold(struct ioeventfd_vm *iv);
bool ioeventfd_vms_remove(struct ioeventfd_vm *iv);
void ioeventfd_vms_gone(const struct inode *dir);

void ioeventfd_vms_set_wanted(struct dbgport_vm *vm, bool wanted);
void ioeventfd_vms_set_ports(struct ioeventfd_vm *iv, u32 ports, u32 tee);
void ioeventfd_vms_ask_again(struct ioeventfd_vm *iv, unsigned long delay);
void ioeventfd_vms_ask_all(void);
bool ioeventfd_vms_begin(struct ioeventfd_vm *iv);
void ioeventfd_vms_finish(struct ioeventfd_vm *iv);
void ioeventfd_vms_close(void);

/**
 * ioeventfd_vms_of() - the entry of a vCPU's VM
 * @kvm:	the VM
 *
 * In a tracepoint's probe, which keeps the entry until it has returned: see
 * ioeventfd_vm_free().
 *
 * Return: the entry, or NULL if it has none.
 */
static inline struct ioeventfd_vm *ioeventfd_vms_of(const struct kvm *kvm)
{
	struct ioeventfd_vm *iv;

	hash_for_each_possible_rcu_notrace(ioeventfd_vms_table, iv, node, (unsigned long)kvm) {
		if (iv->kvm == kvm)
			return iv;
	}
	return NULL;
}

#endif /* _DBGPORT_IOEVENTFD_VMS_H */
