// SPDX-License-Identifier: GPL-2.0
/* attach: take in VMs that were running before the module was loaded. */
#include <limits.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/vm/attach.h"
#include "dbgportctl/vm/target.h"
#include "lib/number.h"

static bool all;

static const struct option options[] = {
	{ "--all", 'a', .flag = &all, .help = "all VMs that are running and may be attached" },
	{ 0 }
};

static int parse_part(const char *text, const char **end)
{
	__u64 n;

	*end = number_scan(text, NUMBER_DECIMAL, &n);
	return !*end || n > INT_MAX ? -1 : (int)n;
}

/* PID or PID:FD; @fd -1: not said */
static int parse(const char *text, int *pid, int *fd)
{
	const char *end;

	*fd = -1;
	*pid = parse_part(text, &end);
	if (*pid <= 0)
		return -1;
	if (*end != ':')
		return *end ? -1 : 0;
	*fd = parse_part(end + 1, &end);
	return *fd < 0 || *end ? -1 : 0;
}

static int attach_run(int argc, char *argv[])
{
	int status = STATUS_OK, pid, fd;
	struct target t;

	if (all ? argc : !argc)
		return fail_usage("attach: it takes either PIDs or --all");
	for (int i = 0; i < argc; i++) {
		if (parse(argv[i], &pid, &fd))
			return fail_usage("attach: '%s' is no PID or PID:FD", argv[i]);
	}
	if (target_open(&t, NULL))
		return STATUS_FAILED;
	if (all)
		status = attach_all(t.fd);
	for (int i = 0; i < argc; i++) {
		parse(argv[i], &pid, &fd);
		if (attach_one(t.fd, pid, fd))
			status = STATUS_FAILED;
	}
	return status ?: output_flush();
}

const struct command cmd_attach = {
	.name = "attach",
	.takes = "PID[:FD]… | --all",
	.help = "Attach VMs from before the module was loaded, or that were detached",
	.text = "PID is the VMM's, FD its file descriptor of the VM; without FD all its VMs are\n"
		"meant. VMs that are made later are attached automatically.\n",
	.options = { options },
	.max = -1,
	.run = attach_run,
};
