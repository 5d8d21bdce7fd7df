// SPDX-License-Identifier: GPL-2.0
/*
 * ioeventfd.c - the backend that has KVM signal eventfds
 *
 * Uses nothing of KVM but what it offers to a VMM.  For each port and byte there
 * is an eventfd, which every VM that is claimed has as an ioeventfd; a callback
 * in its wait queue runs in the vCPU's thread, when the byte is written, and
 * so knows all there is to know.
 *
 * The kernel lets no module make eventfds: user space gives them, once.
 *
 * KVM takes an ioeventfd only from a thread that has the VMM's memory as its
 * own, and looks up the eventfd in that thread's files.  A worker of the kernel
 * puts on that memory, but keeps its files: the VMM never gets hold of the
 * eventfds.  It can slow down that work, by what it puts in the place of the one
 * page, until it is killed; that is its own VM's.
 *
 * An ioeventfd takes what matches and cannot let it go on to the VMM.  So there
 * are some only while a VM is claimed; else nothing is seen of it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/eventfd.h>
#include <linux/fcntl.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/kthread.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "backend.h"
#include "kvm_api.h"
#include "registry.h"
#include "vm.h"
#include "vmdir.h"

#define VALUES	256

/**
 * struct signal - what KVM signals when a byte is written to a port
 * @wait:	in the eventfd's wait queue
 * @file:	the eventfd
 * @ctx:	the same, as its functions want it
 *
 * Port and byte follow from its place in @signals.
 */
struct signal {
	wait_queue_entry_t wait;
	struct file *file;
	struct eventfd_ctx *ctx;
};

/* VALUES for each port, in the order of dbgport_vm_config.ports. */
static struct signal *signals;
static unsigned int signals_wanted;
static unsigned int signals_given;	/* written under the mutex */
static DEFINE_MUTEX(signals_mutex);

/**
 * struct ioeventfd_vm - one attached VM
 * @node:	in @vms, by @kvm
 * @rcu:	for callbacks that come past it
 * @listed:	in @vms; whoever takes it from there tells of its end
 * @closing:	somebody detaches it; this and @listed: guarded by vms_lock
 * @wanted:	whether it is to be claimed
 * @wanted_ports: mask of its ports then; written under vms_lock
 * @ref:	@vms's, and whoever works on this entry
 * @vm:		a reference of ours
 * @kvm:	its address; valid only for whoever has a reference otherwise
 * @dir:	its directory in debugfs, likewise
 * @work:	makes @ports follow @wanted and @closing
 * @ports:	mask of those that are claimed; belongs to @work
 */
struct ioeventfd_vm {
	struct hlist_node node;
	struct rcu_head rcu;
	bool listed;
	bool closing;
	bool wanted;
	u32 wanted_ports;
	refcount_t ref;
	struct dbgport_vm *vm;
	const struct kvm *kvm;
	const struct inode *dir;
	struct work_struct work;
	unsigned long ports;
};

/* A living VM's entry is here, so one that is here may still be followed. */
static DEFINE_HASHTABLE(vms, 8);
static DEFINE_SPINLOCK(vms_lock);
static struct workqueue_struct *workers;

static void ioeventfd_vm_put(struct ioeventfd_vm *iv)
{
	if (!refcount_dec_and_test(&iv->ref))
		return;
	dbgport_vm_put(iv->vm);
	kfree_rcu(iv, rcu);
}

/*
 * KVM has signalled an eventfd, in the vCPU's thread; interrupts are off, and
 * the eventfd's lock is held.  Whoever gave the eventfd can signal it as well:
 * that is from no vCPU, or from an interrupt, where there may be any.
 */
static int signalled(wait_queue_entry_t *wait, unsigned int mode, int sync, void *key)
{
	unsigned int i = container_of(wait, struct signal, wait) - signals;
	struct ioeventfd_vm *iv;
	struct kvm_vcpu *vcpu;

	vcpu = in_task() ? kvm_api_running_vcpu() : NULL;
	if (!vcpu)
		return 0;

	rcu_read_lock();
	hash_for_each_possible_rcu(vms, iv, node, (unsigned long)vcpu->kvm) {
		if (iv->kvm != vcpu->kvm)
			continue;
		dbgport_ring_write(&iv->vm->ring, i / VALUES, vcpu->vcpu_id, 1,
				   i % VALUES, true);
		break;
	}
	rcu_read_unlock();
	return 0;
}

