// SPDX-License-Identifier: GPL-2.0
/*
 * reader.c - one open file of /dev/dbgport, and what is read from it
 *
 * A reader has a view of every VM that it may see.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/thread_info.h>
#include <linux/uio.h>
#include <linux/user_namespace.h>

#include "listener.h"
#include "reader.h"
#include "registry.h"
#include "view.h"
#include "vm.h"

/* Records that are copied at a time; after so many it is another VM's turn. */
#define READER_BATCH	(PAGE_SIZE / sizeof(struct dbgport_record))

/**
 * struct dbgport_reader - one open file
 * @listener:	its part in the registry
 * @ready:	views that may have something to read
 * @mutex:	serialises what reads or moves a view; guards all from @views on.
 *		Outside of every other lock here
 * @views:	all views, by id
 * @started:	it is too late to subscribe
 * @lost:	whole VMs that were lost, if its type is set: not yet delivered
 * @batch:	records on their way to user space
 */
struct dbgport_reader {
	struct dbgport_listener listener;
	struct dbgport_ready ready;
	struct mutex mutex;	/* see above */
	struct list_head views;
	bool started;
	struct dbgport_record lost;
	struct dbgport_record batch[READER_BATCH];
};

/* There are new VMs, or the device is unplugged; under the registry's lock. */
static void reader_news(struct dbgport_listener *listener)
{
	dbgport_ready_wake(&container_of(listener, struct dbgport_reader, listener)->ready,
			   dbgport_registry_unplugged() ? EPOLLHUP : 0);
}

static struct dbgport_view *reader_find_view(struct dbgport_reader *reader, u32 id)
{
	struct dbgport_view *view;

	list_for_each_entry(view, &reader->views, node)
		if (view->vm->id == id)
			return view;
	return NULL;
}

static void reader_destroy_view(struct dbgport_view *view)
{
	dbgport_view_leave(view);
	list_del(&view->node);
	dbgport_vm_put(view->vm);
	kfree(view);
}

/* New VMs get a view.  Without memory, those that are left come next time. */
static int reader_update(struct dbgport_reader *reader)
{
	while (READ_ONCE(reader->listener.news)) {
		struct dbgport_view *view = kzalloc(sizeof(*view), GFP_KERNEL_ACCOUNT);
		struct dbgport_vm *vm;

		if (!view)
			return -ENOMEM;
		vm = dbgport_registry_next(&reader->listener, &reader->lost);
		if (!vm) {
			kfree(view);
			break;
		}
		dbgport_view_init(view, &reader->ready, vm);
		list_add_tail(&view->node, &reader->views);
	}
	return 0;
}

/* What was read to its end can be asked about and sought as long as it is kept. */
static void reader_forget_dropped(struct dbgport_view *view)
{
	if (!READ_ONCE(view->vm->listed))
		reader_destroy_view(view);
}

static void reader_sweep(struct dbgport_reader *reader)
{
	struct dbgport_view *view, *tmp;

	if (!dbgport_registry_take_dropped(&reader->listener))
		return;
	list_for_each_entry_safe(view, tmp, &reader->views, node)
		if (view->finished)
			reader_forget_dropped(view);
}

/* Copy whole records only.  Return: how many arrived. */
static u32 reader_copy(const struct dbgport_record *records, u32 n, struct iov_iter *to)
{
	size_t size = sizeof(*records);
	size_t copied = copy_to_iter(records, n * size, to);

	iov_iter_revert(to, copied % size);
	return copied / size;
}

