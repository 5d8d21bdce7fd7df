/* SPDX-License-Identifier: GPL-2.0 */
/* vmdir.h - VMs as they come and go in debugfs */
#ifndef _DBGPORT_VMDIR_H
#define _DBGPORT_VMDIR_H

#include <linux/fsnotify_backend.h>

struct file;
struct kvm;
struct task_struct;

/**
 * struct vmdir_watch - who is told of VMs
 * @tell:	called with a VM's directory, of which only the address is of use
 * @group:	ours from here on
 * @mark:	in KVM's directory
 */
struct vmdir_watch {
	void (*tell)(const struct inode *dir);
	struct fsnotify_group *group;
	struct fsnotify_mark mark;
};

int vmdir_watch(struct vmdir_watch *watch, u32 event);
void vmdir_unwatch(struct vmdir_watch *watch);

const struct inode *vmdir_of(const struct kvm *kvm);
struct file *vmdir_file(struct task_struct *task, const struct inode *dir);

#endif /* _DBGPORT_VMDIR_H */
