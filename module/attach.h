/* SPDX-License-Identifier: GPL-2.0 */
/* attach.h - how VMs come in */
#ifndef _DBGPORT_ATTACH_H
#define _DBGPORT_ATTACH_H

#include <linux/types.h>

struct dbgport_listener;

int dbgport_attach_late(const struct dbgport_listener *listener, pid_t pid, int fd, u32 *id);
int dbgport_attach_init(void);
void dbgport_attach_exit(void);

#endif /* _DBGPORT_ATTACH_H */
