/* SPDX-License-Identifier: GPL-2.0 */
/* The columns of a list of VMs, and the order that VMs have by one of them. */
#ifndef DBGPORTCTL_VM_COLUMNS_H
#define DBGPORTCTL_VM_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportctl/vm/vms.h"
#include "words/style.h"

/* Their names in the order in which they stand, which --sort takes. */
#define COLUMNS_KEYS	"id|name|vmm|pid|user|state|boot|age|last|ports|backend|writes|lost|saved"

/* Which of them @key is, from 0; -1: none. */
int columns_find(const char *key);

/**
 * columns_sort() - put VMs into the order of a column
 * @vm: them, with their last writes (struct known_vm)
 * @count: how many
 * @column: which: texts as they sort, ids and process ids the lowest first, other numbers
 *	the highest first.  Those that are alike stay in the order of ids
 * @reverse: the other way round
 */
void columns_sort(const struct known_vm **vm, size_t count, int column, bool reverse);

/**
 * columns_print() - print VMs as a table, with a head
 * @vm: them, with their last writes
 * @count: how many
 * @all: all columns, as wide as they are; else the main ones, in which names are cut
 *	where standard output is a terminal that is not wide enough
 * @time: STAMP_NONE: how long ago something was; else when, in this style
 */
void columns_print(const struct known_vm *const *vm, size_t count, bool all,
		   enum time_style time);

#endif /* DBGPORTCTL_VM_COLUMNS_H */
