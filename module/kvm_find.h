/* SPDX-License-Identifier: GPL-2.0 */
/* kvm_find.h - where KVM is: its module, and its functions */
#ifndef _DBGPORT_KVM_FIND_H
#define _DBGPORT_KVM_FIND_H

#include <linux/types.h>

struct kvm;
struct module;

/* Looked up where it cannot be linked with; headers that differ break the build. */
void kvm_put_kvm(struct kvm *kvm);

int kvm_find_init(void **put_kvm);
void kvm_find_exit(void);

struct module *kvm_find_module(void);
bool kvm_find_holds(const void *addr);
int kvm_find_function(const char *name, void **addr);

#endif /* _DBGPORT_KVM_FIND_H */
