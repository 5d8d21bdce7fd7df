/* SPDX-License-Identifier: GPL-2.0 */
/* attach_work.h - what threads that make VMs do on their way back to user space */
#ifndef _DBGPORT_ATTACH_WORK_H
#define _DBGPORT_ATTACH_WORK_H

#include <linux/sched.h>
#include <linux/task_work.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct inode;
struct kvm_vcpu;

/**
 * struct attach_work - a VM that is to be attached
 * @work:	for the thread that made it
 * @vcpu:	its first vCPU; with it, we hold a reference on the VM
 * @dir:	or its directory, of which only the address is used
 * @uid:	the thread's real user
 * @pid:	its process
 * @comm:	its name
 * @named:	the log says that the unload waits for it
 */
struct attach_work {
	struct callback_head work;
	union {
		struct kvm_vcpu *vcpu;
		const struct inode *dir;
	};
	kuid_t uid;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	bool named;
};

struct attach_work *attach_work_new(task_work_func_t func);
void attach_work_put(struct attach_work *work);
bool attach_work_leave(struct attach_work *work);
void attach_work_done(void);
void attach_work_wait_for_none(void);

#endif /* _DBGPORT_ATTACH_WORK_H */
