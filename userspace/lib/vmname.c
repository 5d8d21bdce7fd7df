// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "lib/vmname.h"

static bool is_safe(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool vmname_is_safe(const char *name)
{
	for (const char *c = name; *c; c++) {
		if (!is_safe(*c))
			return false;
	}
	return name[0] != '.' && name[0] != '-';
}

static void make_safe(char *name)
{
	for (char *c = name; *c; c++) {
		if (!is_safe(*c))
			*c = '_';
	}
	if (name[0] == '.' || name[0] == '-')
		name[0] = '_';
}

/* command-pid, command-vmID, or only what is behind the dash. */
static void name_after_vmm(char *name, size_t size, const struct dbgport_vm_info *info,
			   __u32 id)
{
	int comm = info ? (int)strnlen(info->comm, sizeof(info->comm) - 1) : 0;
	const char *dash = comm ? "-" : "";

	if (info && info->pid > 0)
		snprintf(name, size, "%.*s%s%d", comm, info->comm, dash, info->pid);
	else
		snprintf(name, size, "%.*s%svm%u", comm, comm ? info->comm : "", dash, id);
}

void vmname_make(char name[VMNAME_SIZE], const char *vmm_name,
		 const struct dbgport_vm_info *info, __u32 id,
		 bool (*taken)(const char *name))
{
	size_t len;

	if (vmm_name && *vmm_name)
		snprintf(name, VMM_NAME_SIZE, "%s", vmm_name);
	else
		name_after_vmm(name, VMM_NAME_SIZE, info, id);
	make_safe(name);

	len = strlen(name);
	for (unsigned int n = 2; taken(name); n++)
		snprintf(name + len, VMNAME_SIZE - len, ".%u", n);
}
