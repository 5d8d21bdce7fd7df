// SPDX-License-Identifier: GPL-2.0
/*
 * dbgport - x86 guests' debug ports, taken inside KVM
 *
 * main.c - parameters, init and exit
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/kstrtox.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "attach.h"
#include "backend.h"
#include "device.h"
#include "kvm_api.h"
#include "registry.h"
#include "rules.h"
#include "vm.h"

/*
 * Who may load a module may give it parameters.  Later, it takes more than a
 * file's mode to change what is so for everybody.
 */
static int main_may_set(void)
{
	return THIS_MODULE->state == MODULE_STATE_COMING || capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
}

static char *ports = "0x80,0xe9,0x402";
module_param(ports, charp, 0444);
MODULE_PARM_DESC(ports,
		 "I/O ports to take, up to 16, separated by commas; with /tee behind it, a port is recorded but never claimed (default 0x80,0xe9,0x402)");

static const char * const main_claim_modes[] = {
	[DBGPORT_CLAIM_LISTENING]	= "listening",
	[DBGPORT_CLAIM_ALWAYS]		= "always",
	[DBGPORT_CLAIM_NEVER]		= "never",
};

static char *uart = "";
module_param(uart, charp, 0444);
MODULE_PARM_DESC(uart,
		 "I/O ports at which UARTs of the VMMs begin, such as 0x3f8, separated by commas: what a guest sends by polling is taken, and all else is the VMM's; with /tee behind it, it is recorded but never claimed (default: none)");

/* At load, and at any time later. */
static int main_claim_set(const char *val, const struct kernel_param *kp)
{
	int mode = sysfs_match_string(main_claim_modes, val);
	int ret = main_may_set();

	if (ret)
		return ret;
	if (mode < 0) {
		pr_err("claim=: \"%.*s\" is not known: give listening, always or never\n",
		       (int)strcspn(val, "\n"), val);
		return -EINVAL;
	}
	dbgport_registry_set_claim(mode);
	return 0;
}

static int main_claim_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", main_claim_modes[READ_ONCE(dbgport_vm_config.claim)]);
}

static const struct kernel_param_ops main_claim_ops = {
	.set	= main_claim_set,
	.get	= main_claim_get,
};

module_param_cb(claim, &main_claim_ops, NULL, 0644);
MODULE_PARM_DESC(claim,
		 "when accesses end here instead of at the VMM: listening (while a claiming reader has /dev/dbgport open; default), always, never");

static char *ring = "32768";
module_param(ring, charp, 0444);
MODULE_PARM_DESC(ring,
		 "records kept per VM, 64 to 4194304, 16 bytes each, rounded up to a power of two (default 32768)");

static char *backend = "auto";
module_param(backend, charp, 0444);
MODULE_PARM_DESC(backend,
		 "how accesses are taken from KVM: iodev (an in-kernel device), ioeventfd (needs no kprobes, but answers no reads), auto (the first of them that this kernel allows; default)");

static int main_unplug_set(const char *val, const struct kernel_param *kp)
{
	bool unplug;
	int ret = main_may_set() ?: kstrtobool(val, &unplug);

	if (!ret)
		dbgport_registry_unplug(unplug);
	return ret;
}

static int main_unplug_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%c\n", dbgport_registry_unplugged() ? 'Y' : 'N');
}

static const struct kernel_param_ops main_unplug_ops = {
	.set	= main_unplug_set,
	.get	= main_unplug_get,
};

module_param_cb(unplug, &main_unplug_ops, NULL, 0644);
MODULE_PARM_DESC(unplug,
		 "Y: end all readers and admit no new ones, so that the module can be unloaded (default N)");

static int main_rules_set(const char *val, const struct kernel_param *kp)
{
	return main_may_set() ?: dbgport_rules_set(kp->arg, kp->name, val);
}

static int main_rules_get(char *buffer, const struct kernel_param *kp)
{
	return dbgport_rules_get(kp->arg, buffer);
}

static void main_rules_free(void *arg)
{
	dbgport_rules_free(arg);
}

static const struct kernel_param_ops main_rules_ops = {
	.set	= main_rules_set,
	.get	= main_rules_get,
	.free	= main_rules_free,
};

