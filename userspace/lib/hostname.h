/* SPDX-License-Identifier: GPL-2.0 */
/* What this host is called. */
#ifndef LIB_HOSTNAME_H
#define LIB_HOSTNAME_H

#include <stdbool.h>
#include <stddef.h>

/* The longest name that Linux takes, and its NUL. */
#define HOSTNAME_SIZE	(64 + 1)

/**
 * struct hostname - a host's name
 * @name: letters, digits, '.', '_' and '-', so that it is safe everywhere; empty: not known
 * @len: its length
 */
struct hostname {
	char name[HOSTNAME_SIZE];
	size_t len;
};

/* The name that this host has now; of what it had better not have, '_' is there instead. */
void hostname_get(struct hostname *host);

/* Whether @name is fit to be one: of such characters, not too long, and not empty. */
bool hostname_is_safe(const char *name);

#endif /* LIB_HOSTNAME_H */
