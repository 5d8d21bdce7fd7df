/* SPDX-License-Identifier: GPL-2.0 */
/* The VMs that this user may see, on standard output. */
#ifndef DBGPORTCTL_VM_LIST_H
#define DBGPORTCTL_VM_LIST_H

#include <stdbool.h>

enum list_form {
	LIST_TABLE,
	LIST_NAMES,		/* one a line */
	LIST_JSON,		/* an array of objects */
};

/**
 * list_vms() - show them
 * @form: how
 * @watch: again each second, until that fails
 *
 * Return: an exit status.
 */
int list_vms(enum list_form form, bool watch);

#endif /* DBGPORTCTL_VM_LIST_H */
