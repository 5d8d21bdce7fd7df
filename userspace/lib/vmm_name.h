/* SPDX-License-Identifier: GPL-2.0 */
/* From what a VMM was told of its VM to what is known of that for good. */
#ifndef LIB_VMM_NAME_H
#define LIB_VMM_NAME_H

#include <dbgport.h>

#include "lib/asker.h"

/**
 * vmm_name_settle() - have the answer to asker_name() told to the module, for all who ask that
 * @fd: from device_open()
 * @answer: the answer
 * @info: of the VM; gets DBGPORT_VM_RESTORED if the module takes that
 * @own: set to its own name: as the answer says, or as the module does if that was told
 *	before; that of vmname_make() without one if the VM has ended, as its process's
 *	id may have been another's
 */
void vmm_name_settle(int fd, const struct answer *answer, struct dbgport_vm_info *info,
		     char own[VMNAME_OWN_SIZE]);

#endif /* LIB_VMM_NAME_H */
