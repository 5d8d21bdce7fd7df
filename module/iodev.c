// SPDX-License-Identifier: GPL-2.0
/*
 * iodev.c - the backend that puts devices on a VM's PIO bus
 *
 * One device per port, or per UART.  KVM calls a device's destructor when the VM is
 * destroyed, by which we learn of its end.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "backend.h"
#include "iodev_job.h"
#include "iodev_uart.h"
#include "iodev_vm.h"
#include "kvm_api.h"
#include "registry.h"
#include "vm.h"

/* In the vCPU's thread; holds a read lock on kvm->srcu: no mutex here. */
static int iodev_write(struct kvm_vcpu *vcpu, struct kvm_io_device *dev,
		       gpa_t addr, int len, const void *val)
{
	struct iodev *io = iodev_of(dev);

	return dbgport_vm_write(io->vm, io->port, vcpu->vcpu_id, len, val) ? 0 : -EOPNOTSUPP;
}

/* Likewise. */
static int iodev_read(struct kvm_vcpu *vcpu, struct kvm_io_device *dev,
		      gpa_t addr, int len, void *val)
{
	struct iodev *io = iodev_of(dev);
	u32 value;

	if (!dbgport_vm_read(io->vm, io->port, &value))
		return -EOPNOTSUPP;
	memcpy(val, &value, min_t(size_t, len, sizeof(value)));
	return 0;
}

/* From kvm_destroy_vm(), or under slots_lock when a bus is destroyed. */
static void iodev_destructor(struct kvm_io_device *dev)
{
	iodev_vm_device_gone(iodev_of(dev));
}

static const struct kvm_io_device_ops iodev_ops = {
	.read		= iodev_read,
	.write		= iodev_write,
	.destructor	= iodev_destructor,
};

static const struct kvm_io_device_ops iodev_uart_ops = {
	.read		= iodev_uart_read,
	.write		= iodev_uart_write,
	.destructor	= iodev_destructor,
};

static bool iodev_is_uart(const struct iodev_vm *iv, unsigned int port)
{
	return iv->vm->ports.uart & BIT(port);
}

/* As kvm_api_register() takes it: accesses of any width match a plain port. */
static int iodev_len(const struct iodev_vm *iv, unsigned int port)
{
	return iodev_is_uart(iv, port) ? DBGPORT_UART_PORTS : 0;
}

static int iodev_register(struct iodev_vm *iv, unsigned int port)
{
	struct iodev *io = &iv->devs[port];
	int ret;

	ret = iodev_is_uart(iv, port) ? iodev_uart_prepare(io) : 0;
	if (ret)
		return ret;
	iodev_vm_device_added(io);
	kvm_iodevice_init(&io->dev, iodev_is_uart(iv, port) ? &iodev_uart_ops : &iodev_ops);
	ret = kvm_api_register(iv->kvm, iv->vm->ports.slots[port].port, iodev_len(iv, port),
			       &io->dev);
	/* KVM destroys only what came onto the bus. */
	if (ret)
		iodev_vm_device_gone(io);
	return ret;
}

static void iodev_unregister(struct iodev_vm *iv, unsigned long mask)
{
	unsigned int port;

	for_each_set_bit(port, &mask, DBGPORT_MAX_PORTS) {
		kvm_api_unregister(iv->kvm, &iv->devs[port].dev);
		/* Does nothing if KVM has called the destructor. */
		iodev_vm_device_gone(&iv->devs[port]);
	}
}

/* All of them or none. */
static int iodev_register_all(struct iodev_vm *iv, unsigned long mask)
{
	unsigned int port;
	int ret;

	for_each_set_bit(port, &mask, DBGPORT_MAX_PORTS) {
		ret = iodev_register(iv, port);
		if (ret) {
			iodev_unregister(iv, mask & (BIT(port) - 1));
			return ret;
		}
	}
	return 0;
}

/* KVM asks those first that were there before us. */
static void iodev_look_for_others(struct iodev_vm *iv)
{
	unsigned long live = iv->live;
	unsigned int port;

	for_each_set_bit(port, &live, DBGPORT_MAX_PORTS)
		dbgport_vm_set_taken(iv->vm, port,
				     kvm_api_port_taken(iv->kvm,
							iv->vm->ports.slots[port].port,
							iodev_len(iv, port),
							&iv->devs[port].dev));
}