module_param_cb(only, &main_rules_ops, &dbgport_rules_only, 0644);
MODULE_PARM_DESC(only,
		 "take in only VMs whose VMM one of these rules fits: uid:N, gid:N, comm:PATTERN, cgroup:/PATH, separated by commas (default: all VMs)");

module_param_cb(except, &main_rules_ops, &dbgport_rules_except, 0644);
MODULE_PARM_DESC(except, "take in no VM whose VMM one of these rules fits; as for only (default: none)");

const struct dbgport_backend *dbgport_backend;

/* Cut off a port's mode. */
static int main_parse_port_mode(const char *param, char *name, u16 *flags)
{
	char *mode = strchr(name, '/');

	if (!mode)
		return 0;
	if (strcmp(mode, "/tee")) {
		pr_err("%s=: \"%s\" has a mode that is not known: give a port, or a port with /tee\n",
		       param, name);
		return -EINVAL;
	}
	*mode = '\0';
	*flags |= DBGPORT_PORT_TEE;
	return 0;
}

static void main_warn_of_claim(u16 port, u16 flags)
{
	if (flags & DBGPORT_PORT_UART) {
		pr_info("uart=: while %#x is claimed, what a guest sends there by polling is not in its VMM's console or log\n",
			port);
		return;
	}
	switch (port) {
	case DBGPORT_POST_PORT:
	case DBGPORT_CONSOLE_PORT:
	case DBGPORT_FIRMWARE_PORT:
		return;
	default:
		pr_info("ports=: while %#x is claimed, a device that the VMM has there gets nothing, and stops working: to record it only, give %#x/tee\n",
			port, port);
	}
}

static int main_check_overlap(const char *param, const char *name, u16 port, u16 flags)
{
	const struct dbgport_vm_config *config = &dbgport_vm_config;
	u32 i;

	for (i = 0; i < config->nports; i++) {
		if (!dbgport_ports_overlap(config->ports[i], config->port_flags[i], port, flags))
			continue;
		/* Both plain, or both UARTs. */
		if (config->ports[i] == port &&
		    !((config->port_flags[i] ^ flags) & DBGPORT_PORT_UART))
			pr_err("%s=: \"%s\" is given twice\n", param, name);
		else
			pr_err("%s=: \"%s\" overlaps %#x: a UART has %d ports, of which none can be another's\n",
			       param, name, config->ports[i], DBGPORT_UART_PORTS);
		return -EINVAL;
	}
	return 0;
}

static int main_check_port(const char *param, const char *name, u16 port, u16 flags)
{
	const char *kvms = dbgport_ports_kvms(port, flags);

	if (!dbgport_ports_fit(port, flags)) {
		pr_err("%s=: \"%s\" has no room for a UART's %d ports: give 0x0 to %#x\n",
		       param, name, DBGPORT_UART_PORTS, 0x10000 - DBGPORT_UART_PORTS);
		return -EINVAL;
	}
	if (kvms) {
		pr_err("%s=: \"%s\" %s of KVM's own %s, which would not work any more\n", param,
		       name, flags & DBGPORT_PORT_UART ? "has ports" : "is", kvms);
		return -EINVAL;
	}
	return main_check_overlap(param, name, port, flags);
}

static int main_add_port(const char *param, char *name, u16 flags)
{
	struct dbgport_vm_config *config = &dbgport_vm_config;
	u16 port;

	if (main_parse_port_mode(param, name, &flags))
		return -EINVAL;
	if (kstrtou16(name, 0, &port)) {
		pr_err("%s=: \"%s\" is not an I/O port: give 0x0 to 0xffff\n", param, name);
		return -EINVAL;
	}
	if (main_check_port(param, name, port, flags))
		return -EINVAL;
	if (config->nports == DBGPORT_MAX_PORTS) {
		pr_err("%s=: \"%s\" is one too many: give up to %d\n",
		       param, name, DBGPORT_MAX_PORTS);
		return -EINVAL;
	}
	config->port_flags[config->nports] = flags;
	config->ports[config->nports++] = port;
	if (!(flags & DBGPORT_PORT_TEE))
		main_warn_of_claim(port, flags);
	return 0;
}

