/* SPDX-License-Identifier: GPL-2.0 */
/* A command that is run for what was found. */
#ifndef DBGPORTCTL_FOLLOW_EXEC_H
#define DBGPORTCTL_FOLLOW_EXEC_H

#include <stdbool.h>

#include "words/entry.h"

/**
 * struct exec - the command
 * @command: of sh(1)
 * @once: the first time only
 * @status: what it ended with last: its exit status, or 128 and the signal
 */
struct exec {
	const char *command;
	bool once;
	int status;
};

/**
 * exec_run() - run it to its end
 * @arg: struct exec
 * @entry: a line or a code, which it finds in its environment, harmless
 *
 * One at a time: a guest that repeats itself must not fill the host.  One that
 * fails is told, but for the only one.
 *
 * Return: whether that was enough, for struct match.
 */
bool exec_run(void *arg, const struct entry *entry);

#endif /* DBGPORTCTL_FOLLOW_EXEC_H */
