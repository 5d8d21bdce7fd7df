/* SPDX-License-Identifier: GPL-2.0 */
/* Taking in VMs that were running before the module was loaded, or that were detached. */
#ifndef DBGPORTCTL_VM_ATTACH_H
#define DBGPORTCTL_VM_ATTACH_H

/*
 * Each says on standard output what it has done, and what went wrong as fail()
 * does.  Return: STATUS_OK or STATUS_FAILED.
 */

/**
 * attach_one() - take in a VM, or those of a process
 * @device: from device_open()
 * @pid: its VMM's process
 * @fd: the VM's file descriptor there; -1: all of its VMs
 */
int attach_one(int device, int pid, int fd);

/* All that are running and may be attached. */
int attach_all(int device);

#endif /* DBGPORTCTL_VM_ATTACH_H */
