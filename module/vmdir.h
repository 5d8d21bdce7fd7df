/* SPDX-License-Identifier: GPL-2.0 */
/* vmdir.h - VMs as they come and go in debugfs */
#ifndef _DBGPORT_VMDIR_H
#define _DBGPORT_VMDIR_H

#include <linux/atomic.h>
#include <linux/fsnotify_backend.h>
#include <linux/mutex.h>
#include <linux/wait.h>

struct file;
struct kvm;
struct task_struct;
struct vmdir_mark;

/**
 * struct vmdir_watch - who is told of VMs
 * @tell:	called with a VM's directory, of which only the address is of use
 * @event:	see vmdir_watch(), where this and the rest are set
 * @group:	all our marks
 * @root:	the one in the root of debugfs
 * @lock:	guards the next
 * @dir:	the one in KVM's directory
 * @marks:	how many fsnotify has not freed yet
 * @none_left:	to wait for the last
 */
struct vmdir_watch {
	void (*tell)(const struct inode *dir);
	u32 event;
	struct fsnotify_group *group;
	struct vmdir_mark *root;
	struct mutex lock;	/* see above */
	struct vmdir_mark *dir;
	atomic_t marks;
	wait_queue_head_t none_left;
};

int vmdir_watch(struct vmdir_watch *watch, u32 event);
void vmdir_unwatch(struct vmdir_watch *watch);

const struct inode *vmdir_of(const struct kvm *kvm);
struct file *vmdir_file(struct task_struct *task, const struct inode *dir);

#endif /* _DBGPORT_VMDIR_H */
