/* SPDX-License-Identifier: GPL-2.0 */
/* What is said to the user, besides what he asked for. */
#ifndef DBGPORTCTL_CLI_SAY_H
#define DBGPORTCTL_CLI_SAY_H

#include <stdbool.h>

/*
 * One line on standard error, without its end: what is wrong, and what to do.
 * Return: STATUS_FAILED.
 */
int fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same of a command line.  Return: STATUS_USAGE. */
int fail_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Whether standard output is a terminal, and nobody said NO_COLOR. */
bool has_colour(void);

/*
 * To be called last: whether all that was printed has gone out.  Return: an exit
 * status.
 */
int end_output(void);

#endif /* DBGPORTCTL_CLI_SAY_H */
