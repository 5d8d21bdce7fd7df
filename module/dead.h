/* SPDX-License-Identifier: GPL-2.0 */
/* dead.h - VMs that have ended and are kept for their readers */
#ifndef _DBGPORT_DEAD_H
#define _DBGPORT_DEAD_H

struct dbgport_vm;

/* All of these with the registry's lock held. */
void dbgport_dead_add(struct dbgport_vm *vm);
void dbgport_dead_remove(struct dbgport_vm *vm);
struct dbgport_vm *dbgport_dead_oldest(void);
struct dbgport_vm *dbgport_dead_surplus(const struct dbgport_vm *newest);

#endif /* _DBGPORT_DEAD_H */
