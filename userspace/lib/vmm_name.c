// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "lib/vmm_name.h"
#include "libdbgport/libdbgport.h"

void vmm_name_settle(int fd, const struct answer *answer, struct dbgport_vm_info *info,
		     char own[VMNAME_OWN_SIZE])
{
	struct dbgport_vm_info now;
	int err;

	/* Before it has a name: whoever finds that does not ask its VMM any more. */
	if (answer->restored && !dbgport_set_restored(fd, info->vm))
		info->flags |= DBGPORT_VM_RESTORED;
	err = answer->named ? dbgport_set_name(fd, info->vm, answer->name) : -ENOENT;
	if (err == -EEXIST && !dbgport_vm_info(fd, info->vm, &now))
		vmname_make(own, NULL, &now, info->vm);
	else if (err == -ENOENT)
		vmname_make(own, NULL, info, info->vm);
	else
		memcpy(own, answer->name, VMNAME_OWN_SIZE);
}
