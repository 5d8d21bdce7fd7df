/* SPDX-License-Identifier: GPL-2.0 */
/* A VM's name: what people see, and what files and links are called. */
#ifndef LIB_VMNAME_H
#define LIB_VMNAME_H

#include <dbgport.h>
#include <stdbool.h>

/* Longest name that is taken from anybody, and its NUL. */
#define VMM_NAME_SIZE	(64 + 1)
/* The same with a dot and a number behind. */
#define VMNAME_SIZE		(VMM_NAME_SIZE + 1 + 10)

/**
 * vmname_make() - name a VM
 * @name: where the name goes
 * @vmm_name: the name that its VMM was told; NULL or empty: none
 * @info: what the module told of the VM; NULL if it could tell nothing
 * @id: the VM's id
 * @taken: whether a name belongs to another VM now
 *
 * Without @vmm_name a VM is called after its VMM: command-pid.  Where the
 * VMM's process is not known any more, "vmID" stands for its pid.  A VM whose
 * name is taken gets ".2", ".3" … behind.
 *
 * Name and command are the VM owner's to choose, so everything but
 * [A-Za-z0-9._-] becomes '_', and the name never begins with a dot or a dash.
 */
void vmname_make(char name[VMNAME_SIZE], const char *vmm_name,
		 const struct dbgport_vm_info *info, __u32 id,
		 bool (*taken)(const char *name));

/* Whether @name has only characters that a name may have; "" has. */
bool vmname_is_safe(const char *name);

#endif /* LIB_VMNAME_H */
