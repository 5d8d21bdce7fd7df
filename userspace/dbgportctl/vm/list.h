/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of VMs on standard output, and that of those that this user may see. */
#ifndef DBGPORTCTL_VM_LIST_H
#define DBGPORTCTL_VM_LIST_H

#include <stdbool.h>

#include "words/style.h"

enum list_form {
	LIST_TABLE,		/* the main columns, which fit a terminal */
	LIST_LONG,		/* all columns */
	LIST_NAMES,		/* one a line */
	LIST_JSON,		/* an array of objects */
};

/**
 * struct list_wish - what is wanted
 * @form: how they are shown
 * @time: of tables: STAMP_NONE: how long ago something was; else when, in this style
 * @column: they come in the order of this one, as of columns_find()
 * @reverse: the other way round
 * @watch: again each second, until that fails
 */
struct list_wish {
	enum list_form form;
	enum time_style time;
	int column;
	bool reverse;
	bool watch;
};

/* Show those of this host.  @arg is not used.  Return: an exit status. */
int list_vms(const struct list_wish *wish, const void *arg);

/* Call @show with @arg once, or with @wish->watch again and again.  Return: its last status. */
int list_repeat(const struct list_wish *wish,
		int (*show)(const struct list_wish *wish, const void *arg), const void *arg);

#endif /* DBGPORTCTL_VM_LIST_H */
