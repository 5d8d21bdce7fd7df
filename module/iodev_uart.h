/* SPDX-License-Identifier: GPL-2.0 */
/* iodev_uart.h - a device over the ports of a VMM's UART */
#ifndef _DBGPORT_IODEV_UART_H
#define _DBGPORT_IODEV_UART_H

#include "kvm_api.h"

struct iodev;

int iodev_uart_prepare(struct iodev *io);

int iodev_uart_write(struct kvm_vcpu *vcpu, struct kvm_io_device *dev, gpa_t addr, int len,
		     const void *val);
int iodev_uart_read(struct kvm_vcpu *vcpu, struct kvm_io_device *dev, gpa_t addr, int len,
		    void *val);

#endif /* _DBGPORT_IODEV_UART_H */
