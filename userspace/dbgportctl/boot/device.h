/* SPDX-License-Identifier: GPL-2.0 */
/* Boots out of what the module keeps. */
#ifndef DBGPORTCTL_BOOT_DEVICE_H
#define DBGPORTCTL_BOOT_DEVICE_H

#include "dbgportctl/boot/boot.h"

/**
 * boots_read_device() - take the boots of VMs, as far as they are
 * @boots: where they go
 * @name: the VM, as vms_find() takes it; NULL: all that this user may see
 * @codes: a table that names POST codes
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Looks, and claims nothing.  POST codes that come like a storm, as Linux's
 * io_delay makes them, are counted only, as dbgportd does it.
 *
 * Return: 0 or -1.
 */
int boots_read_device(struct boots *boots, const char *name, const struct codes *codes,
		      char *why, size_t size);

#endif /* DBGPORTCTL_BOOT_DEVICE_H */
