/* SPDX-License-Identifier: GPL-2.0 */
/* ioeventfd_vm.h - a VM that is attached by the backend "ioeventfd", and its work */
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
 * @kvm:	its address; valid only for whoever has a reference otherwise
 * @vm:		a reference of ours
 * @on:		mask of the slots that are recorded; written by @work, read by vCPUs
 *		without a lock
 * @last:	the slot that was written to last, roughly, once the ring has all its
 *		memory; a hint of the vCPUs' for themselves
 * @claimed:	mask of the slots that the VMM is sure not to see; this and the next
 *		two: belong to @work
 * @taken:	mask of the slots that have an ioeventfd of ours
 * @tries:	how often the VMM has kept it from being let go of
 * @grow_at:	from how many writes on its ring is to get all its memory, when the
 *		next vCPU writes; written and read by vCPUs without a lock
 * @dir:	its directory in debugfs, of which only the address is used
 * @ref:	the table's, those of @work and vCPUs' task work while it is queued or runs,
 *		and whoever works on this entry
 * @free:	frees it, when no vCPU comes past it in the table any more
 * @listed:	in the table; this and the rest: guarded by a lock in
 *		ioeventfd_vms.c
 * @closing:	somebody detaches it
 * @busy:	@work is in KVM's hands, or may be
 * @wanted:	whether it is to be claimed
 * @ports:	mask of the slots that are to be recorded
 * @tee:	mask of the slots that are never to be claimed
 * @asked:	how often @work was asked for
 * @done:	@asked when @work that has come to its end began
 * @published:	its VM is known to readers, and what it takes was asked for
 * @ended:	its end was told
 * @work:	makes it as @closing, @wanted and @ports say
 */
struct ioeventfd_vm {
	struct hlist_node node;
	const struct kvm *kvm;
	struct dbgport_vm *vm;
	u32 on;
	u32 last;
	u32 claimed;
	u32 taken;
	u32 tries;
	u64 grow_at;
	const struct inode *dir;
	refcount_t ref;
	struct work_struct free;
	bool listed;
	bool closing;
	bool busy;
	bool wanted;
	u32 ports;
	u32 tee;
	unsigned long asked;
	unsigned long done;
	bool published;
	bool ended;
	struct delayed_work work;
};

int ioeventfd_vm_init(work_func_t work);
void ioeventfd_vm_exit(void);

struct ioeventfd_vm *ioeventfd_vm_create(struct dbgport_vm *vm, const struct kvm *kvm,
					 const struct inode *dir);
void ioeventfd_vm_put(struct ioeventfd_vm *iv);

void ioeventfd_vm_ask(struct ioeventfd_vm *iv, unsigned long delay);
void ioeventfd_vm_ask_now(struct ioeventfd_vm *iv);
void ioeventfd_vm_done(struct ioeventfd_vm *iv, unsigned long asked);
int ioeventfd_vm_wait(struct ioeventfd_vm *iv);
void ioeventfd_vm_published(struct ioeventfd_vm *iv);
int ioeventfd_vm_wait_attached(struct ioeventfd_vm *iv);
bool ioeventfd_vm_wait_for_last(void);
void ioeventfd_vm_tell_end(struct ioeventfd_vm *iv);

#endif /* _DBGPORT_IOEVENTFD_VM_H */
