// SPDX-License-Identifier: GPL-2.0
/*
 * kvm_find.c - where KVM is: its module, and its functions
 *
 * KVM exports no function to put a device on a VM's PIO bus, so it is looked
 * up by name: a kprobe that is registered disabled arms nothing, and tells the
 * address.
 *
 * kvm_put_kvm() is the one function that we link with, as long as it is exported
 * to everybody.  That makes the loader compare the layout of KVM's structures.
 * Kbuild tells by DBGPORT_LINKS_KVM.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <generated/utsrelease.h>
#include <linux/kmod.h>
#include <linux/kprobes.h>
#include <linux/kvm_host.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/utsname.h>

#include "kvm_find.h"

/* kvm.ko; NULL if KVM is built into the kernel. */
static struct module *kvm_find_ko;

#ifdef CONFIG_TRACEPOINTS
/* Told of each module that has tracepoints; while registering, of those loaded. */
static int kvm_find_module_event(struct notifier_block *block, unsigned long action, void *data)
{
	struct module *module = ((struct tp_module *)data)->mod;

	if (action == MODULE_STATE_COMING && !strcmp(module->name, "kvm") &&
	    module->state == MODULE_STATE_LIVE && !kvm_find_ko && try_module_get(module))
		kvm_find_ko = module;
	return NOTIFY_OK;
}

/* No function that looks up a module by its name is exported. */
static void kvm_find_get_module(void)
{
	struct notifier_block block = { .notifier_call = kvm_find_module_event };

	if (!register_tracepoint_module_notifier(&block))
		unregister_tracepoint_module_notifier(&block);
}
#else
static void kvm_find_get_module(void)
{
}
#endif

#ifdef DBGPORT_LINKS_KVM
/* Weak, or the loader would say what is missing, and not what to do. */
#pragma weak kvm_put_kvm

static int kvm_find_put_kvm(void **addr)
{
	*addr = kvm_put_kvm;
	if (*addr)
		return 0;
	pr_err("KVM is not loaded (no symbol kvm_put_kvm): load kvm-amd or kvm-intel first\n");
	return -ENODEV;
}
#else
/* kvm.ko stays, so its functions do without a reference of their own. */
static void *kvm_find_export(const char *name)
{
	void *addr = strstr(DBGPORT_HIDE_EXPORTS, name) ? NULL : __symbol_get(name);

	if (addr)
		__symbol_put(name);
	return addr;
}

static int kvm_find_put_kvm(void **addr)
{
	int ret;

	/* With MODVERSIONS the loader lets pass what other kernels were built with. */
	if (strcmp(init_utsname()->release, UTS_RELEASE)) {
		pr_err("built for Linux %s, but this is %s: KVM's structures may differ, so build it for this kernel\n",
		       UTS_RELEASE, init_utsname()->release);
		return -ENOEXEC;
	}
	if (IS_MODULE(CONFIG_KVM) && !kvm_find_ko) {
		request_module("kvm");
		kvm_find_get_module();
	}
	if (IS_MODULE(CONFIG_KVM) && !kvm_find_ko) {
		pr_err("KVM is not loaded (no module kvm): load kvm-amd or kvm-intel first\n");
		return -ENODEV;
	}
	*addr = kvm_find_export("kvm_put_kvm");
	ret = *addr ? 0 : kvm_find_function("kvm_put_kvm", addr);
	if (ret)
		pr_err("KVM's function kvm_put_kvm was not found (error %d): this kernel cannot be used\n",
		       ret);
	return ret;
}
#endif

/**
 * kvm_find_init() - find KVM
 * @put_kvm:	set to the address of kvm_put_kvm(), see kvm_find_function()
 *
 * kvm.ko stays loaded until kvm_find_exit(), also if this fails.  May sleep.
 *
 * Return: 0; -ENODEV if KVM is not there, -ENOEXEC if its structures may not be
 * as we know them, or why the function is not to be had.  The log then has one
 * line that says so.
 */
int kvm_find_init(void **put_kvm)
{
	kvm_find_get_module();
	return kvm_find_put_kvm(put_kvm);
}

/** kvm_find_exit() - let kvm.ko go; nothing that was found may be used after it */
void kvm_find_exit(void)
{
	module_put(kvm_find_ko);
	kvm_find_ko = NULL;
}

/**
 * kvm_find_module() - kvm.ko
 *
 * Any context, between kvm_find_init() and kvm_find_exit().
 *
 * Return: the module; NULL if KVM is built into the kernel, or the kernel has no
 * tracepoints, by which it would be found.
 */
struct module *kvm_find_module(void)
{
	return kvm_find_ko;
}

/**
 * kvm_find_holds() - whether an address is in KVM
 * @addr:	the address
 *
 * Any context.
 *
 * Return: whether it is, as far as can be told: of any that is asked where
 * kvm_find_module() is NULL.
 */
bool kvm_find_holds(const void *addr)
{
	return !kvm_find_ko || within_module((unsigned long)addr, kvm_find_ko);
}

/**
 * kvm_find_function() - find a function that is not exported
 * @name:	its name
 * @addr:	set to its address; to be called by static_call only: where sealed
 *		functions have no ENDBR, an indirect call is fatal
 *
 * May sleep.
 *
 * Return: 0 or a negative error.
 */
int kvm_find_function(const char *name, void **addr)
{
	struct kprobe probe = {
		.symbol_name = name,
		.flags = KPROBE_FLAG_DISABLED,
	};
	int ret = strstr(DBGPORT_HIDE_PROBES, name) ? -ENOENT : register_kprobe(&probe);

	if (ret)
		return ret;
	*addr = probe.addr;
	unregister_kprobe(&probe);
	return 0;
}
