// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/follow/exec.h"
#include "lib/escape.h"
#include "words/lines.h"

static void put_env(const char *name, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void put_env(const char *name, const char *fmt, ...)
{
	va_list args;
	char *value;

	va_start(args, fmt);
	if (vasprintf(&value, fmt, args) < 0 || setenv(name, value, true))
		exit(fail("no memory"));
	va_end(args);
	free(value);
}

/* All in the environment, and harmless: nothing of it becomes a part of a command. */
static void put_entry(const struct entry *e)
{
	static char text[LINES_MAX * ESCAPE_MAX + 1];

	put_env("DBGPORT_VM", "%s", e->vm->name);
	put_env("DBGPORT_VM_ID", "%u", e->vm->id);
	put_env("DBGPORT_PID", "%d", e->vm->pid);
	put_env("DBGPORT_PORT", "0x%x", e->port);
	put_env("DBGPORT_VCPU", "%u", e->vcpu);
	put_env("DBGPORT_SEQ", "%llu", e->seq);
	put_env("DBGPORT_TIME_NS", "%lld", (long long)(e->time_ns - e->vm->zero_ns));
	put_env("DBGPORT_MONOTONIC_NS", "%llu", e->time_ns);
	if (e->type == ENTRY_CODE) {
		put_env("DBGPORT_CODE", "0x%x", e->value);
		put_env("DBGPORT_COMPONENT", "%s", e->component);
		unsetenv("DBGPORT_TEXT");
	} else {
		unsetenv("DBGPORT_CODE");
		unsetenv("DBGPORT_COMPONENT");
		text[escape(text, e->text, e->len)] = '\0';
		put_env("DBGPORT_TEXT", "%s", text);
	}
}

bool exec_run(void *arg, const struct entry *entry)
{
	struct exec *e = arg;
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		e->status = fail("fork: %s", strerror(errno));
		return e->once;
	}
	if (!pid) {
		put_entry(entry);
		execl("/bin/sh", "sh", "-c", e->command, NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0)
		status = 0;
	e->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (e->status && !e->once)
		fail("--exec %s: it ended with status %d", e->command, e->status);
	return e->once;
}
