/* SPDX-License-Identifier: GPL-2.0 */
/* The eventfd that the module may need. */
#ifndef LIB_EVENTFD_H
#define LIB_EVENTFD_H

#include <dbgport.h>

/**
 * eventfd_give() - give the module the eventfd that it needs
 * @fd: from device_open()
 * @info: likewise
 *
 * Does nothing where the module needs none, or has one.
 *
 * Return: 0 or a negative errno; -EPERM if this reader does not see all VMs:
 * one that does must do it then.
 */
int eventfd_give(int fd, const struct dbgport_info *info);

#endif /* LIB_EVENTFD_H */
