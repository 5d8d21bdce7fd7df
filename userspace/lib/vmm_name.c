// SPDX-License-Identifier: GPL-2.0
#include "lib/cmdline.h"
#include "lib/device.h"
#include "lib/vmm_name.h"

/* A process id may soon be another process's, but not while its VM lives. */
const char *vmm_name(int fd, const struct dbgport_vm_info *info)
{
	static char args[CMDLINE_SIZE];
	static char name[CMDLINE_SIZE];
	struct dbgport_vm_info now;
	size_t len;

	if (info->pid <= 0)
		return NULL;
	len = cmdline_read(args, sizeof(args), info->pid);
	if (device_vm_info(fd, info->vm, &now) || now.flags & DBGPORT_VM_GONE)
		return NULL;
	return cmdline_vm_name(name, sizeof(name), args, len) ? name : NULL;
}
