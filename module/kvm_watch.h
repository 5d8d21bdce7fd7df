/* SPDX-License-Identifier: GPL-2.0 */
/* kvm_watch.h - being told of new VMs by a probe in KVM */
#ifndef _DBGPORT_KVM_WATCH_H
#define _DBGPORT_KVM_WATCH_H

#include <linux/types.h>

struct kvm_vcpu;

/* Called for each VM's first vCPU; see kvm_watch(). */
typedef void (*kvm_watch_new_vm_t)(struct kvm_vcpu *vcpu);

int kvm_watch_find(char *why, size_t size);
int kvm_watch(kvm_watch_new_vm_t new_vm);
void kvm_unwatch(void);
bool kvm_watch_works(void);

#endif /* _DBGPORT_KVM_WATCH_H */
