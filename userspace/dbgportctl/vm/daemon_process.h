/* SPDX-License-Identifier: GPL-2.0 */
/* The processes that are a dbgportd, here or in a container. */
#ifndef DBGPORTCTL_VM_DAEMON_PROCESS_H
#define DBGPORTCTL_VM_DAEMON_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * daemon_process_next() - go through them
 * @after: 0, or what it returned before
 *
 * Return: the process that has the next higher id; 0 if there is none, or /proc
 * cannot be read.
 */
pid_t daemon_process_next(pid_t after);

/* Whether one calls itself @pid, which in a container is not what we call it. */
bool daemon_process_runs(pid_t pid);

#endif /* DBGPORTCTL_VM_DAEMON_PROCESS_H */
