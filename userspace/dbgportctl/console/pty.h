/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The console of one VM, at a terminal: which pty a dbgportd has for it (this file), the
 * terminal and how it is left (tty.h), what is shown (escaped.h), and all of that
 * together (console.h).
 */
#ifndef DBGPORTCTL_CONSOLE_PTY_H
#define DBGPORTCTL_CONSOLE_PTY_H

#include <limits.h>
#include <linux/types.h>
#include <stddef.h>

#include "dbgportctl/vm/target.h"

/* Of pty_find(): whatever port. */
#define PTY_OF_ANY_PORT	(-1LL)

/**
 * pty_find() - which pty a running dbgportd has for a VM
 * @path: set to its link in the daemon's run directory
 * @target: the VM
 * @port: of which I/O port, as of port_parse(); or PTY_OF_ANY_PORT
 * @why: on failure, one line for the user: there is none, or there are several
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int pty_find(char path[PATH_MAX], const struct target *target, long long port,
	     char *why, size_t size);

#endif /* DBGPORTCTL_CONSOLE_PTY_H */
