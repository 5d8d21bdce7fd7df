/* SPDX-License-Identifier: GPL-2.0 */
/* From the name that a VMM was told to the one that a VM has for good. */
#ifndef LIB_VMM_NAME_H
#define LIB_VMM_NAME_H

#include <dbgport.h>

#include "lib/asker.h"

/**
 * vmm_name_settle() - have a VM named by the answer to asker_name(), for all who ask the module
 * @fd: from device_open()
 * @answer: the answer
 * @info: of the VM
 * @own: set to its own name: as the answer says, or as the module does if that was told
 *	before; that of vmname_make() without one if the VM has ended, as its process's
 *	id may have been another's
 */
void vmm_name_settle(int fd, const struct answer *answer, const struct dbgport_vm_info *info,
		     char own[VMNAME_OWN_SIZE]);

#endif /* LIB_VMM_NAME_H */