/* A page of the VMM's to pass arguments in, and its VM. */
struct call {
	struct file *file;
	void __user *arg;
};

/* What the VMM's own ioctl(vm, KVM_IOEVENTFD, ...) would do. */
static int call_kvm(const struct call *call, const struct signal *signal, u32 flags)
{
	unsigned int i = signal - signals;
	struct kvm_ioeventfd args = {
		.datamatch = i % VALUES,
		.addr = dbgport_vm_config.ports[i / VALUES],
		.len = 1,
		.flags = KVM_IOEVENTFD_FLAG_PIO | KVM_IOEVENTFD_FLAG_DATAMATCH | flags,
	};
	int ret;

	args.fd = get_unused_fd_flags(O_CLOEXEC);
	if (args.fd < 0)
		return args.fd;
	fd_install(args.fd, get_file(signal->file));
	if (copy_to_user(call->arg, &args, sizeof(args)))
		ret = -EFAULT;
	else
		ret = call->file->f_op->unlocked_ioctl(call->file, KVM_IOEVENTFD,
						       (unsigned long)call->arg);
	close_fd(args.fd);
	return ret;
}

/*
 * KVM asks one ioeventfd after the other, in the order in which they came.  Text
 * is most of what is written, so its bytes come first, roughly by how often they
 * are in what firmware and kernels say.
 */
static const char common[] = " etainorsldcpumfgbh0123456789\n\r.:x-=_/()[],vykw";
static u8 order[VALUES];

static void make_order(void)
{
	DECLARE_BITMAP(used, VALUES) = {};
	unsigned int i, n = 0;

	for (i = 0; common[i]; i++) {
		__set_bit(common[i], used);
		order[n++] = common[i];
	}
	for_each_clear_bit(i, used, VALUES)
		order[n++] = i;
}

static int take_port(const struct call *call, unsigned int port)
{
	const struct signal *first = &signals[port * VALUES];
	unsigned int i;
	int ret = 0;

	for (i = 0; i < VALUES && !ret; i++) {
		ret = call_kvm(call, &first[order[i]], 0);
		/* The VMM has one of its own, which it keeps. */
		if (ret == -EEXIST)
			ret = 0;
	}
	if (!ret)
		return 0;
	for (i--; i; )
		call_kvm(call, &first[order[--i]], KVM_IOEVENTFD_FLAG_DEASSIGN);
	return ret;
}

static int give_back_port(const struct call *call, unsigned int port)
{
	const struct signal *first = &signals[port * VALUES];
	unsigned int i;
	int ret = 0;

	for (i = 0; i < VALUES; i++) {
		int err = call_kvm(call, &first[i], KVM_IOEVENTFD_FLAG_DEASSIGN);

		/* The VMM's own are not there by our eventfd. */
		if (err && err != -ENOENT)
			ret = err;
	}
	return ret;
}

static int give_back(struct ioeventfd_vm *iv, const struct call *call, unsigned long ports)
{
	unsigned int port;
	int ret = 0;

	for_each_set_bit(port, &ports, DBGPORT_MAX_PORTS)
		ret = give_back_port(call, port) ?: ret;
	iv->ports &= ~ports;
	return ret;
}

static void look(struct ioeventfd_vm *iv, struct kvm *kvm, unsigned long ports)
{
	unsigned int port;

	mutex_lock(&kvm->slots_lock);
	for_each_set_bit(port, &ports, DBGPORT_MAX_PORTS)
		dbgport_vm_set_taken(iv->vm, port,
				     kvm_api_port_taken(kvm, iv->vm->ports.slots[port].port,
							NULL));
	mutex_unlock(&kvm->slots_lock);
}

/* All of them or none. */
static int take(struct ioeventfd_vm *iv, const struct call *call, unsigned long ports)
{
	unsigned int port;
	int ret;

	if (!ports)
		return 0;
	look(iv, call->file->private_data, ports);
	/* Where bytes come in, there is no asking for memory. */
	ret = dbgport_ring_prepare(&iv->vm->ring);
	for_each_set_bit(port, &ports, DBGPORT_MAX_PORTS) {
		if (!ret)
			ret = take_port(call, port);
		if (!ret)
			__set_bit(port, &iv->ports);
	}
	if (ret)
		give_back(iv, call, iv->ports & ports);
	return ret;
}

