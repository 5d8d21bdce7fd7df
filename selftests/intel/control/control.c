// SPDX-License-Identifier: GPL-2.0
/*
 * Calls one of KVM's functions that are not exported in both ways: directly, as
 * dbgport.ko does, and then through a pointer.  The kernel has sealed it, as no code
 * takes its address: where IBT is on, the second call ends in "Missing ENDBR".
 *
 * The VM has no buses, so nothing comes of either call.  Loading fails in any case.
 */
#include <linux/kprobes.h>
#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/static_call.h>

DEFINE_STATIC_CALL_NULL(control_register_dev, kvm_io_bus_register_dev);

static int __init control_init(void)
{
	struct kprobe probe = {
		.symbol_name = "kvm_io_bus_register_dev",
		.flags = KPROBE_FLAG_DISABLED,
	};
	typeof(kvm_io_bus_register_dev) *register_dev;
	struct kvm *kvm = kzalloc(sizeof(*kvm), GFP_KERNEL);
	int ret;

	if (!kvm)
		return -ENOMEM;
	/* As kvm_find_function() does. */
	ret = register_kprobe(&probe);
	if (ret)
		goto out;
	register_dev = (void *)probe.addr;
	unregister_kprobe(&probe);

	static_call_update(control_register_dev, register_dev);
	pr_info("control: the direct call gave %d\n",
		static_call(control_register_dev)(kvm, KVM_PIO_BUS, 0, 0, NULL));
	pr_info("control: the indirect call gave %d\n",
		register_dev(kvm, KVM_PIO_BUS, 0, 0, NULL));
	ret = -ECANCELED;
out:
	kfree(kvm);
	return ret;
}
module_init(control_init);

MODULE_DESCRIPTION("a call that IBT does not let pass");
MODULE_LICENSE("GPL");