/* With slots_lock held. */
static int iodev_start(struct iodev_vm *iv)
{
	int ret;

	/* The module is being unloaded. */
	if (READ_ONCE(iv->detached))
		return -ESHUTDOWN;

	ret = iodev_register_all(iv, iv->vm->ports.on);
	if (ret)
		return ret;
	ret = dbgport_registry_publish(iv->vm);
	if (ret) {
		iodev_unregister(iv, iv->live);
		return ret;
	}
	iodev_look_for_others(iv);
	iodev_vm_attached(iv);
	return 0;
}

/* Those of the slots in @mask; slots_lock is held, so that no one else does it. */
static void iodev_set_tee(struct dbgport_vm *vm, u32 mask, u32 tee)
{
	dbgport_registry_set_vm_claim(vm, &vm->tee, (vm->tee & ~mask) | (tee & mask));
}

static u16 iodev_port_flags(u32 uart, unsigned int port)
{
	return uart & BIT(port) ? DBGPORT_PORT_UART : 0;
}

/*
 * Those that live and cannot be on the bus with the slots in @wanted, of which @uart are
 * UARTs: what overlaps them, and what is to be one of them and is not yet, or no more.
 */
static u32 iodev_in_the_way(struct iodev_vm *iv, unsigned long wanted, u32 uart)
{
	const struct dbgport_ports *ports = &iv->vm->ports;
	unsigned long live = iv->live;
	unsigned int old, new;
	u32 mask = live & wanted & (ports->uart ^ uart);

	live &= ~wanted;
	for_each_set_bit(old, &live, DBGPORT_MAX_PORTS)
		for_each_set_bit(new, &wanted, DBGPORT_MAX_PORTS)
			if (dbgport_ports_overlap(ports->slots[old].port,
						  iodev_port_flags(ports->uart, old),
						  ports->slots[new].port,
						  iodev_port_flags(uart, new)))
				mask |= BIT(old);
	return mask;
}

/*
 * Have those in @wanted on the bus, and what lives besides, but for what is in the way;
 * all or nothing new.
 */
static int iodev_take(struct iodev_vm *iv, u32 wanted, u32 uart, u32 tee)
{
	struct dbgport_ports *ports = &iv->vm->ports;
	u32 before = ports->uart, tee_before = iv->vm->tee;
	u32 way = iodev_in_the_way(iv, wanted, uart);
	int ret;

	iodev_unregister(iv, way);
	dbgport_ports_set_uart(ports, (before & ~wanted) | uart);
	iodev_set_tee(iv->vm, wanted & ~iv->live, tee);
	ret = iodev_register_all(iv, wanted & ~iv->live);
	if (!ret)
		return 0;
	dbgport_ports_set_uart(ports, before);
	iodev_set_tee(iv->vm, way, tee_before);
	if (iodev_register_all(iv, way))
		pr_warn_ratelimited("VM %u of %s[%d] has lost ports for want of memory\n",
				    iv->vm->id, iv->vm->comm, pid_nr(iv->vm->pid));
	return ret;
}

/* New ones first, so that some live all the time; with slots_lock held. */
static int iodev_change(struct iodev_vm *iv, const u16 *ports, const u16 *flags, u32 n)
{
	struct dbgport_ports *vm_ports = &iv->vm->ports;
	u32 slots = vm_ports->n, tee, uart;
	int wanted, ret;

	/* Somebody else was faster, and nothing is to be taken any more. */
	if (READ_ONCE(iv->detached))
		return -ENOENT;

	wanted = dbgport_ports_find(vm_ports, ports, n, DBGPORT_MAX_PORTS);
	if (wanted < 0)
		return wanted;
	tee = dbgport_ports_flagged(vm_ports, ports, flags, n, DBGPORT_PORT_TEE);
	uart = dbgport_ports_flagged(vm_ports, ports, flags, n, DBGPORT_PORT_UART);
	ret = iodev_take(iv, wanted, uart, tee);
	if (!ret) {
		iodev_set_tee(iv->vm, wanted, tee);
		iodev_unregister(iv, iv->live & ~wanted);
	}
	dbgport_ports_set_on(vm_ports, iv->live);
	if (ret)
		dbgport_ports_give_back(vm_ports, slots);
	iodev_look_for_others(iv);
	/* Nothing lives if the bus was destroyed. */
	return iv->live ? ret : -ENOMEM;
}

