/* SPDX-License-Identifier: GPL-2.0 */
/* ioeventfd_vmm.h - ioeventfds, assigned in the place of a VMM */
#ifndef _DBGPORT_IOEVENTFD_VMM_H
#define _DBGPORT_IOEVENTFD_VMM_H

#include <linux/compiler.h>

struct file;
struct mem_cgroup;
struct mm_struct;

/**
 * struct ioeventfd_vmm - the place of a VMM, while a kernel thread is in it
 * @file:	its VM's
 * @mm:		its memory
 * @memcg:	who pays, a reference
 * @before:	who paid before
 * @arg:	a page in @mm, for an ioctl's argument
 */
struct ioeventfd_vmm {
	struct file *file;
	struct mm_struct *mm;
	struct mem_cgroup *memcg;
	struct mem_cgroup *before;
	void __user *arg;
};

void ioeventfd_vmm_init(void);

int ioeventfd_vmm_enter(struct ioeventfd_vmm *vmm, struct file *file);
void ioeventfd_vmm_leave(struct ioeventfd_vmm *vmm);

int ioeventfd_vmm_take(const struct ioeventfd_vmm *vmm, unsigned int port);
int ioeventfd_vmm_give_back(const struct ioeventfd_vmm *vmm, unsigned int port);

#endif /* _DBGPORT_IOEVENTFD_VMM_H */