/* Return: bytes that were read, 0 if there is nothing, or -EFAULT, -ENOMEM. */
static ssize_t reader_fill(struct dbgport_reader *reader, struct iov_iter *to)
{
	const size_t size = sizeof(struct dbgport_record);
	size_t start = iov_iter_count(to);
	struct dbgport_view *view;
	int ret;

	reader->started = true;
	reader_sweep(reader);
	ret = reader_update(reader);
	if (ret)
		return ret;

	if (reader->lost.type) {
		if (!reader_copy(&reader->lost, 1, to))
			return -EFAULT;
		reader->lost = (struct dbgport_record) {};
	}

	while (iov_iter_count(to) >= size && (view = dbgport_ready_next(&reader->ready))) {
		u32 room = min_t(size_t, READER_BATCH, iov_iter_count(to) / size);
		u32 n = dbgport_view_peek(view, reader->batch, room);
		u32 copied = reader_copy(reader->batch, n, to);

		dbgport_view_commit(view, reader->batch, copied);
		if (copied < n) {
			ret = -EFAULT;
			break;
		}
		if (view->finished)
			reader_forget_dropped(view);
		else if (n < room)
			dbgport_view_rest(view);
		/*
		 * A guest that writes as fast as is read would let it go on and on.
		 * io_uring's task work is no reason to end.
		 */
		if (test_thread_flag(TIF_SIGPENDING))
			break;
	}
	return start - iov_iter_count(to) ?: ret;
}

static bool reader_readable(struct dbgport_reader *reader)
{
	return READ_ONCE(reader->listener.news) ||
	       !list_empty_careful(&reader->ready.views) ||
	       READ_ONCE(reader->lost.type) || dbgport_registry_unplugged();
}

/**
 * dbgport_reader_read_iter() - read from /dev/dbgport
 * @iocb:	of the file
 * @to:		where to
 *
 * Return: bytes, or a negative error, as uapi/dbgport.h says.
 */
ssize_t dbgport_reader_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct dbgport_reader *reader = iocb->ki_filp->private_data;
	bool nowait = iocb->ki_flags & IOCB_NOWAIT;
	bool nonblock = nowait || (iocb->ki_filp->f_flags & O_NONBLOCK);
	ssize_t ret;

	if (iov_iter_count(to) < sizeof(struct dbgport_record))
		return -EINVAL;

	for (;;) {
		/* Short, and not for want of records: EAGAIN would hide an edge from epoll. */
		if (!nowait)
			ret = mutex_lock_interruptible(&reader->mutex);
		else
			ret = mutex_trylock(&reader->mutex) ? 0 : -EAGAIN;
		if (ret)
			return ret;
		ret = reader_fill(reader, to);
		mutex_unlock(&reader->mutex);

		if (ret || dbgport_registry_unplugged())
			return ret;
		if (nonblock)
			return -EAGAIN;
		ret = wait_event_interruptible(reader->ready.wait, reader_readable(reader));
		if (ret)
			return ret;
	}
}

/**
 * dbgport_reader_poll() - poll /dev/dbgport
 * @file:	the file
 * @wait:	see poll_wait()
 *
 * Return: a mask, as uapi/dbgport.h says.
 */
__poll_t dbgport_reader_poll(struct file *file, poll_table *wait)
{
	struct dbgport_reader *reader = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &reader->ready.wait, wait);
	if (reader_readable(reader))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (dbgport_registry_unplugged())
		mask |= EPOLLHUP;
	return mask;
}

/**
 * dbgport_reader_listener() - a reader's part in the registry
 * @reader:	the reader
 *
 * Return: the listener, which lives as long as the file is open.
 */
const struct dbgport_listener *dbgport_reader_listener(const struct dbgport_reader *reader)
{
	return &reader->listener;
}

static void reader_to_newest(struct dbgport_reader *reader)
{
	struct dbgport_view *view;

	list_for_each_entry(view, &reader->views, node) {
		dbgport_cursor_to_newest(&view->cursor);
		if (READ_ONCE(view->vm->ended))
			dbgport_view_finish(view);
	}
	reader->lost = (struct dbgport_record) {};
}

/**
 * dbgport_reader_subscribe() - say how to read
 * @reader:	the reader
 * @flags:	mask of DBGPORT_SUB_*, no others
 *
 * May sleep.
 *
 * Return: 0, -EBUSY if it is too late, -ENOMEM, -ERESTARTSYS.
 */
int dbgport_reader_subscribe(struct dbgport_reader *reader, u32 flags)
{
	int ret;

	if (mutex_lock_interruptible(&reader->mutex))
		return -ERESTARTSYS;
	ret = reader->started ? -EBUSY : reader_update(reader);
	if (ret)
		goto unlock;
	reader->started = true;
	if (flags & DBGPORT_SUB_NEWEST)
		reader_to_newest(reader);
	if (flags & DBGPORT_SUB_CLAIM)
		dbgport_registry_claim(&reader->listener);
unlock:
	mutex_unlock(&reader->mutex);
	return ret;
}

