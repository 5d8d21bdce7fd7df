/* SPDX-License-Identifier: GPL-2.0 */
/* The process that a living VM runs in, with the module or, by its process id, without it. */
#ifndef DBGPORTCTL_VM_VMM_H
#define DBGPORTCTL_VM_VMM_H

#include <sys/types.h>

#include "lib/vmname.h"

/**
 * struct vmm - the process
 * @pid: its id
 * @name: of the VM
 */
struct vmm {
	pid_t pid;
	char name[VMNAME_SIZE];
};

/**
 * vmm_find() - find it
 * @v: filled in
 * @word: as vms_find() takes it.  A number that means no VM the module knows, or with pid:
 *	in front, is a process: the module may not be loaded, nor the VM be KVM's
 *
 * Whether a process runs a VM at all is not asked.
 *
 * Return: 0; -1 if there is none, which has been said.
 */
int vmm_find(struct vmm *v, const char *word);

#endif /* DBGPORTCTL_VM_VMM_H */
