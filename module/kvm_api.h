/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kvm_api.h - what we need of KVM, the same for every kernel
 *
 * Together with kvm_api.c, kvm_find.[ch], kvm_watch.[ch] and kvm_pio.[ch] the only place
 * that knows what KVM does not export, and what kernels differ in.
 */
#ifndef _DBGPORT_KVM_API_H
#define _DBGPORT_KVM_API_H

#include <linux/fsnotify_backend.h>
#include <linux/kvm_host.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <kvm/iodev.h>

struct file;
struct module;
struct task_struct;

/* Up to 5.14; since then the other name is that of the highest id. */
#ifndef KVM_MAX_VCPU_IDS
#define KVM_MAX_VCPU_IDS	KVM_MAX_VCPU_ID
#endif

int kvm_api_init(void);
int kvm_api_init_bus(char *why, size_t size);
void kvm_api_exit(void);

bool kvm_api_get(struct kvm *kvm);
void kvm_api_put(struct kvm *kvm);
struct module *kvm_api_vendor(struct kvm_vcpu *vcpu);
struct kvm_vcpu *kvm_api_find_running_vcpu(void);
bool kvm_api_is_vm(const struct file *file);
u64 kvm_api_created_ns(const struct kvm *kvm);
struct file *kvm_api_file(struct task_struct *task, int fd);

int kvm_api_register(struct kvm *kvm, u16 port, int len, struct kvm_io_device *dev);
bool kvm_api_port_taken(struct kvm *kvm, u16 port, int len, const struct kvm_io_device *ours);
void kvm_api_unregister(struct kvm *kvm, struct kvm_io_device *dev);

extern const struct preempt_ops *kvm_api_preempt_ops;

/**
 * kvm_api_running_vcpu() - who we are
 *
 * In the thread of a vCPU that runs.  It has itself told when it is scheduled,
 * by which we know it: kvm_get_running_vcpu() is not for us since 6.18.
 *
 * Return: the vCPU; NULL if we are none.
 */
static inline struct kvm_vcpu *kvm_api_running_vcpu(void)
{
	const struct hlist_node *first = current->preempt_notifiers.first;
	const struct preempt_notifier *notifier;

	if (likely(first)) {
		notifier = hlist_entry(first, struct preempt_notifier, link);
		if (likely(notifier->ops == READ_ONCE(kvm_api_preempt_ops)))
			return container_of(notifier, struct kvm_vcpu, preempt_notifier);
	}
	return kvm_api_find_running_vcpu();
}

/**
 * kvm_api_fsnotify_group() - a group to watch KVM's directories with
 * @ops:	what to do about events
 *
 * Flags came with 5.19, and to older kernels with what they took over.
 *
 * May sleep.
 *
 * Return: the group, for fsnotify_put_group(), or an error pointer.
 */
static inline struct fsnotify_group *kvm_api_fsnotify_group(const struct fsnotify_ops *ops)
{
#ifdef FSNOTIFY_GROUP_USER
	return fsnotify_alloc_group(ops, 0);
#else
	return fsnotify_alloc_group(ops);
#endif
}

#endif /* _DBGPORT_KVM_API_H */
