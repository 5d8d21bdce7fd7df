// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/vm/daemon_process.h"
#include "dbgportctl/vm/process_line.h"

static bool is_daemon(pid_t pid)
{
	char comm[32];

	process_line(pid, "comm", "", comm, sizeof(comm));
	return !strcmp(comm, "dbgportd\n");
}

pid_t daemon_process_next(pid_t after)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;
	pid_t next = 0;

	while (proc && !next && (e = readdir(proc))) {
		pid_t pid = atoi(e->d_name);

		if (pid > after && is_daemon(pid))
			next = pid;
	}
	if (proc)
		closedir(proc);
	return next;
}

/* In the innermost of its pid namespaces: the last number of the line. */
static pid_t calls_itself(pid_t pid)
{
	char line[256], *last;

	process_line(pid, "status", "NSpid:", line, sizeof(line));
	last = strrchr(line, '\t');
	return last ? atoi(last) : 0;
}

bool daemon_process_runs(pid_t pid)
{
	pid_t process = 0;

	/* Nearly always, it is not in a container. */
	if (is_daemon(pid))
		return true;
	while ((process = daemon_process_next(process))) {
		if (calls_itself(process) == pid)
			return true;
	}
	return false;
}