static int iodev_job_attach(struct iodev_job *job)
{
	return iodev_start(job->iv);
}

static int iodev_job_detach(struct iodev_job *job)
{
	iodev_unregister(job->iv, job->iv->live);
	return 0;
}

static int iodev_job_change(struct iodev_job *job)
{
	return iodev_change(job->iv, job->ports, job->port_flags, job->nports);
}

/* The VMM may be held up by what it does to its VM; nobody else is. */
static int iodev_attach_own(struct iodev_vm *iv, u32 *id)
{
	struct kvm *kvm = iv->kvm;
	int ret;

	while ((ret = iodev_vm_add(iv, id)) == -EALREADY) {
		ret = iodev_vm_wait_attached(kvm, MAX_SCHEDULE_TIMEOUT);
		if (ret)
			break;
	}
	if (ret) {
		iodev_vm_destroy(iv);
		return ret;
	}
	mutex_lock(&kvm->slots_lock);
	ret = iodev_start(iv);
	mutex_unlock(&kvm->slots_lock);
	iodev_vm_unpin(iv);
	return ret;
}

static int iodev_attach_other(struct iodev_vm *iv, u32 *id)
{
	struct iodev_job *job = iodev_job_new(iv->vm->uid, iodev_job_attach);
	int ret = PTR_ERR_OR_ZERO(job);

	if (ret)
		goto err_vm;
	while ((ret = iodev_vm_add(iv, id)) == -EALREADY) {
		ret = iodev_vm_wait_attached(iv->kvm, IODEV_JOB_PATIENCE);
		if (ret)
			break;
	}
	if (ret)
		goto err_job;
	return iodev_job_do(job, iv);

err_job:
	iodev_job_drop(job);
err_vm:
	iodev_vm_destroy(iv);
	return ret;
}

static int iodev_attach(struct dbgport_vm *vm, struct kvm *kvm, struct module *vendor,
			bool own, u32 *id)
{
	struct iodev_vm *iv = iodev_vm_create(vm, kvm, vendor);
	int ret;

	if (!iv)
		return -ENOMEM;
	ret = own ? iodev_attach_own(iv, id) : iodev_attach_other(iv, id);
	if (!ret)
		*id = vm->id;
	return ret;
}

static int iodev_detach(struct dbgport_vm *vm)
{
	struct iodev_job *job = iodev_job_new(vm->uid, iodev_job_detach);
	struct iodev_vm *iv;

	if (IS_ERR(job))
		return PTR_ERR(job);
	iv = iodev_vm_pin_to_detach(vm);
	if (!iv) {
		iodev_job_drop(job);
		return -ENOENT;
	}
	WRITE_ONCE(vm->detached, true);
	return iodev_job_do(job, iv);
}

static int iodev_set_ports(struct dbgport_vm *vm, const u16 *ports, const u16 *flags, u32 n)
{
	struct iodev_job *job = iodev_job_new(vm->uid, iodev_job_change);
	struct iodev_vm *iv;

	if (IS_ERR(job))
		return PTR_ERR(job);
	iv = iodev_vm_pin(vm);
	if (!iv) {
		iodev_job_drop(job);
		return -ENOENT;
	}
	memcpy(job->ports, ports, n * sizeof(*ports));
	memcpy(job->port_flags, flags, n * sizeof(*flags));
	job->nports = n;
	return iodev_job_do(job, iv);
}

/* Those that are stuck let go when they can, and hold up no others. */
static void iodev_detach_all(void)
{
	struct iodev_vm *iv;

	iodev_vm_close();
	while ((iv = iodev_vm_pin_to_detach(NULL)))
		iodev_job_start(iv, iodev_job_detach);
	iodev_vm_wait_for_none();
}

const struct dbgport_backend dbgport_iodev = {
	.id		= DBGPORT_BACKEND_IODEV,
	.probes		= true,
	.uarts		= true,
	.init		= iodev_job_init,
	.exit		= iodev_job_exit,
	.attach		= iodev_attach,
	.detach		= iodev_detach,
	.set_ports	= iodev_set_ports,
	.detach_all	= iodev_detach_all,
};
