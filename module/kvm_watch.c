// SPDX-License-Identifier: GPL-2.0
/*
 * kvm_watch.c - being told of new VMs by a probe in KVM
 *
 * What KVM_CREATE_VCPU ends with is probed, when nothing can fail any more.  Both
 * functions are global and never inlined from 5.10 to 7.3, since they are in other
 * files than their caller.  kvm_create_vm() is inlined everywhere.
 *
 * The first one is better: it waits for nothing.  The other one, before it, waits
 * for the vCPU's mutex, which has whoever runs the vCPU: that may be another thread of
 * the VMM, which guessed its descriptor.  But only it is called without debugfs.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/kvm_host.h>
#include <linux/printk.h>

#include "kvm_find.h"
#include "kvm_watch.h"

static const char * const kvm_watch_functions[] = {
	"kvm_arch_create_vcpu_debugfs", "kvm_arch_vcpu_postcreate",
};

static kvm_watch_new_vm_t kvm_watch_new_vm;

static int kvm_watch_hit(struct kprobe *probe, struct pt_regs *regs)
{
	struct kvm_vcpu *vcpu = (struct kvm_vcpu *)regs_get_kernel_argument(regs, 0);

	/* Index 0 is given once per VM, to the first vCPU whatever its id. */
	if (vcpu->vcpu_idx == 0)
		kvm_watch_new_vm(vcpu);
	return 0;
}

static struct kprobe kvm_watch_probe = { .pre_handler = kvm_watch_hit };

/*
 * Probes are silent when somebody has switched off all of them, or the function tracer
 * that most of them use, and there is no asking.  So there is one that we can try.
 */
static atomic_t kvm_watch_tries = ATOMIC_INIT(0);

static noinline void kvm_watch_try(void)
{
	/* Or the call would be optimised away. */
	barrier();
}

static int kvm_watch_tried(struct kprobe *probe, struct pt_regs *regs)
{
	atomic_inc(&kvm_watch_tries);
	return 0;
}

static struct kprobe kvm_watch_witness = {
	.addr = (kprobe_opcode_t *)kvm_watch_try,
	.pre_handler = kvm_watch_tried,
};

/**
 * kvm_watch_find() - find a function to probe
 * @why:	set to the reason, a phrase, if there is none
 * @size:	of @why
 *
 * May sleep.
 *
 * Return: 0 or a negative error.
 */
int kvm_watch_find(char *why, size_t size)
{
	unsigned int i = debugfs_initialized() ? 0 : 1;
	void *addr;
	int ret;

	do {
		kvm_watch_probe.symbol_name = kvm_watch_functions[i];
		ret = kvm_find_function(kvm_watch_functions[i], &addr);
	} while (ret && ++i < ARRAY_SIZE(kvm_watch_functions));
	if (ret)
		scnprintf(why, size, "KVM's function %s was not found (error %d)",
			  kvm_watch_probe.symbol_name, ret);
	return ret;
}

/**
 * kvm_watch() - be told of each new VM
 * @new_vm:	called when a VM has got its first vCPU, in the thread that
 *		makes it and before that vCPU can run.  Atomic context; the VM
 *		cannot go away during the call
 *
 * After kvm_watch_find().  May sleep.
 *
 * Return: 0 or a negative error; the log then has one line that says why.
 */
int kvm_watch(kvm_watch_new_vm_t new_vm)
{
	int ret;

	kvm_watch_new_vm = new_vm;
	ret = register_kprobe(&kvm_watch_witness);
	if (!ret) {
		ret = register_kprobe(&kvm_watch_probe);
		if (ret)
			unregister_kprobe(&kvm_watch_witness);
	}
	if (ret)
		pr_err("KVM's function %s cannot be probed (error %d): new VMs would not be seen\n",
		       kvm_watch_probe.symbol_name, ret);
	return ret;
}

/** kvm_unwatch() - when it returns, new_vm() runs nowhere any more; may sleep */
void kvm_unwatch(void)
{
	unregister_kprobe(&kvm_watch_probe);
	unregister_kprobe(&kvm_watch_witness);
}

/**
 * kvm_watch_works() - whether new VMs are seen
 *
 * Between kvm_watch() and kvm_unwatch(), in process context.
 *
 * Return: false if the kernel's probes are switched off.
 */
bool kvm_watch_works(void)
{
	int before = atomic_read(&kvm_watch_tries);

	kvm_watch_try();
	return atomic_read(&kvm_watch_tries) != before;
}
