/* SPDX-License-Identifier: GPL-2.0 */
/* ioeventfd_vm.h - the VMs that are attached by the backend "ioeventfd" */
#ifndef _DBGPORT_IOEVENTFD_VM_H
#define _DBGPORT_IOEVENTFD_VM_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct dbgport_vm;
struct inode;
struct kvm;

/**
 * struct ioeventfd_vm - one attached VM
 * @node:	in the table, by @kvm
 * @rcu:	for callbacks that come past it
 * @listed:	in the table; whoever takes it from there tells of its end
 * @closing:	somebody detaches it; this and @listed: guarded by a lock in
 *		ioeventfd_vm.c
 * @wanted:	whether it is to be claimed
 * @wanted_ports: mask of its ports then; written under that lock
 * @ref:	the table's, and whoever works on this entry
 * @vm:		a reference of ours
 * @kvm:	its address; valid only for whoever has a reference otherwise
 * @dir:	its directory in debugfs, likewise
 * @work:	makes @ports follow @wanted and @closing
 * @ports:	mask of those that are claimed; belongs to @work
 */
struct ioeventfd_vm {
	struct hlist_node node;
	struct rcu_head rcu;
	bool listed;
	bool closing;
	bool wanted;
	u32 wanted_ports;
	refcount_t ref;
	struct dbgport_vm *vm;
	const struct kvm *kvm;
	const struct inode *dir;
	struct work_struct work;
	unsigned long ports;
};

int ioeventfd_vm_init(void);
void ioeventfd_vm_exit(void);

int ioeventfd_vm_add(struct ioeventfd_vm *iv, u32 *id);
void ioeventfd_vm_put(struct ioeventfd_vm *iv);
struct ioeventfd_vm *ioeventfd_vm_of(const struct kvm *kvm);
struct ioeventfd_vm *ioeventfd_vm_find(const struct dbgport_vm *vm, bool close);
bool ioeventfd_vm_remove(struct ioeventfd_vm *iv);
void ioeventfd_vm_end(struct ioeventfd_vm *iv);
void ioeventfd_vm_gone(const struct inode *dir);

void ioeventfd_vm_set_ports(struct ioeventfd_vm *iv, u32 ports);
void ioeventfd_vm_ask(struct ioeventfd_vm *iv);
void ioeventfd_vm_ask_all(void);
void ioeventfd_vm_give_up_all(void);

#endif /* _DBGPORT_IOEVENTFD_VM_H */
