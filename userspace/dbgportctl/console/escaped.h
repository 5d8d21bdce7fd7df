/* SPDX-License-Identifier: GPL-2.0 */
/* What a guest sends, as it comes, made harmless for the terminal. */
#ifndef DBGPORTCTL_CONSOLE_ESCAPED_H
#define DBGPORTCTL_CONSOLE_ESCAPED_H

#include <stddef.h>

#include "lib/sgr.h"

/**
 * struct escaped - bytes that make sense only with what follows
 * @held: them
 * @len: how many
 *
 * Begins zeroed.
 */
struct escaped {
	char held[SGR_MAX];
	size_t len;
};

/* Print @n bytes on standard output: lines stay lines, all else is as of escape(). */
void escaped_print(struct escaped *e, const char *data, size_t n);

#endif /* DBGPORTCTL_CONSOLE_ESCAPED_H */
