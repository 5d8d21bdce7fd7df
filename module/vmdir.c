// SPDX-License-Identifier: GPL-2.0
/*
 * vmdir.c - VMs as they come and go in debugfs
 *
 * KVM makes a directory for each VM while it makes the VM, and removes it as
 * one of the first things when it destroys it.  fsnotify tells of both in the
 * thread that does it and before it goes on, asks for no memory in between, and
 * needs nothing of KVM: so no VM is missed, and none is taken for alive whose
 * memory is gone.
 *
 * The directory that they are in comes and goes with kvm-amd or kvm-intel, which at
 * boot may be loaded after us.  The root of debugfs tells of that before a VM can be
 * made.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dcache.h>
#include <linux/debugfs.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kvm_host.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "kvm_api.h"
#include "vmdir.h"

#define VMDIR_KVM	"kvm"

/**
 * struct vmdir_mark - a directory that is watched
 * @mark:	what fsnotify knows
 * @is_root:	it is debugfs' root, not KVM's directory
 */
struct vmdir_mark {
	struct fsnotify_mark mark;
	bool is_root;
};

static struct vmdir_mark *vmdir_mark_add(struct vmdir_watch *watch, struct inode *dir,
					 u32 event, bool is_root)
{
	struct vmdir_mark *mark = kzalloc(sizeof(*mark), GFP_KERNEL);
	int ret;

	if (!mark)
		return ERR_PTR(-ENOMEM);
	fsnotify_init_mark(&mark->mark, watch->group);
	mark->mark.mask = event;
	mark->is_root = is_root;
	atomic_inc(&watch->marks);
	ret = fsnotify_add_inode_mark(&mark->mark, dir, 0);
	if (!ret)
		return mark;
	fsnotify_put_mark(&mark->mark);
	return ERR_PTR(ret);
}

/* If its directory is gone, nothing is left of it but our reference. */
static void vmdir_mark_remove(struct vmdir_watch *watch, struct vmdir_mark *mark)
{
	fsnotify_destroy_mark(&mark->mark, watch->group);
	fsnotify_put_mark(&mark->mark);
}

/* Watch KVM's directory; @is_new: the one that may be watched already is gone. */
static int vmdir_watch_kvm(struct vmdir_watch *watch, struct inode *dir, bool is_new)
{
	struct vmdir_mark *mark;
	int ret = 0;

	mutex_lock(&watch->lock);
	if (watch->dir && !is_new)
		goto out;
	mark = vmdir_mark_add(watch, dir, watch->event, false);
	if (IS_ERR(mark)) {
		ret = PTR_ERR(mark);
		pr_err("KVM's directory in debugfs cannot be watched (error %d)\n", ret);
		goto out;
	}
	if (watch->dir)
		vmdir_mark_remove(watch, watch->dir);
	watch->dir = mark;
out:
	mutex_unlock(&watch->lock);
	return ret;
}

static int vmdir_event(struct fsnotify_mark *mark, u32 mask, struct inode *inode,
		       struct inode *parent, const struct qstr *name, u32 cookie)
{
	struct vmdir_watch *watch = mark->group->private;

	if (!inode)
		return 0;
	if (!container_of(mark, struct vmdir_mark, mark)->is_root)
		watch->tell(inode);
	else if (name && !strcmp((const char *)name->name, VMDIR_KVM))
		vmdir_watch_kvm(watch, inode, true);
	return 0;
}

static void vmdir_free_mark(struct fsnotify_mark *mark)
{
	struct vmdir_watch *watch = mark->group->private;

	kfree(container_of(mark, struct vmdir_mark, mark));
	if (atomic_dec_and_test(&watch->marks))
		wake_up(&watch->none_left);
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
	/* What is in the root tells where that is. */
	struct dentry *own = debugfs_create_dir(KBUILD_MODNAME, NULL);
	struct dentry *dir;
	int ret;

	if (IS_ERR(own)) {
		ret = PTR_ERR(own);
		goto err;
	}
	watch->event = event;
	watch->dir = NULL;
	mutex_init(&watch->lock);
	atomic_set(&watch->marks, 0);
	init_waitqueue_head(&watch->none_left);
	watch->group = kvm_api_fsnotify_group(&vmdir_ops);
	if (IS_ERR(watch->group)) {
		ret = PTR_ERR(watch->group);
		goto err_own;
	}
	watch->group->private = watch;
	watch->root = vmdir_mark_add(watch, d_inode(own->d_parent), FS_CREATE, true);
	if (IS_ERR(watch->root)) {
		ret = PTR_ERR(watch->root);
		goto err_group;
	}
	debugfs_remove(own);

	/* It may be there only later, and then the root tells of it. */
	dir = debugfs_lookup(VMDIR_KVM, NULL);
	if (!dir)
		return 0;
	ret = vmdir_watch_kvm(watch, d_inode(dir), false);
	dput(dir);
	if (ret)
		vmdir_unwatch(watch);
	return ret;

err_group:
	fsnotify_put_group(watch->group);
err_own:
	debugfs_remove(own);
err:
	pr_err("debugfs cannot be watched, by which KVM's VMs would be seen (error %d)\n", ret);
	return ret;
}

/**
 * vmdir_unwatch() - be told of no more VMs
 * @watch:	what vmdir_watch() began
 *
 * May sleep.  When it returns, ->tell() runs nowhere any more.
 */
void vmdir_unwatch(struct vmdir_watch *watch)
{
	vmdir_mark_remove(watch, watch->root);
	/* For whoever is in vmdir_event(), and for vmdir_free_mark(). */
	fsnotify_wait_marks_destroyed();
	if (watch->dir)
		vmdir_mark_remove(watch, watch->dir);
	/* One may be in the hands of whoever removes its directory. */
	wait_event(watch->none_left, !atomic_read(&watch->marks));
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

struct vmdir_search {
	const struct inode *dir;
	struct file *file;
	unsigned int begin;
	unsigned int end;	/* 0 if there is nothing behind */
};

/* So many descriptors are looked at under a lock. */
#define VMDIR_STEP	1024

static int vmdir_compare(const void *data, struct file *file, unsigned int fd)
{
	struct vmdir_search *search = (struct vmdir_search *)data;

	if (fd >= search->begin + VMDIR_STEP) {
		search->end = fd;
		return 1;
	}
	if (!kvm_api_is_vm(file) || vmdir_of(file->private_data) != search->dir)
		return 0;
	search->file = get_file(file);
	return 1;
}

/* One of a process's threads that has not ended. */
static struct task_struct *vmdir_living_thread(struct task_struct *task)
{
	struct task_struct *thread, *found = NULL;

	rcu_read_lock();
	for_each_thread(task, thread) {
		if (READ_ONCE(thread->files)) {
			found = get_task_struct(thread);
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

/**
 * vmdir_file() - the file of a VM, by its directory
 * @task:	a process that may have it open
 * @dir:	the directory, of which only the address is used
 *
 * May sleep.
 *
 * Return: the file, for fput(), whose private_data is the struct kvm; NULL if
 * there is none.
 */
struct file *vmdir_file(struct task_struct *task, const struct inode *dir)
{
	struct task_struct *thread = vmdir_living_thread(task);
	struct vmdir_search search = { .dir = dir };

	if (!thread)
		return NULL;
	do {
		search.begin = search.end;
		search.end = 0;
		task_lock(thread);
		iterate_fd(thread->files, search.begin, vmdir_compare, &search);
		task_unlock(thread);
		cond_resched();
	} while (search.end);
	put_task_struct(thread);
	return search.file;
}
