/* SPDX-License-Identifier: GPL-2.0 */
/* A pty that is shown until the user ends it. */
#ifndef DBGPORTCTL_CONSOLE_CONSOLE_H
#define DBGPORTCTL_CONSOLE_CONSOLE_H

#include <stdbool.h>

/**
 * console_run() - show what comes from a pty on standard output
 * @path: of the pty
 * @name: of the VM, for the user
 * @raw: bytes as they come; else nothing does anything to a terminal
 *
 * Until Ctrl-] is typed, a signal comes, or the pty is closed.  Nothing is sent to it: a
 * debug port has no input.  The terminal is then as it was.
 *
 * Return: an exit status.
 */
int console_run(const char *path, const char *name, bool raw);

#endif /* DBGPORTCTL_CONSOLE_CONSOLE_H */
