/* SPDX-License-Identifier: GPL-2.0 */
/* The module, and the one VM that a command is about. */
#ifndef DBGPORTCTL_VM_TARGET_H
#define DBGPORTCTL_VM_TARGET_H

#include "dbgportctl/vm/vms.h"

/**
 * struct target - what a command works on
 * @fd: the device
 * @module: what it is
 * @vm: the VM
 */
struct target {
	int fd;
	struct dbgport_info module;
	struct known_vm vm;
};

/**
 * target_open() - open the device, and find the VM
 * @t: filled in
 * @name: as vms_find() takes it; NULL: no VM
 *
 * Return: 0; -1 if that failed, which has been said.
 */
int target_open(struct target *t, const char *name);

/**
 * target_failed() - say that something could not be done with a VM
 * @t: it
 * @what: what, as in "detaching it"
 * @err: a negative errno of an ioctl
 *
 * Return: STATUS_FAILED.
 */
int target_failed(const struct target *t, const char *what, int err);

/* Whether the module can change a VM's ports and claim mode; says so if not. */
bool target_can_set(const struct target *t);

#endif /* DBGPORTCTL_VM_TARGET_H */
