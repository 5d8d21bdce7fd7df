/* SPDX-License-Identifier: GPL-2.0 */
/* Which VMs the module shows us: those that come, and those that were running before it was. */
#ifndef DBGPORTD_SOURCE_ATTACH_H
#define DBGPORTD_SOURCE_ATTACH_H

#include <dbgport.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * attach_vms() - have all VMs shown on the device that is open
 * @fd: the device
 * @path: its node
 * @info: what the module is
 * @claim: take writes from the VMMs while the device is open; the module gets the
 *	eventfd that it needs for that, if it does
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * That VMs cannot be claimed, or those that run cannot be attached, is only warned of.
 *
 * asker.h's helper looks for those that run: /proc may be long, and VMs may be stuck,
 * while what all others write is to be read.
 *
 * Return: 0 or a negative errno.
 */
int attach_vms(int fd, const char *path, const struct dbgport_info *info, bool claim,
	       char *why, size_t size);

#endif /* DBGPORTD_SOURCE_ATTACH_H */
