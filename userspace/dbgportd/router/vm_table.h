/* SPDX-License-Identifier: GPL-2.0 */
/* The VMs that there are, by the module's numbers for them; one table in a process. */
#ifndef DBGPORTD_ROUTER_VM_TABLE_H
#define DBGPORTD_ROUTER_VM_TABLE_H

#include <linux/types.h>
#include <stdbool.h>

#include "dbgportd/router/vm.h"

/* The VM with that id, or NULL. */
struct vm *vm_table_find(__u32 id);

/* @vm stays its maker's, and must stay, with its id and name, until it is removed. */
void vm_table_add(struct vm *vm);
void vm_table_remove(struct vm *vm);

/* The VM after @vm, in no order; NULL begins, and ends. */
struct vm *vm_table_next(const struct vm *vm);

/* The one that is called @name, or NULL; and whether there is one. */
const struct vm *vm_table_find_name(const char *name);
bool vm_table_has_name(const char *name);

#endif /* DBGPORTD_ROUTER_VM_TABLE_H */
