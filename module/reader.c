// SPDX-License-Identifier: GPL-2.0
/*
 * reader.c - /dev/dbgport
 *
 * Each open file is a reader, with a view of every VM that it may see.  A view
 * is in the reader's ready list while its ring may have something to read;
 * else its cursor waits in the ring and a write brings it back.  So a write
 * costs the writer nothing more while the reader is behind, and a read looks
 * at no VM that has nothing to say.
 */
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/user_namespace.h>
#include <linux/wait.h>

#include "attach.h"
#include "backend.h"
#include "cursor.h"
#include "listener.h"
#include "reader.h"
#include "registry.h"
#include "vm.h"

/* Records that are copied at a time; after so many it is another VM's turn. */
#define READER_BATCH	(PAGE_SIZE / sizeof(struct dbgport_record))

/**
 * struct dbgport_reader - one open file
 * @listener:	its part in the registry
 * @mutex:	serialises reads and ioctls; guards all from @views on.  Outside
 *		of every other lock here
 * @lock:	guards @ready.  Inside of a ring's lock, and like that taken with
 *		interrupts off
 * @ready:	views that may have something to read
 * @wait:	readers and pollers that wait for @ready or for news
 * @views:	all views, by id
 * @finished:	views that wait to be destroyed by the next read
 * @started:	it is too late to subscribe
 * @lost:	whole VMs that were lost, if its type is set: not yet delivered
 * @batch:	records on their way to user space
 */
struct dbgport_reader {
	struct dbgport_listener listener;
	struct mutex mutex;	/* reads and ioctls */
	spinlock_t lock;	/* ready */
	struct list_head ready;
	wait_queue_head_t wait;
	struct list_head views;
	unsigned int finished;
	bool started;
	struct dbgport_record lost;
	struct dbgport_record batch[READER_BATCH];
};

/**
 * struct dbgport_view - one VM as seen by one reader
 * @reader:	whose
 * @vm:		a reference, given back by dbgport_registry_done()
 * @cursor:	where the reader stands
 * @node:	in dbgport_reader.views
 * @ready:	in dbgport_reader.ready, or empty
 * @woken:	since it last asked to be; guarded by dbgport_reader.lock
 * @announced:	DBGPORT_ATTACHED was delivered
 * @finished:	DBGPORT_GONE was; the VM can be asked about until the next read
 */
struct dbgport_view {
	struct dbgport_reader *reader;
	struct dbgport_vm *vm;
	struct dbgport_cursor cursor;
	struct list_head node;
	struct list_head ready;
	bool woken;
	bool announced;
	bool finished;
};

static u64 load_id;

static void reader_wake(struct dbgport_reader *reader)
{
	wake_up_poll(&reader->wait, EPOLLIN | EPOLLRDNORM);
}

/* There are new VMs, or the device is unplugged; under the registry's lock. */
static void reader_news(struct dbgport_listener *listener)
{
	reader_wake(container_of(listener, struct dbgport_reader, listener));
}

static void view_set_ready(struct dbgport_view *view)
{
	struct dbgport_reader *reader = view->reader;
	unsigned long flags;

	spin_lock_irqsave(&reader->lock, flags);
	view->woken = true;
	if (list_empty(&view->ready))
		list_add_tail(&view->ready, &reader->ready);
	spin_unlock_irqrestore(&reader->lock, flags);
}

/* A write has come; in the vCPU's thread, under the ring's lock. */
static void view_wake(struct dbgport_waiter *waiter)
{
	struct dbgport_view *view = container_of(waiter, struct dbgport_view, cursor.waiter);

	view_set_ready(view);
	reader_wake(view->reader);
}

/*
 * All was read: leave the ready list until there is more.  A write may come
 * as soon as the cursor waits, and then the view stays.
 */
static void view_rest(struct dbgport_view *view)
{
	struct dbgport_reader *reader = view->reader;
	unsigned long flags;

	view->woken = false;
	if (!dbgport_cursor_wait(&view->cursor))
		return;

	spin_lock_irqsave(&reader->lock, flags);
	if (!view->woken)
		list_del_init(&view->ready);
	spin_unlock_irqrestore(&reader->lock, flags);
}

/* Nothing is read from it any more. */
static void view_leave(struct dbgport_view *view)
{
	struct dbgport_reader *reader = view->reader;
	unsigned long flags;

	dbgport_cursor_exit(&view->cursor);
	spin_lock_irqsave(&reader->lock, flags);
	list_del_init(&view->ready);
	spin_unlock_irqrestore(&reader->lock, flags);
}

