// SPDX-License-Identifier: GPL-2.0
/*
 * vmm.c - KVM's ioctls, called in the place of a VMM
 *
 * KVM lets a VM be configured only by a thread whose memory is the VMM's.  The
 * ioctl's argument is read from there, and descriptors in it are looked up in that
 * thread's table.  A kernel thread can put on the memory, and keeps its own table:
 * so the VMM never gets hold of our eventfd.
 *
 * The VMM may be hostile, so nothing here waits for what it can hold up: neither
 * for the lock of its memory, nor for a page that is another process's to bring
 * (FUSE, userfaultfd) and that the VMM puts in the place of ours.  mm gives way to
 * a fatal signal wherever it may have to wait, so we have one pending all the
 * time; what it could not do then is tried again.
 *
 * What remains is KVM itself, which waits until none of the VM's vCPUs is in it.
 */
#include <linux/delay.h>
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
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <linux/userfaultfd_k.h>

#include "vmm.h"

/* How often to try what the VMM may hold up, and how many ms at least between two times. */
#define VMM_TRIES	30
#define VMM_PAUSE_MS	10

/**
 * vmm_charge() - have somebody else pay for the memory that this thread gets
 * @memcg:	who pays; NULL is whoever would
 *
 * As set_active_memcg(), which up to 5.14 wants a variable that is not exported,
 * for interrupts, in which we are not.
 *
 * Return: who paid before.
 */
struct mem_cgroup *vmm_charge(struct mem_cgroup *memcg)
{
#ifdef CONFIG_MEMCG
	swap(current->active_memcg, memcg);
#endif
	return memcg;
}

static void vmm_refuse_to_wait(void)
{
	allow_kernel_signal(SIGKILL);
	send_sig(SIGKILL, current, 1);
}

static void vmm_wait_again(void)
{
	disallow_signal(SIGKILL);
}

/* Return: the address of a page, or a negative error. */
static unsigned long vmm_map(void)
{
	unsigned long addr;
	int tries;

	for (tries = VMM_TRIES; ; ) {
		addr = vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, 0);
		if (addr != (unsigned long)-EINTR || !--tries)
			return addr;
		msleep(VMM_PAUSE_MS);
	}
}

/* If it stays, it is a page of the VMM's like any other. */
static void vmm_unmap(unsigned long addr)
{
	int tries;

	for (tries = VMM_TRIES; vm_munmap(addr, PAGE_SIZE) == -EINTR && --tries; )
		msleep(VMM_PAUSE_MS);
}

/* Have memory at an address, unless somebody else would have to bring it. */
static int vmm_fault_in(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;
	int ret = -EFAULT;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	vma = find_vma(mm, addr);
	if (vma && vma->vm_start <= addr && vma_is_anonymous(vma) && !userfaultfd_armed(vma))
		ret = fixup_user_fault(mm, addr, FAULT_FLAG_WRITE, NULL);
	mmap_read_unlock(mm);
	return ret;
}

/**
 * vmm_enter() - take the place of a VMM
 * @vmm:	filled in, for vmm_leave()
 * @vm:		the file of its VM, which the caller keeps open
 * @event:	an eventfd, likewise
 *
 * In a kernel thread.  May sleep, for half a second or so.
 *
 * Return: 0; -ESRCH if the VMM has ended, so that the VM cannot run any more;
 * -EINTR if its memory is busy; or another negative error.
 */
int vmm_enter(struct vmm *vmm, struct file *vm, struct file *event)
{
	struct mm_struct *mm = ((struct kvm *)vm->private_data)->mm;
	int ret;

	if (!mmget_not_zero(mm))
		return -ESRCH;
	vmm->event = get_unused_fd_flags(O_CLOEXEC);
	if (vmm->event < 0) {
		ret = vmm->event;
		goto err_mm;
	}
	fd_install(vmm->event, get_file(event));

	vmm->vm = vm;
	vmm->mm = mm;
	vmm->memcg = get_mem_cgroup_from_mm(mm);
	vmm->before = vmm_charge(vmm->memcg);
	kthread_use_mm(mm);
	vmm_refuse_to_wait();
	vmm->arg = vmm_map();
	if (!IS_ERR_VALUE(vmm->arg))
		return 0;

	ret = vmm->arg;
	vmm->arg = 0;
	vmm_leave(vmm);
	return ret;
err_mm:
	mmput_async(mm);
	return ret;
}

/**
 * vmm_ioeventfd() - what the VMM's own ioctl(vm, KVM_IOEVENTFD, ...) would do
 * @vmm:	its place
 * @port:	an I/O port, of which writes of any width and value are meant
 * @assign:	have the eventfd signalled by them, or not any more
 *
 * May sleep, until none of the VM's vCPUs is in KVM as it was before.
 *
 * Return: 0; -EEXIST if the VMM has an ioeventfd of its own there; -ENOENT if ours
 * was not there; or another negative error.
 */
int vmm_ioeventfd(struct vmm *vmm, u16 port, bool assign)
{
	void __user *arg = (void __user *)vmm->arg;
	struct kvm_ioeventfd args = {
		.addr = port,
		.fd = vmm->event,
		.flags = KVM_IOEVENTFD_FLAG_PIO | (assign ? 0 : KVM_IOEVENTFD_FLAG_DEASSIGN),
	};
	int tries = VMM_TRIES;
	long ret;

	for (;;) {
		/* No fault is handled in these two. */
		ret = copy_to_user_nofault(arg, &args, sizeof(args));
		if (!ret) {
			pagefault_disable();
			ret = vmm->vm->f_op->unlocked_ioctl(vmm->vm, KVM_IOEVENTFD, vmm->arg);
			pagefault_enable();
		}
		if (ret != -EFAULT || !--tries)
			return ret;
		ret = vmm_fault_in(vmm->mm, vmm->arg);
		if (ret == -EINTR)
			msleep(VMM_PAUSE_MS);
		else if (ret)
			return ret;
	}
}

/**
 * vmm_leave() - leave the place of a VMM
 * @vmm:	its place
 *
 * May sleep, for half a second or so.
 */
void vmm_leave(struct vmm *vmm)
{
	if (vmm->arg)
		vmm_unmap(vmm->arg);
	vmm_wait_again();
	kthread_unuse_mm(vmm->mm);
	vmm_charge(vmm->before);
	mem_cgroup_put(vmm->memcg);
	close_fd(vmm->event);
	/* What the last one who lets go of it has to do is not for us to wait for. */
	mmput_async(vmm->mm);
}