/*
 * As set_active_memcg(), which up to 5.14 wants a variable that is not exported,
 * for interrupts, in which we are not.
 */
static struct mem_cgroup *charge(struct mem_cgroup *memcg)
{
#ifdef CONFIG_MEMCG
	swap(current->active_memcg, memcg);
#endif
	return memcg;
}

/* With the VMM's memory as our own, and at its memory cgroup's expense. */
static int change(struct ioeventfd_vm *iv, struct file *file, unsigned long ports)
{
	struct mm_struct *mm = ((struct kvm *)file->private_data)->mm;
	struct mem_cgroup *memcg, *old;
	struct call call = { .file = file };
	unsigned long page;
	int ret;

	/* The VMM has ended, and its VM cannot run any more. */
	if (!mmget_not_zero(mm))
		return 0;
	memcg = get_mem_cgroup_from_mm(mm);
	old = charge(memcg);
	kthread_use_mm(mm);

	page = vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(page)) {
		ret = page;
	} else {
		call.arg = (void __user *)page;
		ret = take(iv, &call, ports & ~iv->ports) ?:
		      give_back(iv, &call, iv->ports & ~ports);
		vm_munmap(page, PAGE_SIZE);
	}

	kthread_unuse_mm(mm);
	charge(old);
	mem_cgroup_put(memcg);
	mmput(mm);
	return ret;
}

static void ioeventfd_work(struct work_struct *work)
{
	struct ioeventfd_vm *iv = container_of(work, struct ioeventfd_vm, work);
	struct dbgport_vm *vm = iv->vm;
	struct task_struct *vmm;
	struct file *file = NULL;
	unsigned int given;
	unsigned long ports;
	int ret;

	/* Pairs with signal_add(): what it has counted can be used. */
	given = smp_load_acquire(&signals_given);
	ports = READ_ONCE(iv->wanted) && !READ_ONCE(iv->closing) && given == signals_wanted ?
		READ_ONCE(iv->wanted_ports) : 0;
	if (ports == iv->ports)
		return;

	vmm = get_pid_task(vm->pid, PIDTYPE_TGID);
	if (vmm) {
		file = vmdir_file(vmm, iv->dir);
		put_task_struct(vmm);
	}
	if (!file)
		return;
	ret = change(iv, file, ports);
	fput(file);
	WRITE_ONCE(vm->claimed, !!iv->ports);
	if (ret)
		pr_warn_ratelimited("VM %u of %s[%d] was not %s (error %d)\n", vm->id, vm->comm,
				    pid_nr(vm->pid), ports ? "claimed" : "given back", ret);
}

/* The registry has decided; its lock is held. */
static void ioeventfd_follow(struct dbgport_vm *vm, bool claim)
{
	struct ioeventfd_vm *iv = vm->backend;

	WRITE_ONCE(iv->wanted, claim);
	queue_work(workers, &iv->work);
}

/* Return: whether the caller has to tell of its end; vms_lock is held. */
static bool ioeventfd_vm_unlist(struct ioeventfd_vm *iv)
{
	bool listed = iv->listed;

	if (listed)
		hash_del_rcu(&iv->node);
	iv->listed = false;
	return listed;
}

/* Not listed any more, and no callback writes to it. */
static void ioeventfd_vm_end(struct ioeventfd_vm *iv)
{
	/* After this nobody queues work. */
	dbgport_registry_end(iv->vm);
	cancel_work_sync(&iv->work);
	ioeventfd_vm_put(iv);
}

/* A VM is being destroyed: none of its vCPUs is left. */
static void ioeventfd_vm_gone(const struct inode *dir)
{
	struct ioeventfd_vm *iv, *gone = NULL;
	int bucket;

	spin_lock(&vms_lock);
	hash_for_each(vms, bucket, iv, node) {
		if (iv->dir == dir) {
			ioeventfd_vm_unlist(iv);
			gone = iv;
			break;
		}
	}
	spin_unlock(&vms_lock);
	if (gone)
		ioeventfd_vm_end(gone);
}

