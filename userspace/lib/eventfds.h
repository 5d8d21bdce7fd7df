/* SPDX-License-Identifier: GPL-2.0 */
/* Eventfds, where the module needs them. */
#ifndef LIB_EVENTFDS_H
#define LIB_EVENTFDS_H

#include <dbgport.h>

/**
 * eventfds_give() - give the module what it lacks of eventfds
 * @fd: from device_open()
 * @info: likewise
 *
 * Does nothing where the module wants none, or has enough.
 *
 * Return: 0 or a negative errno; -EPERM if this reader does not see all VMs:
 * one that does must do it then.
 */
int eventfds_give(int fd, const struct dbgport_info *info);

#endif /* LIB_EVENTFDS_H */
