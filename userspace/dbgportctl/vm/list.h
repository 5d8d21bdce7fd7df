/* SPDX-License-Identifier: GPL-2.0 */
/* The VMs that this user may see, on standard output. */
#ifndef DBGPORTCTL_VM_LIST_H
#define DBGPORTCTL_VM_LIST_H

#include <stdbool.h>

enum list_form {
	LIST_TABLE,		/* the main columns, which fit a terminal */
	LIST_LONG,		/* all columns */
	LIST_NAMES,		/* one a line */
	LIST_JSON,		/* an array of objects */
};

/**
 * list_vms() - show them
 * @form: how
 * @column: in the order of which one, as of columns_find()
 * @reverse: the other way round
 * @watch: again each second, until that fails
 *
 * Return: an exit status.
 */
int list_vms(enum list_form form, int column, bool reverse, bool watch);

#endif /* DBGPORTCTL_VM_LIST_H */
