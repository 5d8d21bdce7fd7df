// SPDX-License-Identifier: GPL-2.0
/*
 * ioeventfd_vmm.c - ioeventfds, assigned in the place of a VMM
 *
 * KVM takes an ioeventfd only from a thread that has the VMM's memory as its
 * own, and looks up the eventfd in that thread's files.  A worker of the kernel
 * puts on that memory, but keeps its files: the VMM never gets hold of the
 * eventfds.  It can slow down that work, by what it puts in the place of the one
 * page, until it is killed; that is its own VM's.
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/kvm_host.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/uaccess.h>

#include "ioeventfd_signal.h"
#include "ioeventfd_vmm.h"
#include "vm.h"

/*
 * KVM asks one ioeventfd after the other, in the order in which they came.  Text
 * is most of what is written, so its bytes come first, roughly by how often they
 * are in what firmware and kernels say.
 */
static const char ioeventfd_vmm_common[] =
	" etainorsldcpumfgbh0123456789\n\r.:x-=_/()[],vykw";
static u8 ioeventfd_vmm_order[IOEVENTFD_VALUES];

/** ioeventfd_vmm_init() - before the first call of the others */
void ioeventfd_vmm_init(void)
{
	DECLARE_BITMAP(used, IOEVENTFD_VALUES) = {};
	unsigned int i, n = 0;

	for (i = 0; ioeventfd_vmm_common[i]; i++) {
		__set_bit(ioeventfd_vmm_common[i], used);
		ioeventfd_vmm_order[n++] = ioeventfd_vmm_common[i];
	}
	for_each_clear_bit(i, used, IOEVENTFD_VALUES)
		ioeventfd_vmm_order[n++] = i;
}

/*
 * As set_active_memcg(), which up to 5.14 wants a variable that is not exported,
 * for interrupts, in which we are not.
 */
static struct mem_cgroup *ioeventfd_vmm_charge(struct mem_cgroup *memcg)
{
#ifdef CONFIG_MEMCG
	swap(current->active_memcg, memcg);
#endif
	return memcg;
}

/**
 * ioeventfd_vmm_enter() - have a VMM's memory as our own, at its cgroup's expense
 * @vmm:	filled in, for ioeventfd_vmm_leave()
 * @file:	its VM's, which the caller keeps open
 *
 * In a kernel thread.  May sleep, for as long as the VMM likes.
 *
 * Return: 0; -ESRCH if the VMM has ended, so that the VM cannot run any more; or
 * another negative error.
 */
int ioeventfd_vmm_enter(struct ioeventfd_vmm *vmm, struct file *file)
{
	struct mm_struct *mm = ((struct kvm *)file->private_data)->mm;
	unsigned long page;

	if (!mmget_not_zero(mm))
		return -ESRCH;
	vmm->file = file;
	vmm->mm = mm;
	vmm->arg = NULL;
	vmm->memcg = get_mem_cgroup_from_mm(mm);
	vmm->before = ioeventfd_vmm_charge(vmm->memcg);
	kthread_use_mm(mm);

	page = vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(page)) {
		ioeventfd_vmm_leave(vmm);
		return page;
	}
	vmm->arg = (void __user *)page;
	return 0;
}

/**
 * ioeventfd_vmm_leave() - leave the place of a VMM
 * @vmm:	its place
 *
 * May sleep, for as long as the VMM likes.
 */
void ioeventfd_vmm_leave(struct ioeventfd_vmm *vmm)
{
	if (vmm->arg)
		vm_munmap((unsigned long)vmm->arg, PAGE_SIZE);
	kthread_unuse_mm(vmm->mm);
	ioeventfd_vmm_charge(vmm->before);
	mem_cgroup_put(vmm->memcg);
	mmput(vmm->mm);
}

/* What the VMM's own ioctl(vm, KVM_IOEVENTFD, ...) would do. */
static int ioeventfd_vmm_call(const struct ioeventfd_vmm *vmm, unsigned int port, u8 value,
			      u32 flags)
{
	struct kvm_ioeventfd args = {
		.datamatch = value,
		.addr = dbgport_vm_config.ports[port],
		.len = 1,
		.flags = KVM_IOEVENTFD_FLAG_PIO | KVM_IOEVENTFD_FLAG_DATAMATCH | flags,
	};
	int ret;

	args.fd = get_unused_fd_flags(O_CLOEXEC);
	if (args.fd < 0)
		return args.fd;
	fd_install(args.fd, get_file(ioeventfd_signal_file(port, value)));
	if (copy_to_user(vmm->arg, &args, sizeof(args)))
		ret = -EFAULT;
	else
		ret = vmm->file->f_op->unlocked_ioctl(vmm->file, KVM_IOEVENTFD,
						      (unsigned long)vmm->arg);
	close_fd(args.fd);
	return ret;
}

/**
 * ioeventfd_vmm_take() - have the bytes that a VM writes to a port signalled
 * @vmm:	the place of its VMM
 * @port:	the port's slot, one of those of dbgport_vm_config
 *
 * All of them or none, but for those that the VMM has an ioeventfd of its own for.
 * May sleep, for as long as the VMM likes.
 *
 * Return: 0 or a negative error.
 */
int ioeventfd_vmm_take(const struct ioeventfd_vmm *vmm, unsigned int port)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < IOEVENTFD_VALUES && !ret; i++) {
		ret = ioeventfd_vmm_call(vmm, port, ioeventfd_vmm_order[i], 0);
		/* The VMM has one of its own, which it keeps. */
		if (ret == -EEXIST)
			ret = 0;
	}
	if (!ret)
		return 0;
	for (i--; i; )
		ioeventfd_vmm_call(vmm, port, ioeventfd_vmm_order[--i],
				   KVM_IOEVENTFD_FLAG_DEASSIGN);
	return ret;
}

/**
 * ioeventfd_vmm_give_back() - the opposite
 * @vmm:	the place of its VMM
 * @port:	the port's slot
 *
 * May sleep, for as long as the VMM likes.
 *
 * Return: 0 or the last error.
 */
int ioeventfd_vmm_give_back(const struct ioeventfd_vmm *vmm, unsigned int port)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < IOEVENTFD_VALUES; i++) {
		int err = ioeventfd_vmm_call(vmm, port, i, KVM_IOEVENTFD_FLAG_DEASSIGN);

		/* The VMM's own are not there by our eventfd. */
		if (err && err != -ENOENT)
			ret = err;
	}
	return ret;
}
