/* SPDX-License-Identifier: GPL-2.0 */
/* A line of what the kernel tells of a process. */
#ifndef DBGPORTCTL_VM_PROCESS_LINE_H
#define DBGPORTCTL_VM_PROCESS_LINE_H

#include <sys/types.h>

/**
 * process_line() - the first line of a file in /proc/PID that begins with a word
 * @pid: the process
 * @name: of the file
 * @key: what the line begins with; "": the first one
 * @line: set to the line, its end included; empty if there is none, or no process
 * @size: size of @line
 */
void process_line(pid_t pid, const char *name, const char *key, char *line, int size);

#endif /* DBGPORTCTL_VM_PROCESS_LINE_H */
