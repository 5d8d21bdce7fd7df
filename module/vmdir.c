// SPDX-License-Identifier: GPL-2.0
/*
 * vmdir.c - VMs as they come and go in debugfs
 *
 * KVM makes a directory for each VM while it makes the VM, and removes it as
 * one of the first things when it destroys it.  fsnotify tells of both in the
 * thread that does it and before it goes on, asks for no memory in between, and
 * needs nothing of KVM: so no VM is missed, and none is taken for alive whose
 * memory is gone.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dcache.h>
#include <linux/debugfs.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kvm_host.h>
#include <linux/sched/task.h>

#include "kvm_api.h"
#include "vmdir.h"

static int vmdir_event(struct fsnotify_mark *mark, u32 mask, struct inode *inode,
		       struct inode *parent, const struct qstr *name, u32 cookie)
{
	struct vmdir_watch *watch = container_of(mark, struct vmdir_watch, mark);

	if (inode)
		watch->tell(inode);
	return 0;
}

/* It is a part of its watch, which outlives it. */
static void vmdir_free_mark(struct fsnotify_mark *mark)
{
}

static const struct fsnotify_ops vmdir_ops = {
	.handle_inode_event	= vmdir_event,
	.free_mark		= vmdir_free_mark,
};

/**
 * vmdir_watch() - be told of VMs
 * @watch:	with ->tell set.  That runs in the thread that makes or destroys
 *		the VM, may sleep, and holds locks of debugfs'
 * @event:	FS_CREATE: of new ones, when they are not complete yet.
 *		FS_DELETE: of those that end, on which nobody has a reference
 *		any more, while the struct kvm is still there
 *
 * May sleep.
 *
 * Return: 0 or a negative error; the log then has a line.
 */
int vmdir_watch(struct vmdir_watch *watch, u32 event)
{
	struct dentry *dir = debugfs_lookup("kvm", NULL);
	int ret;

	if (!dir) {
		pr_err("KVM has no directory in debugfs, by which its VMs would be seen\n");
		return -ENOENT;
	}
	watch->group = kvm_api_fsnotify_group(&vmdir_ops);
	if (IS_ERR(watch->group)) {
		ret = PTR_ERR(watch->group);
		goto out;
	}
	fsnotify_init_mark(&watch->mark, watch->group);
	watch->mark.mask = event;
	ret = fsnotify_add_inode_mark(&watch->mark, d_inode(dir), 0);
	if (ret) {
		fsnotify_put_mark(&watch->mark);
		fsnotify_put_group(watch->group);
	}
out:
	dput(dir);
	if (ret)
		pr_err("KVM's directory in debugfs cannot be watched (error %d)\n", ret);
	return ret;
}

/** vmdir_unwatch() - when it returns, ->tell() runs nowhere any more; may sleep */
void vmdir_unwatch(struct vmdir_watch *watch)
{
	fsnotify_destroy_mark(&watch->mark, watch->group);
	fsnotify_put_mark(&watch->mark);
	/* For whoever is in ->tell(), and for vmdir_free_mark(). */
	fsnotify_wait_marks_destroyed();
	fsnotify_put_group(watch->group);
}

/**
 * vmdir_of() - a VM's directory
 * @kvm:	the VM; the caller holds a reference
 *
 * Return: no other living VM has the same; NULL if it has none (without debugfs,
 * or when a VM that was made by the same thread with the same file descriptor
 * lives on without that).
 */
const struct inode *vmdir_of(const struct kvm *kvm)
{
	return IS_ERR_OR_NULL(kvm->debugfs_dentry) ? NULL : d_inode(kvm->debugfs_dentry);
}

struct dir_search {
	const struct inode *dir;
	struct file *file;
};

static int find_dir(const void *data, struct file *file, unsigned int fd)
{
	struct dir_search *search = (struct dir_search *)data;

	if (!kvm_api_is_vm(file) || vmdir_of(file->private_data) != search->dir)
		return 0;
	search->file = get_file(file);
	return 1;
}

/**
 * vmdir_file() - the file of a VM, by its directory
 * @task:	a process that may have it open
 * @dir:	the directory, of which only the address is used
 *
 * Return: the file, for fput(), whose private_data is the struct kvm; NULL if
 * there is none.
 */
struct file *vmdir_file(struct task_struct *task, const struct inode *dir)
{
	struct dir_search search = { .dir = dir };

	task_lock(task);
	iterate_fd(task->files, 0, find_dir, &search);
	task_unlock(task);
	return search.file;
}