static int ioeventfd_vm_add(struct ioeventfd_vm *iv, u32 *id)
{
	struct ioeventfd_vm *other;

	spin_lock(&vms_lock);
	hash_for_each_possible(vms, other, node, (unsigned long)iv->kvm) {
		if (other->kvm == iv->kvm) {
			*id = READ_ONCE(other->vm->id);
			spin_unlock(&vms_lock);
			return -EEXIST;
		}
	}
	hash_add_rcu(vms, &iv->node, (unsigned long)iv->kvm);
	spin_unlock(&vms_lock);
	return 0;
}

/* The caller has a reference, which is put. */
static int ioeventfd_vm_detach(struct ioeventfd_vm *iv)
{
	bool listed;

	queue_work(workers, &iv->work);
	flush_work(&iv->work);
	spin_lock(&vms_lock);
	listed = ioeventfd_vm_unlist(iv);
	spin_unlock(&vms_lock);
	if (listed) {
		synchronize_rcu();
		WRITE_ONCE(iv->vm->detached, true);
		ioeventfd_vm_end(iv);
	}
	ioeventfd_vm_put(iv);
	return listed ? 0 : -ENOENT;
}

static int ioeventfd_attach(struct dbgport_vm *vm, struct kvm *kvm, struct module *vendor,
			    u32 *id)
{
	struct ioeventfd_vm *iv;
	int ret;

	/* We would not see its end. */
	if (!vmdir_of(kvm))
		return -EOPNOTSUPP;
	iv = kzalloc(sizeof(*iv), GFP_KERNEL_ACCOUNT);
	if (!iv)
		return -ENOMEM;
	iv->vm = dbgport_vm_get(vm);
	iv->kvm = kvm;
	iv->dir = vmdir_of(kvm);
	iv->listed = true;
	iv->wanted_ports = vm->ports.on;
	/* One is ours, until all is done here. */
	refcount_set(&iv->ref, 2);
	INIT_WORK(&iv->work, ioeventfd_work);
	vm->backend = iv;
	vm->follow = ioeventfd_follow;

	ret = ioeventfd_vm_add(iv, id);
	if (ret) {
		dbgport_vm_put(vm);
		kfree(iv);
		return ret;
	}
	ret = dbgport_registry_publish(vm);
	if (ret) {
		ioeventfd_vm_detach(iv);
		return ret;
	}
	*id = vm->id;
	/* So that the first instruction of a new VM is claimed. */
	flush_work(&iv->work);
	ioeventfd_vm_put(iv);
	return 0;
}

/*
 * One VM, or any if NULL, that nobody detaches yet, with a reference.  @close:
 * the caller does.
 */
static struct ioeventfd_vm *ioeventfd_vm_find(const struct dbgport_vm *vm, bool close)
{
	struct ioeventfd_vm *iv, *found = NULL;
	int bucket;

	spin_lock(&vms_lock);
	hash_for_each(vms, bucket, iv, node) {
		if ((!vm || iv->vm == vm) && !iv->closing) {
			WRITE_ONCE(iv->closing, close);
			refcount_inc(&iv->ref);
			found = iv;
			break;
		}
	}
	spin_unlock(&vms_lock);
	return found;
}

static int ioeventfd_detach(struct dbgport_vm *vm)
{
	struct ioeventfd_vm *iv = ioeventfd_vm_find(vm, true);

	return iv ? ioeventfd_vm_detach(iv) : -ENOENT;
}

static int ioeventfd_set_ports(struct dbgport_vm *vm, const u16 *ports, u32 n)
{
	/* There are eventfds for no other ports than those at first. */
	int wanted = dbgport_ports_find(&vm->ports, ports, n, dbgport_vm_config.nports);
	struct ioeventfd_vm *iv;

	if (wanted < 0)
		return -EOPNOTSUPP;
	iv = ioeventfd_vm_find(vm, false);
	if (!iv)
		return -ENOENT;
	spin_lock(&vms_lock);
	WRITE_ONCE(iv->wanted_ports, wanted);
	dbgport_ports_set_on(&vm->ports, wanted);
	spin_unlock(&vms_lock);
	queue_work(workers, &iv->work);
	flush_work(&iv->work);
	ioeventfd_vm_put(iv);
	return 0;
}

