/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The run directory: a stable link to each pty, <VM's name>.<role>.
 *
 * One daemon at a time uses it.  The lock is on the directory itself, so there
 * is no file to leave behind.
 */
#ifndef DBGPORTD_SERVICE_RUNDIR_H
#define DBGPORTD_SERVICE_RUNDIR_H

#include <stddef.h>

/* What else is in it, for status.c: no link may have that name. */
#define RUNDIR_STATUS	"status.json"

/**
 * rundir_open() - make and lock the run directory; clear what a killed daemon left
 * @path: absolute or not
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int rundir_open(const char *path, char *why, size_t size);

/* Let it go; it is removed if rundir_open() made it. */
void rundir_close(void);

/**
 * rundir_link() - make a link, in place of one to a pty that has the same name
 * @name: its name in the directory
 * @target: where it leads
 *
 * Return: its path, valid until the next call; NULL with errno set: EEXIST if
 * something else has that name.
 */
const char *rundir_link(const char *name, const char *target);

/* Remove @name, unless it leads elsewhere than to @target by now. */
void rundir_unlink(const char *name, const char *target);

#endif /* DBGPORTD_SERVICE_RUNDIR_H */
