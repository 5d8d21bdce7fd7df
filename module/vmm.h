/* SPDX-License-Identifier: GPL-2.0 */
/* vmm.h - KVM's ioctls, called in the place of a VMM */
#ifndef _DBGPORT_VMM_H
#define _DBGPORT_VMM_H

#include <linux/types.h>

struct file;
struct mem_cgroup;
struct mm_struct;

/**
 * struct vmm - the place of a VMM, while a kernel thread is in it
 * @vm:		the file of its VM
 * @mm:		its memory
 * @memcg:	who pays, a reference
 * @before:	who paid before
 * @arg:	address of a page in @mm, for an ioctl's argument
 * @event:	descriptor of an eventfd, in the thread's own table
 */
struct vmm {
	struct file *vm;
	struct mm_struct *mm;
	struct mem_cgroup *memcg;
	struct mem_cgroup *before;
	unsigned long arg;
	int event;
};

struct mem_cgroup *vmm_charge(struct mem_cgroup *memcg);

int vmm_enter(struct vmm *vmm, struct file *vm, struct file *event);
int vmm_ioeventfd(struct vmm *vmm, u16 port, bool assign);
void vmm_leave(struct vmm *vmm);

#endif /* _DBGPORT_VMM_H */
