/* SPDX-License-Identifier: GPL-2.0 */
/* attach.h - how VMs come in */
#ifndef _DBGPORT_ATTACH_H
#define _DBGPORT_ATTACH_H

int dbgport_attach_init(void);
void dbgport_attach_exit(void);

#endif /* _DBGPORT_ATTACH_H */