/* @heard: whoever reads has shown, by the next read, that the VM's end arrived. */
static void view_destroy(struct dbgport_view *view, bool heard)
{
	view_leave(view);
	list_del(&view->node);
	dbgport_registry_done(view->vm, heard);
	kfree(view);
}

static void view_finish(struct dbgport_view *view)
{
	view_leave(view);
	view->finished = true;
	view->reader->finished++;
}

static struct dbgport_view *view_find(struct dbgport_reader *reader, u32 id)
{
	struct dbgport_view *view;

	list_for_each_entry(view, &reader->views, node)
		if (view->vm->id == id)
			return view;
	return NULL;
}

/* Fill the batch: ATTACHED first, what the ring has, GONE last. */
static u32 view_peek(struct dbgport_view *view, u32 room)
{
	struct dbgport_record *batch = view->reader->batch;
	struct dbgport_vm *vm = view->vm;
	bool ended;
	u32 n = 0;

	if (!view->announced) {
		batch[n++] = (struct dbgport_record) {
			.type = DBGPORT_ATTACHED,
			.vm = vm->id,
			.seq = view->cursor.next,
			.time_ns = vm->zero_ns,
			.flags = vm->late ? DBGPORT_LATE : 0,
		};
	}
	n += dbgport_cursor_peek(&view->cursor, &batch[n], room - n, &ended);
	if (ended && n < room) {
		batch[n++] = (struct dbgport_record) {
			.type = DBGPORT_GONE,
			.vm = vm->id,
			.seq = vm->ring.head,
			.time_ns = vm->ring.end_ns,
			.flags = vm->detached ? DBGPORT_DETACHED : 0,
		};
	}
	return n;
}

/* The first n records of the batch have arrived. */
static void view_commit(struct dbgport_view *view, u32 n)
{
	const struct dbgport_record *first = view->reader->batch;
	const struct dbgport_record *end = first + n;
	bool gone = n && end[-1].type == DBGPORT_GONE;

	if (n && first->type == DBGPORT_ATTACHED) {
		view->announced = true;
		first++;
	}
	dbgport_cursor_commit(&view->cursor, first, end - first - gone);
	if (gone)
		view_finish(view);
}

/* New VMs get a view.  Without memory, those that are left come next time. */
static int reader_update(struct dbgport_reader *reader)
{
	while (READ_ONCE(reader->listener.news)) {
		struct dbgport_view *view = kzalloc(sizeof(*view), GFP_KERNEL_ACCOUNT);

		if (!view)
			return -ENOMEM;
		view->vm = dbgport_registry_next(&reader->listener, &reader->lost);
		if (!view->vm) {
			kfree(view);
			break;
		}
		view->reader = reader;
		INIT_LIST_HEAD(&view->ready);
		dbgport_cursor_init(&view->cursor, &view->vm->ring, view->vm->id, view_wake);
		list_add_tail(&view->node, &reader->views);
		view_set_ready(view);
	}
	return 0;
}

/* Those VMs whose end was told by the last read are not asked about any more. */
static void reader_sweep(struct dbgport_reader *reader)
{
	struct dbgport_view *view, *tmp;

	if (!reader->finished)
		return;
	list_for_each_entry_safe(view, tmp, &reader->views, node)
		if (view->finished)
			view_destroy(view, true);
	reader->finished = 0;
}

static struct dbgport_view *reader_next_view(struct dbgport_reader *reader)
{
	struct dbgport_view *view;
	unsigned long flags;

	spin_lock_irqsave(&reader->lock, flags);
	view = list_first_entry_or_null(&reader->ready, struct dbgport_view, ready);
	if (view)
		list_rotate_left(&reader->ready);
	spin_unlock_irqrestore(&reader->lock, flags);
	return view;
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

	while (iov_iter_count(to) >= size && (view = reader_next_view(reader))) {
		u32 room = min_t(size_t, READER_BATCH, iov_iter_count(to) / size);
		u32 n = view_peek(view, room);
		u32 copied = reader_copy(reader->batch, n, to);

		view_commit(view, copied);
		if (copied < n) {
			ret = -EFAULT;
			break;
		}
		if (n < room && !view->finished)
			view_rest(view);
	}
	return start - iov_iter_count(to) ?: ret;
}

