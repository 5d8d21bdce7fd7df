/* SPDX-License-Identifier: GPL-2.0 */
/* ioctl.h - what is asked of /dev/dbgport besides reading */
#ifndef _DBGPORT_IOCTL_H
#define _DBGPORT_IOCTL_H

struct file;

long dbgport_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

#endif /* _DBGPORT_IOCTL_H */
