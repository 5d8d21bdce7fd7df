// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "lib/vmname.h"

static bool is_safe(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

void vmname_make(char name[VMNAME_SIZE], const struct dbgport_vm_info *info,
		 __u32 id, bool (*taken)(const char *name))
{
	char comm[DBGPORT_COMM_LEN] = "";
	unsigned int len, base, n;

	if (info)
		memcpy(comm, info->comm, sizeof(comm) - 1);
	for (char *c = comm; *c; c++) {
		if (!is_safe(*c))
			*c = '_';
	}
	if (comm[0] == '.' || comm[0] == '-')
		comm[0] = '_';

	len = snprintf(name, VMNAME_SIZE, "%s%s", comm, comm[0] ? "-" : "");
	if (info && info->pid > 0)
		base = len + snprintf(name + len, VMNAME_SIZE - len, "%d", info->pid);
	else
		base = len + snprintf(name + len, VMNAME_SIZE - len, "vm%u", id);

	for (n = 2; taken(name); n++)
		snprintf(name + base, VMNAME_SIZE - base, "-%u", n);
}