/* Dropped meanwhile, never there, or not its to see. */
static int reader_why_no_view(struct dbgport_reader *reader, u32 id)
{
	struct dbgport_vm *vm = dbgport_registry_find(&reader->listener, id);

	if (IS_ERR(vm))
		return PTR_ERR(vm);
	dbgport_vm_put(vm);
	return -ENOENT;
}

/**
 * dbgport_reader_seek() - go to one record
 * @reader:	the reader
 * @id:		the VM's
 * @seq:	number of the next write to be read
 *
 * May sleep.
 *
 * Return: 0, as DBGPORT_SEEK says, -ENOMEM, -ERESTARTSYS.
 */
int dbgport_reader_seek(struct dbgport_reader *reader, u32 id, u64 seq)
{
	struct dbgport_view *view;
	int ret;

	if (mutex_lock_interruptible(&reader->mutex))
		return -ERESTARTSYS;
	ret = reader_update(reader);
	if (ret)
		goto unlock;
	reader->started = true;
	view = reader_find_view(reader, id);
	if (view && READ_ONCE(view->vm->listed))
		ret = dbgport_view_seek(view, seq);
	else
		ret = reader_why_no_view(reader, id);
unlock:
	mutex_unlock(&reader->mutex);
	return ret;
}

/**
 * dbgport_reader_progress() - how far a reader has come
 * @reader:	the reader
 * @id:		the VM's
 * @delivered:	set to the writes that it was given
 * @lost:	set to the writes that it was told it lost
 *
 * May sleep.
 *
 * Return: 0, both also if it does not read that VM (any more); -ERESTARTSYS.
 */
int dbgport_reader_progress(struct dbgport_reader *reader, u32 id, u64 *delivered, u64 *lost)
{
	const struct dbgport_view *view;

	if (mutex_lock_interruptible(&reader->mutex))
		return -ERESTARTSYS;
	view = reader_find_view(reader, id);
	*delivered = view ? view->cursor.delivered : 0;
	*lost = view ? view->cursor.lost : 0;
	mutex_unlock(&reader->mutex);
	return 0;
}

/**
 * dbgport_reader_open() - open /dev/dbgport
 * @inode:	the device's
 * @file:	gets a reader of its own
 *
 * Return: 0; -ENODEV if the device is unplugged; -EMFILE if the user has it open
 * too often; -ENOMEM.
 */
int dbgport_reader_open(struct inode *inode, struct file *file)
{
	struct dbgport_reader *reader;
	int ret;

	if (dbgport_registry_unplugged())
		return -ENODEV;

	reader = kzalloc(sizeof(*reader), GFP_KERNEL_ACCOUNT);
	if (!reader)
		return -ENOMEM;
	mutex_init(&reader->mutex);
	dbgport_ready_init(&reader->ready);
	INIT_LIST_HEAD(&reader->views);
	reader->listener.uid = file->f_cred->euid;
	reader->listener.all = ns_capable_noaudit(&init_user_ns, CAP_SYS_PTRACE);
	reader->listener.wake = reader_news;
	ret = dbgport_registry_listen(&reader->listener);
	if (ret) {
		kfree(reader);
		return ret;
	}

	file->private_data = reader;
	file->f_mode |= FMODE_NOWAIT;
	return stream_open(inode, file);
}

/**
 * dbgport_reader_release() - the last descriptor of a file was closed
 * @inode:	the device's
 * @file:	the file
 *
 * Return: 0.
 */
int dbgport_reader_release(struct inode *inode, struct file *file)
{
	struct dbgport_reader *reader = file->private_data;
	struct dbgport_view *view, *tmp;

	list_for_each_entry_safe(view, tmp, &reader->views, node)
		reader_destroy_view(view);
	dbgport_registry_leave(&reader->listener);
	kfree(reader);
	return 0;
}
