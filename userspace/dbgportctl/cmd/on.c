// SPDX-License-Identifier: GPL-2.0
/* on: run a command whenever a VM writes a POST code or a text. */
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/cmd/follow_options.h"
#include "dbgportctl/follow/exec.h"

static struct exec exec;
static bool kept;

static const struct option options[] = {
	{ "--exec", 'e', .takes = "COMMAND", .value = &exec.command,
	  .help = "what to do, as a command of sh(1)" },
	{ "--once", .flag = &exec.once, .help = "the first time only; exit as the command does" },
	{ "--kept", .flag = &kept, .help = "also of what has been written already" },
	{ 0 }
};

static int on_run(int argc, char *argv[])
{
	struct follow f = { .names = argv, .newest = !kept, .timeout_ms = -1 };
	enum follow_end end;

	if (!match_is_set(&follow_match))
		return fail_usage("on: say what it should happen on, by --code or --text");
	if (!exec.command)
		return fail_usage("on: say what should happen, by --exec COMMAND");
	if (follow_by_name && !argc)
		return fail_usage("on: --follow-name needs names");
	follow_match.found = exec_run;
	follow_match.arg = &exec;
	end = follow_match_run(&f, NULL);
	if (end == FOLLOW_FAILED)
		return STATUS_FAILED;
	return follow_match.done ? exec.status : output_flush();
}

const struct command cmd_on = {
	.name = "on",
	.takes = "[VM…]",
	.help = "Run a command whenever a VM writes a POST code or a text",
	.text = "Nothing more is looked at until the command has ended. Its environment has\n"
		"DBGPORT_VM, _VM_ID, _PID, _PORT, _VCPU, _SEQ, _TIME_NS (since the VM's zero),\n"
		"_MONOTONIC_NS, and _CODE and _COMPONENT, or _TEXT, without control characters.\n",
	.options = { match_options, options, port_options },
	.max = -1,
	.run = on_run,
};
