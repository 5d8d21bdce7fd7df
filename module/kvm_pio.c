// SPDX-License-Identifier: GPL-2.0
/* kvm_pio.c - KVM's tracepoint of port I/O */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "kvm_find.h"
#include "kvm_pio.h"

#ifdef CONFIG_TRACEPOINTS
static struct tracepoint *kvm_pio_tracepoint;

static void kvm_pio_compare(struct tracepoint *tracepoint, void *unused)
{
	if (!strcmp(tracepoint->name, "kvm_pio"))
		kvm_pio_tracepoint = tracepoint;
}

/* It is exported to nobody, but KVM's module has a list of its own. */
static void kvm_pio_find(void)
{
	const struct module *kvm = kvm_find_module();
	unsigned int i;

	if (!kvm) {
		for_each_kernel_tracepoint(kvm_pio_compare, NULL);
		return;
	}
	for (i = 0; i < kvm->num_tracepoints; i++)
		kvm_pio_compare(tracepoint_ptr_deref(&kvm->tracepoints_ptrs[i]), NULL);
}

/**
 * kvm_pio_probe() - be told of each access of a guest to an I/O port
 * @probe:	called in the vCPU's thread: for a write, before anybody is asked to
 *		take it, with count elements of width bytes each in data (more than
 *		one: a string of a guest whose state is encrypted); for a read, with
 *		the answer.  May not sleep; @unused is NULL
 *
 * After kvm_api_init().  May sleep.
 *
 * Return: 0 or a negative error; the log then has one line that says why.
 */
int kvm_pio_probe(kvm_pio_t probe)
{
	int ret;

	kvm_pio_find();
	ret = kvm_pio_tracepoint ?
		tracepoint_probe_register(kvm_pio_tracepoint, probe, NULL) : -ENOENT;
	if (ret)
		pr_err("KVM's tracepoint kvm_pio cannot be listened to (error %d): backend=ioeventfd cannot be used on this kernel\n",
		       ret);
	return ret;
}

/**
 * kvm_pio_settle() - wait for probes that run
 *
 * May sleep.  When it returns, those have returned that ran when it was called.
 */
void kvm_pio_settle(void)
{
	tracepoint_synchronize_unregister();
}

/**
 * kvm_pio_unprobe() - be told of no more accesses
 * @probe:	as before
 *
 * May sleep.  When it returns, @probe runs nowhere any more.
 */
void kvm_pio_unprobe(kvm_pio_t probe)
{
	tracepoint_probe_unregister(kvm_pio_tracepoint, probe, NULL);
	kvm_pio_settle();
}
#else
int kvm_pio_probe(kvm_pio_t probe)
{
	pr_err("this kernel has no tracepoints: backend=ioeventfd cannot be used\n");
	return -EOPNOTSUPP;
}

void kvm_pio_settle(void)
{
}

void kvm_pio_unprobe(kvm_pio_t probe)
{
}
#endif
