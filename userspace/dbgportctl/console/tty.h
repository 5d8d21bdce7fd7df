/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The terminal that standard input is, with each key read at once and not shown, until it
 * is given back as it was.  Once per process.
 */
#ifndef DBGPORTCTL_CONSOLE_TTY_H
#define DBGPORTCTL_CONSOLE_TTY_H

#include <stdbool.h>

/* The key by which it is left: Ctrl-]. */
#define TTY_ESCAPE	0x1d

/**
 * tty_take() - read keys at once, from now on
 *
 * Keys that stop a program or its output do nothing; Ctrl-C and Ctrl-\ make signals.  A
 * signal that ends the program gives the terminal back before, but for SIGKILL.
 *
 * Return: whether standard input is a terminal; else nothing was done.
 */
bool tty_take(void);

/* Give it back, if it was taken. */
void tty_give_back(void);

#endif /* DBGPORTCTL_CONSOLE_TTY_H */
