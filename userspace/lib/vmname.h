/* SPDX-License-Identifier: GPL-2.0 */
/* A VM's name: what people see, and what files and links are called. */
#ifndef LIB_VMNAME_H
#define LIB_VMNAME_H

#include <dbgport.h>
#include <stdbool.h>

/* Command, dash, process id or VM id, dash, number, NUL. */
#define VMNAME_SIZE	(DBGPORT_COMM_LEN + 1 + 12 + 1 + 10 + 1)

/**
 * vmname_make() - name a VM after its VMM: command-pid
 * @name: where the name goes
 * @info: what the module told of the VM; NULL if it could tell nothing
 * @id: the VM's id
 * @taken: whether a name belongs to another VM now
 *
 * The command is the guest owner's to choose, so everything but
 * [A-Za-z0-9._-] becomes '_', and the name never begins with a dot or a dash.
 * Where the VMM's process is not known any more, "vmID" stands for its pid.
 * A VM whose name is taken (two VMs in one process) gets "-2", "-3" … behind.
 */
void vmname_make(char name[VMNAME_SIZE], const struct dbgport_vm_info *info,
		 __u32 id, bool (*taken)(const char *name));

#endif /* LIB_VMNAME_H */
