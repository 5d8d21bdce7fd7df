// SPDX-License-Identifier: GPL-2.0
#include "dbgportctl/doctor/checks.h"
#include "dbgportctl/doctor/finding.h"
#include "dbgportctl/vm/vms.h"

static bool has_taken_port(const struct dbgport_vm_info *info, __u16 *port)
{
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		*port = info->ports[i].port;
		if (info->ports[i].flags & DBGPORT_PORT_TAKEN)
			return true;
	}
	return false;
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

		living += !(info->flags & DBGPORT_VM_GONE);
		if (has_taken_port(info, &port))
			finding(NOTE, "VM", "the VMM's own ioeventfd on that port must go",
				"%s: port 0x%x is not seen here: something else of KVM's has it",
				vms.vm[i].name, port);
	}
	if (living < module->vms)
		finding(NOTE, "VMs", "run it as root to see all",
			"%zu are yours to see, of %u", living, module->vms);
	else
		finding(GOOD, "VMs", NULL, "%zu", living);
	vms_free(&vms);
}