static bool reader_readable(struct dbgport_reader *reader)
{
	return READ_ONCE(reader->listener.news) || !list_empty_careful(&reader->ready) ||
	       READ_ONCE(reader->lost.type) || dbgport_registry_unplugged();
}

static ssize_t dbgport_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct dbgport_reader *reader = iocb->ki_filp->private_data;
	bool nowait = (iocb->ki_flags & IOCB_NOWAIT) || (iocb->ki_filp->f_flags & O_NONBLOCK);
	ssize_t ret;

	if (iov_iter_count(to) < sizeof(struct dbgport_record))
		return -EINVAL;

	for (;;) {
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
		if (nowait)
			return -EAGAIN;
		ret = wait_event_interruptible(reader->wait, reader_readable(reader));
		if (ret)
			return ret;
	}
}

static __poll_t dbgport_poll(struct file *file, poll_table *wait)
{
	struct dbgport_reader *reader = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &reader->wait, wait);
	if (reader_readable(reader))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (dbgport_registry_unplugged())
		mask |= EPOLLHUP;
	return mask;
}

static long get_info(struct dbgport_info __user *arg)
{
	const struct dbgport_vm_config *config = &dbgport_vm_config;
	struct dbgport_info info = {
		.abi = DBGPORT_ABI,
		.record_size = sizeof(struct dbgport_record),
		.features = DBGPORT_F_ALL | (dbgport_backend->give ? DBGPORT_F_EVENTFD : 0),
		.load_id = load_id,
		.ring = config->ring,
		.claim = READ_ONCE(config->claim),
		.vms = dbgport_registry_count(),
		.nports = config->nports,
	};

	memcpy(info.ports, config->ports, sizeof(info.ports));
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static void subscribe_newest(struct dbgport_reader *reader)
{
	struct dbgport_view *view, *tmp;

	list_for_each_entry_safe(view, tmp, &reader->views, node) {
		if (READ_ONCE(view->vm->ended))
			view_destroy(view, false);
		else
			dbgport_cursor_to_newest(&view->cursor);
	}
	reader->lost = (struct dbgport_record) {};
}

static long subscribe(struct dbgport_reader *reader, struct dbgport_subscribe __user *arg)
{
	struct dbgport_subscribe sub;
	int ret;

	if (copy_from_user(&sub, arg, sizeof(sub)))
		return -EFAULT;
	if (sub.flags & ~(DBGPORT_SUB_CLAIM | DBGPORT_SUB_NEWEST) || sub.reserved)
		return -EINVAL;
	if (reader->started)
		return -EBUSY;

	ret = reader_update(reader);
	if (ret)
		return ret;
	reader->started = true;
	if (sub.flags & DBGPORT_SUB_NEWEST)
		subscribe_newest(reader);
	if (sub.flags & DBGPORT_SUB_CLAIM)
		dbgport_registry_claim(&reader->listener);
	return 0;
}

static long seek(struct dbgport_reader *reader, struct dbgport_seek __user *arg)
{
	struct dbgport_seek seek;
	struct dbgport_view *view;
	struct dbgport_vm *vm;
	int ret;

	if (copy_from_user(&seek, arg, sizeof(seek)))
		return -EFAULT;
	if (seek.reserved)
		return -EINVAL;

	ret = reader_update(reader);
	if (ret)
		return ret;
	reader->started = true;
	view = view_find(reader, seek.vm);
	if (!view || view->finished) {
		/* Read to its end by this reader, never there, or not his. */
		vm = dbgport_registry_find(&reader->listener, seek.vm);
		if (IS_ERR(vm))
			return PTR_ERR(vm);
		dbgport_vm_put(vm);
		return -ENOENT;
	}

	dbgport_cursor_exit(&view->cursor);
	ret = dbgport_cursor_seek(&view->cursor, seek.seq);
	view_set_ready(view);
	return ret;
}

static long next_vm(struct dbgport_reader *reader, u32 __user *arg)
{
	u32 id;

	if (get_user(id, arg))
		return -EFAULT;
	id = dbgport_registry_after(&reader->listener, id);
	if (!id)
		return -ENOENT;
	return put_user(id, arg);
}

static void fill_vm_info(struct dbgport_vm_info *info, struct dbgport_vm *vm,
			 const struct dbgport_view *view)
{
	struct dbgport_port counts[DBGPORT_MAX_PORTS];
	struct dbgport_ports_state ports;
	struct dbgport_ring_state state;
	u32 i;

	dbgport_ports_state(&vm->ports, &ports);
	dbgport_ring_state(&vm->ring, &state, counts, ports.n);
	*info = (struct dbgport_vm_info) {
		.vm = vm->id,
		.flags = (state.end_ns ? DBGPORT_VM_GONE : 0) |
			 (READ_ONCE(vm->claimed) ? DBGPORT_VM_CLAIMED : 0) |
			 (vm->late ? DBGPORT_VM_LATE : 0) |
			 (state.end_ns && vm->detached ? DBGPORT_VM_DETACHED : 0),
		.pid = pid_vnr(vm->pid),
		.uid = from_kuid_munged(current_user_ns(), vm->uid),
		.zero_ns = vm->zero_ns,
		.attach_ns = vm->attach_ns,
		.gone_ns = state.end_ns,
		.written = state.written,
		.oldest = state.oldest,
		.delivered = view ? view->cursor.delivered : 0,
		.lost = view ? view->cursor.lost : 0,
		.nports = ports.n,
		.backend = dbgport_backend->id,
		.claim = READ_ONCE(vm->claim),
	};
	memcpy(info->comm, vm->comm, sizeof(info->comm));
	for (i = 0; i < info->nports; i++) {
		info->ports[i] = (struct dbgport_port_info) {
			.port = counts[i].port,
			.flags = (ports.taken & BIT(i) ? DBGPORT_PORT_TAKEN : 0) |
				 (ports.on & BIT(i) ? 0 : DBGPORT_PORT_OFF),
			.writes = counts[i].writes,
			.bytes = counts[i].bytes,
			.reads = counts[i].reads,
			.claimed = counts[i].claimed,
		};
	}
}

static long vm_info(struct dbgport_reader *reader, struct dbgport_vm_info __user *arg)
{
	struct dbgport_vm_info *info;
	struct dbgport_vm *vm;
	long ret = 0;
	u32 id;

	if (get_user(id, &arg->vm))
		return -EFAULT;
	vm = dbgport_registry_find(&reader->listener, id);
	if (IS_ERR(vm))
		return PTR_ERR(vm);

	info = kmalloc(sizeof(*info), GFP_KERNEL_ACCOUNT);
	if (info) {
		fill_vm_info(info, vm, view_find(reader, id));
		if (copy_to_user(arg, info, sizeof(*info)))
			ret = -EFAULT;
		kfree(info);
	} else {
		ret = -ENOMEM;
	}
	dbgport_vm_put(vm);
	return ret;
}

static long attach(struct dbgport_reader *reader, struct dbgport_attach __user *arg)
{
	struct dbgport_attach attach;
	int ret;

	if (copy_from_user(&attach, arg, sizeof(attach)))
		return -EFAULT;
	if (attach.flags)
		return -EINVAL;

	attach.vm = 0;
	ret = dbgport_attach_late(&reader->listener, attach.pid, attach.fd, &attach.vm);
	return copy_to_user(arg, &attach, sizeof(attach)) ? -EFAULT : ret;
}

static long detach(struct dbgport_reader *reader, u32 __user *arg)
{
	struct dbgport_vm *vm;
	int ret;
	u32 id;

	if (get_user(id, arg))
		return -EFAULT;
	vm = dbgport_registry_find(&reader->listener, id);
	if (IS_ERR(vm))
		return PTR_ERR(vm);
	ret = dbgport_backend->detach(vm);
	dbgport_vm_put(vm);
	return ret;
}

static bool ports_are_good(const struct dbgport_set_ports *set)
{
	u32 i, j;

	if (!set->nports || set->nports > DBGPORT_MAX_PORTS)
		return false;
	for (i = 1; i < set->nports; i++)
		for (j = 0; j < i; j++)
			if (set->ports[i] == set->ports[j])
				return false;
	return true;
}

static long set_ports(struct dbgport_reader *reader, struct dbgport_set_ports __user *arg)
{
	struct dbgport_set_ports set;
	struct dbgport_vm *vm;
	int ret;

	if (copy_from_user(&set, arg, sizeof(set)))
		return -EFAULT;
	if (!ports_are_good(&set))
		return -EINVAL;
	vm = dbgport_registry_find(&reader->listener, set.vm);
	if (IS_ERR(vm))
		return PTR_ERR(vm);
	ret = dbgport_backend->set_ports(vm, set.ports, set.nports);
	dbgport_vm_put(vm);
	return ret;
}

static long set_claim(struct dbgport_reader *reader, struct dbgport_set_claim __user *arg)
{
	struct dbgport_set_claim set;
	struct dbgport_vm *vm;
	int ret;

	if (copy_from_user(&set, arg, sizeof(set)))
		return -EFAULT;
	if (set.claim > DBGPORT_CLAIM_HOST)
		return -EINVAL;
	vm = dbgport_registry_find(&reader->listener, set.vm);
	if (IS_ERR(vm))
		return PTR_ERR(vm);
	ret = dbgport_registry_set_vm_claim(vm, set.claim);
	dbgport_vm_put(vm);
	return ret;
}

static long give_eventfd(struct dbgport_reader *reader, s32 __user *arg)
{
	struct file *file;
	int ret;
	s32 fd;

	if (!dbgport_backend->give)
		return -EOPNOTSUPP;
	if (!reader->listener.all)
		return -EPERM;
	if (get_user(fd, arg))
		return -EFAULT;
	file = fget(fd);
	if (!file)
		return -EBADF;
	ret = dbgport_backend->give(file);
	fput(file);
	return ret;
}

static long dbgport_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct dbgport_reader *reader = file->private_data;
	void __user *uarg = (void __user *)arg;
	long ret;

	if (mutex_lock_interruptible(&reader->mutex))
		return -ERESTARTSYS;

	switch (cmd) {
	case DBGPORT_GET_INFO:
		ret = get_info(uarg);
		break;
	case DBGPORT_SUBSCRIBE:
		ret = subscribe(reader, uarg);
		break;
	case DBGPORT_SEEK:
		ret = seek(reader, uarg);
		break;
	case DBGPORT_NEXT_VM:
		ret = next_vm(reader, uarg);
		break;
	case DBGPORT_VM_INFO:
		ret = vm_info(reader, uarg);
		break;
	case DBGPORT_ATTACH:
		ret = attach(reader, uarg);
		break;
	case DBGPORT_DETACH:
		ret = detach(reader, uarg);
		break;
	case DBGPORT_GIVE_EVENTFD:
		ret = give_eventfd(reader, uarg);
		break;
	case DBGPORT_SET_PORTS:
		ret = set_ports(reader, uarg);
		break;
	case DBGPORT_SET_CLAIM:
		ret = set_claim(reader, uarg);
		break;
	default:
		ret = -ENOTTY;
	}

	mutex_unlock(&reader->mutex);
	return ret;
}

