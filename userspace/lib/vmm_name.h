/* SPDX-License-Identifier: GPL-2.0 */
/* The name that a VMM was told to call its VM. */
#ifndef LIB_VMM_NAME_H
#define LIB_VMM_NAME_H

#include <dbgport.h>

/**
 * vmm_name() - ask the VMM's command line
 * @fd: from device_open()
 * @info: of the VM
 *
 * Return: the name as it stands there, which may be anything, valid until the
 * next call; NULL: there is none, or the VM has ended.
 */
const char *vmm_name(int fd, const struct dbgport_vm_info *info);

#endif /* LIB_VMM_NAME_H */
