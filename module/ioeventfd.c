// SPDX-License-Identifier: GPL-2.0
/*
 * ioeventfd.c - the backend that has KVM signal eventfds
 *
 * Uses nothing of KVM but what it offers to a VMM.  For each port and byte there
 * is an eventfd, which every VM that is claimed has as an ioeventfd.
 *
 * An ioeventfd takes what matches and cannot let it go on to the VMM.  So there
 * are some only while a VM is claimed; else nothing is seen of it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "backend.h"
#include "ioeventfd_signal.h"
#include "ioeventfd_vm.h"
#include "ioeventfd_vmm.h"
#include "kvm_api.h"
#include "registry.h"
#include "vm.h"
#include "vmdir.h"

/* A VM's vCPU has written a byte to the port of a slot; interrupts are off. */
static void ioeventfd_write(const struct kvm_vcpu *vcpu, unsigned int port, u8 value)
{
	struct ioeventfd_vm *iv;

	rcu_read_lock();
	iv = ioeventfd_vm_of(vcpu->kvm);
	if (iv)
		dbgport_ring_write(&iv->vm->ring, port, vcpu->vcpu_id, 1, value, true);
	rcu_read_unlock();
}

static int ioeventfd_give_back(struct ioeventfd_vm *iv, const struct ioeventfd_vmm *vmm,
			       unsigned long ports)
{
	unsigned int port;
	int ret = 0;

	for_each_set_bit(port, &ports, DBGPORT_MAX_PORTS)
		ret = ioeventfd_vmm_give_back(vmm, port) ?: ret;
	iv->ports &= ~ports;
	return ret;
}

static void ioeventfd_look(struct ioeventfd_vm *iv, struct kvm *kvm, unsigned long ports)
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
static int ioeventfd_take(struct ioeventfd_vm *iv, const struct ioeventfd_vmm *vmm,
			  unsigned long ports)
{
	unsigned int port;
	int ret;

	if (!ports)
		return 0;
	ioeventfd_look(iv, vmm->file->private_data, ports);
	/* Where bytes come in, there is no asking for memory. */
	ret = dbgport_ring_prepare(&iv->vm->ring) ?: dbgport_ring_grow(&iv->vm->ring);
	for_each_set_bit(port, &ports, DBGPORT_MAX_PORTS) {
		if (!ret)
			ret = ioeventfd_vmm_take(vmm, port);
		if (!ret)
			__set_bit(port, &iv->ports);
	}
	if (ret)
		ioeventfd_give_back(iv, vmm, iv->ports & ports);
	return ret;
}

static int ioeventfd_change(struct ioeventfd_vm *iv, struct file *file, unsigned long ports)
{
	struct ioeventfd_vmm vmm;
	int ret = ioeventfd_vmm_enter(&vmm, file);

	/* The VMM has ended, and its VM cannot run any more. */
	if (ret)
		return ret == -ESRCH ? 0 : ret;
	ret = ioeventfd_take(iv, &vmm, ports & ~iv->ports) ?:
	      ioeventfd_give_back(iv, &vmm, iv->ports & ~ports);
	ioeventfd_vmm_leave(&vmm);
	return ret;
}

static void ioeventfd_work(struct work_struct *work)
{
	struct ioeventfd_vm *iv = container_of(work, struct ioeventfd_vm, work);
	struct dbgport_vm *vm = iv->vm;
	struct task_struct *vmm;
	struct file *file = NULL;
	unsigned long ports;
	int ret;

	ports = READ_ONCE(iv->wanted) && !READ_ONCE(iv->closing) && ioeventfd_signal_complete() ?
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
	ret = ioeventfd_change(iv, file, ports);
	fput(file);
	WRITE_ONCE(vm->claimed, iv->ports);
	if (ret)
		pr_warn_ratelimited("VM %u of %s[%d] was not %s (error %d)\n", vm->id, vm->comm,
				    pid_nr(vm->pid), ports ? "claimed" : "given back", ret);
}

/* The registry has decided; its lock is held. */
static void ioeventfd_follow(struct dbgport_vm *vm, bool claim)
{
	struct ioeventfd_vm *iv = vm->backend;

	WRITE_ONCE(iv->wanted, claim);
	ioeventfd_vm_ask(iv);
}

/* The caller has a reference, which is put. */
static int ioeventfd_vm_detach(struct ioeventfd_vm *iv)
{
	bool removed;

	ioeventfd_vm_ask(iv);
	flush_work(&iv->work);
	removed = ioeventfd_vm_remove(iv);
	if (removed) {
		synchronize_rcu();
		WRITE_ONCE(iv->vm->detached, true);
		ioeventfd_vm_end(iv);
	}
	ioeventfd_vm_put(iv);
	return removed ? 0 : -ENOENT;
}

static int ioeventfd_attach(struct dbgport_vm *vm, struct kvm *kvm, struct module *vendor,
			    bool own, u32 *id)
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

static int ioeventfd_detach(struct dbgport_vm *vm)
{
	struct ioeventfd_vm *iv = ioeventfd_vm_find(vm, true);

	return iv ? ioeventfd_vm_detach(iv) : -ENOENT;
}

static int ioeventfd_set_ports(struct dbgport_vm *vm, const u16 *ports, const u16 *flags,
			       u32 n)
{
	/* There are eventfds for no other ports than those at first. */
	int wanted = dbgport_ports_find(&vm->ports, ports, n, dbgport_vm_config.nports);
	struct ioeventfd_vm *iv;

	if (wanted < 0)
		return -EOPNOTSUPP;
	iv = ioeventfd_vm_find(vm, false);
	if (!iv)
		return -ENOENT;
	ioeventfd_vm_set_ports(iv, wanted);
	ioeventfd_vm_ask(iv);
	flush_work(&iv->work);
	ioeventfd_vm_put(iv);
	return 0;
}

static void ioeventfd_detach_all(void)
{
	struct ioeventfd_vm *iv;

	/* Each may take seconds: have all begin at once. */
	ioeventfd_vm_give_up_all();
	while ((iv = ioeventfd_vm_find(NULL, true)))
		ioeventfd_vm_detach(iv);
}

static int ioeventfd_give(struct file *file)
{
	int ret = ioeventfd_signal_give(file);

	if (ret <= 0)
		return ret;
	/* Now all that were to be claimed can be. */
	ioeventfd_vm_ask_all();
	return 0;
}

static struct vmdir_watch ioeventfd_gone = { .tell = ioeventfd_vm_gone };

static int ioeventfd_init(void)
{
	int ret = ioeventfd_signal_init(ioeventfd_write);

	if (ret)
		return ret;
	ret = ioeventfd_vm_init();
	if (ret)
		goto err_signals;
	ret = vmdir_watch(&ioeventfd_gone, FS_DELETE);
	if (ret)
		goto err_vms;
	ioeventfd_vmm_init();
	return 0;

err_vms:
	ioeventfd_vm_exit();
err_signals:
	ioeventfd_signal_exit();
	return ret;
}

static void ioeventfd_exit(void)
{
	vmdir_unwatch(&ioeventfd_gone);
	ioeventfd_vm_exit();
	ioeventfd_signal_exit();
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