static int dbgport_open(struct inode *inode, struct file *file)
{
	struct dbgport_reader *reader;

	if (dbgport_registry_unplugged())
		return -ENODEV;

	reader = kzalloc(sizeof(*reader), GFP_KERNEL_ACCOUNT);
	if (!reader)
		return -ENOMEM;
	mutex_init(&reader->mutex);
	spin_lock_init(&reader->lock);
	INIT_LIST_HEAD(&reader->ready);
	init_waitqueue_head(&reader->wait);
	INIT_LIST_HEAD(&reader->views);
	reader->listener.uid = file->f_cred->euid;
	reader->listener.all = ns_capable_noaudit(&init_user_ns, CAP_SYS_PTRACE);
	reader->listener.wake = reader_news;
	dbgport_registry_listen(&reader->listener);

	file->private_data = reader;
	file->f_mode |= FMODE_NOWAIT;
	return stream_open(inode, file);
}

static int dbgport_release(struct inode *inode, struct file *file)
{
	struct dbgport_reader *reader = file->private_data;
	struct dbgport_view *view, *tmp;

	list_for_each_entry_safe(view, tmp, &reader->views, node)
		view_destroy(view, false);
	dbgport_registry_leave(&reader->listener);
	kfree(reader);
	return 0;
}

static const struct file_operations dbgport_fops = {
	.owner		= THIS_MODULE,
	.open		= dbgport_open,
	.release	= dbgport_release,
	.read_iter	= dbgport_read_iter,
	.poll		= dbgport_poll,
	.unlocked_ioctl	= dbgport_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
};

static struct miscdevice dbgport_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "dbgport",
	.fops	= &dbgport_fops,
	.mode	= 0660,
};

/** dbgport_reader_init() - Return: 0 with /dev/dbgport there, or an error */
int dbgport_reader_init(void)
{
	load_id = get_random_u64();
	return misc_register(&dbgport_misc);
}

/** dbgport_reader_exit() - /dev/dbgport is no more; nobody has it open */
void dbgport_reader_exit(void)
{
	misc_deregister(&dbgport_misc);
}
