/* SPDX-License-Identifier: GPL-2.0 */
/* registry.h - the VMs that there are, for their listeners */
#ifndef _DBGPORT_REGISTRY_H
#define _DBGPORT_REGISTRY_H

#include <linux/types.h>

struct dbgport_listener;
struct dbgport_record;
struct dbgport_vm;

/* For backends. */
int dbgport_registry_publish(struct dbgport_vm *vm);
void dbgport_registry_end(struct dbgport_vm *vm);

/* For readers. */
int dbgport_registry_listen(struct dbgport_listener *listener);
void dbgport_registry_claim(struct dbgport_listener *listener);
struct dbgport_vm *dbgport_registry_next(struct dbgport_listener *listener,
					 struct dbgport_record *lost);
bool dbgport_registry_take_dropped(struct dbgport_listener *listener);
void dbgport_registry_leave(struct dbgport_listener *listener);

struct dbgport_vm *dbgport_registry_find(const struct dbgport_listener *listener, u32 id);
u32 dbgport_registry_after(const struct dbgport_listener *listener, u32 id);
u32 dbgport_registry_count(void);

int dbgport_registry_set_vm_claim(struct dbgport_vm *vm, u32 *what, u32 value);
int dbgport_registry_set_vm_name(struct dbgport_vm *vm, char *name);
int dbgport_registry_set_vm_restored(struct dbgport_vm *vm);
void dbgport_registry_set_claim(u32 claim);
void dbgport_registry_unplug(bool unplug);
bool dbgport_registry_unplugged(void);

void dbgport_registry_exit(void);

#endif /* _DBGPORT_REGISTRY_H */