static int main_add_ports(const char *param, const char *list, u16 flags)
{
	char *names = kstrdup(list, GFP_KERNEL);
	char *rest = names;
	char *name;
	int ret = 0;

	if (!names)
		return -ENOMEM;
	while (!ret && (name = strsep(&rest, ",")))
		ret = main_add_port(param, name, flags);
	kfree(names);
	return ret;
}

static int main_parse_ports(void)
{
	return main_add_ports("ports", ports, 0) ?:
	       *uart ? main_add_ports("uart", uart, DBGPORT_PORT_UART) : 0;
}

static int main_parse_ring(void)
{
	u32 records;

	if (kstrtou32(ring, 0, &records) ||
	    records < DBGPORT_RING_MIN || records > DBGPORT_RING_MAX) {
		pr_err("ring=: \"%s\" is not a number of records: give %d to %d\n",
		       ring, DBGPORT_RING_MIN, DBGPORT_RING_MAX);
		return -EINVAL;
	}
	dbgport_vm_config.ring = roundup_pow_of_two(records);
	return 0;
}

enum backend_mode {
	BACKEND_AUTO,
	BACKEND_IODEV,
	BACKEND_IOEVENTFD,
};

static int main_parse_backend(enum backend_mode *mode)
{
	static const char * const modes[] = {
		[BACKEND_AUTO]		= "auto",
		[BACKEND_IODEV]		= "iodev",
		[BACKEND_IOEVENTFD]	= "ioeventfd",
	};
	int found = match_string(modes, ARRAY_SIZE(modes), backend);

	if (found < 0) {
		pr_err("backend=: \"%s\" is not known: give auto, iodev or ioeventfd\n", backend);
		return -EINVAL;
	}
	*mode = found;
	return 0;
}

static int main_choose_backend(enum backend_mode mode)
{
	char why[96];
	int ret;

	dbgport_backend = &dbgport_ioeventfd;
	if (mode == BACKEND_IOEVENTFD)
		return 0;

	ret = kvm_api_init_bus(why, sizeof(why));
	if (!ret) {
		dbgport_backend = &dbgport_iodev;
		return 0;
	}
	if (mode == BACKEND_IODEV) {
		pr_err("%s: backend=iodev cannot be used on this kernel\n", why);
		return ret;
	}
	pr_info("%s: falling back to backend=ioeventfd\n", why);
	return 0;
}

static int main_check_uart(void)
{
	if (!*uart || dbgport_backend->uarts)
		return 0;
	pr_err("uart=: backend=ioeventfd answers no reads, so it cannot have UARTs: leave uart= out\n");
	return -EOPNOTSUPP;
}

static int __init dbgport_init(void)
{
	enum backend_mode mode;
	int ret;

	ret = main_parse_ports() ?: main_parse_ring() ?: main_parse_backend(&mode);
	if (ret)
		return ret;
	dbgport_vm_config.load_id = get_random_u64();

	ret = kvm_api_init();
	if (ret)
		return ret;
	ret = main_choose_backend(mode) ?: main_check_uart();
	if (ret)
		goto err_kvm;
	ret = dbgport_vm_init();
	if (ret)
		goto err_kvm;
	ret = dbgport_backend->init ? dbgport_backend->init() : 0;
	if (ret)
		goto err_vm;
	ret = dbgport_attach_init();
	if (ret)
		goto err_backend;
	/* Last, since from here on others may use what there is. */
	ret = dbgport_device_init();
	if (ret)
		goto err_attach;
	return 0;

err_attach:
	dbgport_attach_exit();
	dbgport_registry_exit();
err_backend:
	if (dbgport_backend->exit)
		dbgport_backend->exit();
err_vm:
	dbgport_vm_exit();
err_kvm:
	kvm_api_exit();
	return ret;
}

static void __exit dbgport_exit(void)
{
	dbgport_device_exit();
	dbgport_attach_exit();
	dbgport_registry_exit();
	if (dbgport_backend->exit)
		dbgport_backend->exit();
	dbgport_vm_exit();
	kvm_api_exit();
}

module_init(dbgport_init);
module_exit(dbgport_exit);

MODULE_DESCRIPTION("x86 guests' debug ports, taken inside KVM");
MODULE_AUTHOR("The dbgport developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
