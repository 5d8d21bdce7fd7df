// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/doctor/checks.h"
#include "dbgportctl/doctor/finding.h"
#include "dbgportctl/vm/describe.h"
#include "dbgportctl/vm/ports.h"
#include "dbgportctl/vm/unheard.h"
#include "dbgportctl/vm/vms.h"
#include "lib/port.h"
#include "lib/running.h"

static bool has_taken_port(const struct dbgport_vm_info *info, __u16 *port)
{
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		*port = info->ports[i].port;
		if (info->ports[i].flags & DBGPORT_PORT_TAKEN)
			return true;
	}
	return false;
}

/* Those that may be devices of the VMM's, which would get what is claimed now. */
static void check_devices(const struct known_vm *vm)
{
	char given[DESCRIBE_SIZE], taken[DESCRIBE_SIZE], fix[DESCRIBE_SIZE + 64];
	struct dbgport_vm_info devices = vm->info, tee = vm->info;

	if (!(vm->info.flags & DBGPORT_VM_CLAIMED))
		return;
	for (__u32 i = 0; i < vm->info.nports && i < DBGPORT_MAX_PORTS; i++) {
		if (port_may_be_device(vm->info.ports[i].port) &&
		    !(vm->info.ports[i].flags & (DBGPORT_PORT_TEE | DBGPORT_PORT_UART)))
			tee.ports[i].flags |= DBGPORT_PORT_TEE;
		else
			devices.ports[i].flags |= DBGPORT_PORT_OFF;
	}
	if (!describe_ports(taken, &devices)[0])
		return;
	snprintf(fix, sizeof(fix), "dbgportctl ports id:%u %s", vm->info.vm,
		 describe_ports(given, &tee));
	finding(NOTE, "VM", fix, "%s: port %s: " PORTS_CLAIM_TEXT, vm->name, taken);
}

static void check_uarts(const struct known_vm *vm)
{
	const struct dbgport_vm_info *info = &vm->info;
	char fix[64];

	if (!(info->flags & DBGPORT_VM_CLAIMED))
		return;
	snprintf(fix, sizeof(fix), "dbgportctl uart id:%u off", info->vm);
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		__u16 flags = info->ports[i].flags;

		if (flags & DBGPORT_PORT_UART && !(flags & (DBGPORT_PORT_TEE | DBGPORT_PORT_OFF)))
			finding(NOTE, "VM", fix, "%s: UART 0x%x: " PORTS_UART_TEXT, vm->name,
				info->ports[i].port);
	}
}

/* With a ring, the last thing that was written is always in it. */
static void check_ring(const struct known_vm *vm)
{
	if (!vm->info.written || vm->info.oldest != vm->info.written)
		return;
	finding(NOTE, "VM",
		"raise MemoryMax= of its unit, or load the module with a smaller ring=",
		"%s: what it writes is lost: its cgroup has no memory for a ring", vm->name);
}

/**
 * struct looking - for VMs that nothing is known of
 * @vms: those that the module knows
 * @unknown: processes that run another one
 * @pid: the first of these
 */
struct looking {
	const struct vms *vms;
	size_t unknown;
	pid_t pid;
};

static void look_at_process(void *arg, pid_t pid)
{
	struct looking *l = arg;

	for (size_t i = 0; i < l->vms->count; i++) {
		const struct dbgport_vm_info *info = &l->vms->vm[i].info;

		if (info->pid == pid && !(info->flags & DBGPORT_VM_GONE))
			return;
	}
	if (!l->unknown++)
		l->pid = pid;
}

#define ATTACH	"dbgportctl attach --all; those that only= and except= leave out stay so"

/* Whether none runs without the module: from before it was loaded, or let go of. */
static bool are_all_known(const struct vms *vms)
{
	struct looking l = { .vms = vms };

	running_look(look_at_process, &l);
	if (l.unknown == 1)
		finding(NOTE, "VMs", ATTACH, "process %d runs a VM that the module does not know",
			l.pid);
	else if (l.unknown)
		finding(NOTE, "VMs", ATTACH,
			"%zu processes, such as %d, run VMs that the module does not know",
			l.unknown, l.pid);
	return !l.unknown;
}

void doctor_vms(int fd, const struct dbgport_info *module)
{
	size_t living = 0;
	struct vms vms;
	__u16 port;

	if (vms_load(&vms, fd, module->load_id))
		return;
	for (size_t i = 0; i < vms.count; i++) {
		const struct dbgport_vm_info *info = &vms.vm[i].info;

		if (info->flags & DBGPORT_VM_GONE)
			continue;
		living++;
		check_ring(&vms.vm[i]);
		if (unheard_port(info))
			finding(NOTE, "VM", UNHEARD_FIX, "%s: " UNHEARD_TEXT, vms.vm[i].name,
				unheard_port(info));
		/* With eventfds it has none but the module's, of which that is said. */
		if (!(module->features & DBGPORT_F_EVENTFD))
			check_devices(&vms.vm[i]);
		check_uarts(&vms.vm[i]);
		if (has_taken_port(info, &port))
			finding(NOTE, "VM", "the VMM's own ioeventfd on that port must go",
				"%s: port 0x%x is not seen here: something else of KVM's has it",
				vms.vm[i].name, port);
	}
	if (living < module->vms)
		finding(NOTE, "VMs", "run it as root to see all",
			"%zu are yours to see, of %u", living, module->vms);
	else if (are_all_known(&vms))
		finding(GOOD, "VMs", NULL, "%zu", living);
	vms_free(&vms);
}
