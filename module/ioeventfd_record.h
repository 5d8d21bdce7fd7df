/* SPDX-License-Identifier: GPL-2.0 */
/* ioeventfd_record.h - records of what KVM's tracepoint of port I/O tells */
#ifndef _DBGPORT_IOEVENTFD_RECORD_H
#define _DBGPORT_IOEVENTFD_RECORD_H

#include <linux/types.h>

struct dbgport_vm;
struct ioeventfd_vm;
struct kvm;

int ioeventfd_record_init(void);
void ioeventfd_record_exit(void);

int ioeventfd_record_prepare(struct dbgport_vm *vm, const struct kvm *kvm);
void ioeventfd_record(struct ioeventfd_vm *iv, u32 ports);

#endif /* _DBGPORT_IOEVENTFD_RECORD_H */
