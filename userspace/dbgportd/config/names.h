/* SPDX-License-Identifier: GPL-2.0 */
/* Names that the user gives to VMs: --name PATTERN=NAME, and [names] in the config file. */
#ifndef DBGPORTD_CONFIG_NAMES_H
#define DBGPORTD_CONFIG_NAMES_H

#include <stddef.h>

/**
 * struct name - one mapping
 * @next: the next one in a list
 * @pattern: for vmname_matches() with a VM's own name
 * @name: what such a VM is called
 */
struct name {
	struct name *next;
	char *pattern;
	char *name;
};

/**
 * names_append() - put one mapping at the end of a list
 * @list: the list
 * @pattern, @name: copied
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int names_append(struct name **list, const char *pattern, const char *name,
		 char *why, size_t size);

/* The first name in @list whose pattern @own matches; NULL if there is none. */
const char *names_find(const struct name *list, const char *own);

void names_free(struct name *list);

#endif /* DBGPORTD_CONFIG_NAMES_H */
