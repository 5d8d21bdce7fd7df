/* SPDX-License-Identifier: GPL-2.0 */
/* ioeventfd_claim.h - ioeventfds that keep a VM's writes from its VMM */
#ifndef _DBGPORT_IOEVENTFD_CLAIM_H
#define _DBGPORT_IOEVENTFD_CLAIM_H

#include <linux/types.h>

struct file;
struct ioeventfd_vm;
struct kvm;

int ioeventfd_claim(struct ioeventfd_vm *iv, struct file *file, struct file *event, u32 ports);
void ioeventfd_claim_settle(struct kvm *kvm);

#endif /* _DBGPORT_IOEVENTFD_CLAIM_H */
