/* SPDX-License-Identifier: GPL-2.0 */
/* How the program ends, and the line that says why. */
#ifndef DBGPORTCTL_CLI_FAIL_H
#define DBGPORTCTL_CLI_FAIL_H

/* Exit statuses. */
#define STATUS_OK	0
#define STATUS_FAILED	1	/* it was tried, and did not work */
#define STATUS_USAGE	2	/* usage error */

/*
 * One line on standard error, without its end: what is wrong, and what to do.
 * Return: STATUS_FAILED.
 */
int fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same of a command line.  Return: STATUS_USAGE. */
int fail_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same of something that was done, and may not be what was meant. */
void fail_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* DBGPORTCTL_CLI_FAIL_H */
