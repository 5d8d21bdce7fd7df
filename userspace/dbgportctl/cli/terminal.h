/* SPDX-License-Identifier: GPL-2.0 */
/* The terminal that standard output is. */
#ifndef DBGPORTCTL_CLI_TERMINAL_H
#define DBGPORTCTL_CLI_TERMINAL_H

#include <stddef.h>

/* Columns of a terminal that does not say its own. */
#define TERMINAL_WIDTH	80

/* How many columns it has, @unknown if it does not say; 0: standard output is no terminal. */
size_t terminal_columns(size_t unknown);

#endif /* DBGPORTCTL_CLI_TERMINAL_H */
