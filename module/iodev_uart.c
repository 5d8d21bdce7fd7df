// SPDX-License-Identifier: GPL-2.0
/*
 * iodev_uart.c - a device over the ports of a VMM's UART
 *
 * What it decides, and what that comes from, is under the lock of the VM's ring: so records
 * are in the order in which the guest's CPUs have sent them, claimed or not.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "iodev_uart.h"
#include "iodev_vm.h"
#include "uart.h"
#include "vm.h"

static struct dbgport_uart *iodev_uart_of(struct iodev *io)
{
	return &iodev_vm_of(io)->uarts[io->port];
}

static u8 iodev_uart_reg(const struct iodev *io, gpa_t addr)
{
	return addr - io->vm->ports.slots[io->port].port;
}

static bool iodev_uart_claims(const struct iodev *io)
{
	return READ_ONCE(io->vm->claimed) >> io->port & 1;
}

/**
 * iodev_uart_prepare() - know nothing of a UART
 * @io:		its device, before that comes onto the bus; slots_lock is held
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int iodev_uart_prepare(struct iodev *io)
{
	int ret = iodev_vm_make_uarts(iodev_vm_of(io));

	if (!ret)
		memset(iodev_uart_of(io), 0, sizeof(struct dbgport_uart));
	return ret;
}

/**
 * iodev_uart_write() - a guest writes to one of a UART's ports
 * @vcpu:	its vCPU
 * @dev:	the device
 * @addr:	the port
 * @len:	in bytes
 * @val:	what is written
 *
 * Context: the vCPU's thread, with a read lock on kvm->srcu; the VM's first byte may sleep.
 *
 * Return: 0; -EOPNOTSUPP if it is the VMM's.
 */
int iodev_uart_write(struct kvm_vcpu *vcpu, struct kvm_io_device *dev, gpa_t addr, int len,
		     const void *val)
{
	struct iodev *io = iodev_of(dev);
	struct dbgport_ring *ring = &io->vm->ring;
	enum dbgport_uart_fate fate;
	u8 value = *(const u8 *)val;

	spin_lock(&ring->lock);
	fate = dbgport_uart_write(iodev_uart_of(io), iodev_uart_reg(io, addr), len, value,
				  iodev_uart_claims(io));
	if (fate != DBGPORT_UART_PASS)
		dbgport_ring_add(ring, io->port, vcpu->vcpu_id, value, fate == DBGPORT_UART_CLAIM);
	spin_unlock(&ring->lock);
	return fate == DBGPORT_UART_CLAIM ? 0 : -EOPNOTSUPP;
}

/**
 * iodev_uart_read() - a guest reads from one of a UART's ports
 * @vcpu:	its vCPU
 * @dev:	the device
 * @addr:	the port
 * @len:	in bytes
 * @val:	set to the answer
 *
 * Context: likewise, and does not sleep.
 *
 * Return: 0; -EOPNOTSUPP if it is the VMM's.
 */
int iodev_uart_read(struct kvm_vcpu *vcpu, struct kvm_io_device *dev, gpa_t addr, int len,
		    void *val)
{
	struct iodev *io = iodev_of(dev);
	struct dbgport_ring *ring = &io->vm->ring;
	bool answered;

	spin_lock(&ring->lock);
	answered = dbgport_uart_read(iodev_uart_of(io), iodev_uart_reg(io, addr), len,
				     iodev_uart_claims(io), jiffies);
	dbgport_ring_add_read(ring, io->port, answered);
	spin_unlock(&ring->lock);
	if (!answered)
		return -EOPNOTSUPP;
	*(u8 *)val = DBGPORT_UART_SENT;
	return 0;
}
