// SPDX-License-Identifier: GPL-2.0
/* on: run a command whenever a VM writes a POST code or a text. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/follow/follow.h"
#include "dbgportctl/follow/match.h"
#include "dbgportctl/follow/show.h"
#include "dbgportd/router/router.h"
#include "lib/log.h"
#include "words/format.h"

static bool by_name, once, kept;
static const char *command;
static int status;

static const struct option options[] = {
	{ "--code", 'c', .takes = "CODE", .repeats = true, .parse = match_code,
	  .help = "this POST code" },
	{ "--text", 't', .takes = "REGEX", .repeats = true, .parse = match_text,
	  .help = "a line that this extended regular expression is found in" },
	{ "--exec", 'e', .takes = "COMMAND", .value = &command,
	  .help = "what to do, as a command of sh(1)" },
	{ "--once", .flag = &once, .help = "the first time only; exit as the command does" },
	{ "--kept", .flag = &kept, .help = "also of what has been written already" },
	{ "--follow-name", 'F', .flag = &by_name,
	  .help = "also of VMs of that name that come later" },
	{ "--port", 'p', .takes = "PORT", .repeats = true, .parse = shown_port,
	  .help = "only on this port: 0x0 to 0xffff, console, firmware, post" },
	{ 0 }
};

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

/* One command at a time: a guest that repeats itself must not fill the host. */
static bool run_command(const struct entry *entry)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		status = fail("fork: %s", strerror(errno));
		return once;
	}
	if (!pid) {
		put_entry(entry);
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) < 0)
		status = 0;
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (status && !once)
		fail("--exec %s: it ended with status %d", command, status);
	return once;
}

static int on_run(int argc, char *argv[])
{
	const struct follow f = {
		.names = argv,
		.by_name = by_name,
		.newest = !kept,
		.go_on = true,
		.timeout_ms = -1,
		.is_done = match_is_done,
	};
	char why[1024];
	enum follow_end end;

	if (!match_is_set())
		return fail_usage("on: say what it should happen on, by --code or --text");
	if (!command)
		return fail_usage("on: say what should happen, by --exec COMMAND");
	if (by_name && !argc)
		return fail_usage("on: --follow-name needs names");
	log_as("dbgportctl");
	log_set_level("error");
	if (match_open(NULL, argc != 1, run_command, why, sizeof(why)))
		return fail("%s", why);
	end = follow(&f);
	router_exit();
	if (end == FOLLOW_FAILED)
		return STATUS_FAILED;
	return match_is_done() ? status : output_flush();
}

const struct command cmd_on = {
	.name = "on",
	.takes = "[VM…]",
	.help = "Run a command whenever a VM writes a POST code or a text",
	.text = "The command runs to its end before more is looked at. In its environment it has\n"
		"DBGPORT_VM, _VM_ID, _PID, _PORT, _VCPU, _SEQ, _TIME_NS (since the VM's zero),\n"
		"_MONOTONIC_NS, and _CODE and _COMPONENT, or _TEXT, without control characters.\n",
	.options = { options },
	.max = -1,
	.run = on_run,
};
