/* SPDX-License-Identifier: GPL-2.0 */
/* device.h - /dev/dbgport */
#ifndef _DBGPORT_DEVICE_H
#define _DBGPORT_DEVICE_H

int dbgport_device_init(void);
void dbgport_device_exit(void);

#endif /* _DBGPORT_DEVICE_H */
