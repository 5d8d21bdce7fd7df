/* SPDX-License-Identifier: GPL-2.0 */
/* ioeventfd_signal.h - eventfds, by each of which KVM tells of one byte at one port */
#ifndef _DBGPORT_IOEVENTFD_SIGNAL_H
#define _DBGPORT_IOEVENTFD_SIGNAL_H

#include <linux/types.h>

struct file;
struct kvm_vcpu;

/* That a byte can have. */
#define IOEVENTFD_VALUES	256

/* A vCPU has written; in its thread, with interrupts off.  @port: a slot. */
typedef void (*ioeventfd_signal_t)(const struct kvm_vcpu *vcpu, unsigned int port, u8 value);

int ioeventfd_signal_init(ioeventfd_signal_t write);
void ioeventfd_signal_exit(void);

int ioeventfd_signal_give(struct file *file);
bool ioeventfd_signal_complete(void);
struct file *ioeventfd_signal_file(unsigned int port, u8 value);

#endif /* _DBGPORT_IOEVENTFD_SIGNAL_H */
