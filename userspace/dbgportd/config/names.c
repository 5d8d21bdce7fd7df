// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/config/names.h"
#include "lib/vmname.h"

int names_append(struct name **list, const char *pattern, const char *name,
		 char *why, size_t size)
{
	struct name *n;

	if (!*pattern || !*name) {
		snprintf(why, size, "it takes PATTERN=NAME, as in qemu-*=build");
		return -1;
	}
	if (!vmname_is_safe(name) || strlen(name) >= VMNAME_OWN_SIZE) {
		snprintf(why, size,
			 "'%s' is no name: up to %d bytes of letters, digits and . _ - + %% ~ and no dot or dash in front",
			 name, VMNAME_OWN_SIZE - 1);
		return -1;
	}
	n = calloc(1, sizeof(*n));
	if (n) {
		n->pattern = strdup(pattern);
		n->name = strdup(name);
	}
	if (!n || !n->pattern || !n->name) {
		names_free(n);
		snprintf(why, size, "no memory");
		return -1;
	}
	while (*list)
		list = &(*list)->next;
	*list = n;
	return 0;
}

const char *names_find(const struct name *list, const char *own)
{
	while (list && !vmname_matches(own, list->pattern))
		list = list->next;
	return list ? list->name : NULL;
}

void names_free(struct name *list)
{
	while (list) {
		struct name *n = list;

		list = n->next;
		free(n->pattern);
		free(n->name);
		free(n);
	}
}