static void ioeventfd_detach_all(void)
{
	struct ioeventfd_vm *iv;
	int bucket;

	/* Each may take seconds: have all begin at once. */
	spin_lock(&vms_lock);
	hash_for_each(vms, bucket, iv, node) {
		WRITE_ONCE(iv->wanted, false);
		queue_work(workers, &iv->work);
	}
	spin_unlock(&vms_lock);
	while ((iv = ioeventfd_vm_find(NULL, true)))
		ioeventfd_vm_detach(iv);
}

/* Now all that were to be claimed can be. */
static void claim_all(void)
{
	struct ioeventfd_vm *iv;
	int bucket;

	spin_lock(&vms_lock);
	hash_for_each(vms, bucket, iv, node)
		queue_work(workers, &iv->work);
	spin_unlock(&vms_lock);
}

struct signal_listen {
	poll_table table;
	struct signal *signal;
};

static void signal_listen(struct file *file, wait_queue_head_t *queue, poll_table *table)
{
	add_wait_queue(queue, &container_of(table, struct signal_listen, table)->signal->wait);
}

static int signal_add(struct file *file)
{
	struct signal_listen listen = { .signal = &signals[signals_given] };
	struct signal *signal = listen.signal;
	struct eventfd_ctx *ctx;
	unsigned int i;

	if (signals_given == signals_wanted)
		return -ENOSPC;
	ctx = eventfd_ctx_fileget(file);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	/* It could not tell one byte from another. */
	for (i = 0; i < signals_given; i++) {
		if (signals[i].ctx == ctx) {
			eventfd_ctx_put(ctx);
			return -EEXIST;
		}
	}
	signal->file = get_file(file);
	signal->ctx = ctx;
	init_waitqueue_func_entry(&signal->wait, signalled);
	init_poll_funcptr(&listen.table, signal_listen);
	vfs_poll(file, &listen.table);
	/* Pairs with ioeventfd_work(), which is queued after the last one. */
	smp_store_release(&signals_given, signals_given + 1);
	return 0;
}

static int ioeventfd_give(struct file *file)
{
	bool complete;
	int ret;

	mutex_lock(&signals_mutex);
	ret = signal_add(file);
	complete = !ret && signals_given == signals_wanted;
	mutex_unlock(&signals_mutex);
	if (complete)
		claim_all();
	return ret;
}

static struct vmdir_watch gone = { .tell = ioeventfd_vm_gone };

static int ioeventfd_init(void)
{
	int ret = -ENOMEM;

	make_order();
	signals_wanted = dbgport_vm_config.nports * VALUES;
	signals = kvcalloc(signals_wanted, sizeof(*signals), GFP_KERNEL);
	if (!signals)
		return -ENOMEM;
	workers = alloc_workqueue("dbgport", WQ_UNBOUND, 0);
	if (!workers)
		goto err_signals;
	ret = vmdir_watch(&gone, FS_DELETE);
	if (ret)
		goto err_workers;
	return 0;

err_workers:
	destroy_workqueue(workers);
err_signals:
	kvfree(signals);
	return ret;
}

static void ioeventfd_exit(void)
{
	unsigned int i;
	u64 count;

	vmdir_unwatch(&gone);
	destroy_workqueue(workers);
	for (i = 0; i < signals_given; i++) {
		eventfd_ctx_remove_wait_queue(signals[i].ctx, &signals[i].wait, &count);
		eventfd_ctx_put(signals[i].ctx);
		fput(signals[i].file);
	}
	kvfree(signals);
	/* For ioeventfd_vm_put(). */
	rcu_barrier();
}

const struct dbgport_backend dbgport_ioeventfd = {
	.id		= DBGPORT_BACKEND_IOEVENTFD,
	.init		= ioeventfd_init,
	.exit		= ioeventfd_exit,
	.attach		= ioeventfd_attach,
	.detach		= ioeventfd_detach,
	.set_ports	= ioeventfd_set_ports,
	.detach_all	= ioeventfd_detach_all,
	.give		= ioeventfd_give,
};
