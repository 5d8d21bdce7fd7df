// SPDX-License-Identifier: GPL-2.0
/* attach: take in VMs that were running before the module was loaded. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/vm/target.h"
#include "lib/device.h"
#include "lib/number.h"
#include "lib/running.h"

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

static const char *reason(int err)
{
	switch (err) {
	case -ESRCH:
		return "there is no such process";
	case -EBADF:
		return "it has no such file descriptor";
	case -EINVAL:
		return "that is no VM: KVM_CREATE_VM gives them, as /proc/PID/fd shows";
	case -EPERM:
		return "it is another user's; run as that user, or as root";
	case -EACCES:
		return "the rules of this host leave it out: module parameters only= and except=";
	case -ENOSPC:
		return "its bus is full: it has too many devices in the kernel";
	case -EOPNOTSUPP:
		return "it has no directory in KVM's debugfs, which this backend needs";
	default:
		return strerror(-err);
	}
}

static int attach_one(const struct target *t, int pid, int fd)
{
	struct dbgport_attach attach = { .pid = pid, .fd = fd };
	int err = device_attach(t->fd, &attach);

	if (!err)
		printf("%d:%d: attached as VM %u\n", pid, fd, attach.vm);
	else if (err == -EEXIST)
		printf("%d:%d: is attached already, as VM %u\n", pid, fd, attach.vm);
	else
		return fail("%d:%d: %s", pid, fd, reason(err));
	return STATUS_OK;
}

static int attach_process(const struct target *t, int pid)
{
	int status = STATUS_OK;
	int fd = running_next_fd(pid, -1);

	if (fd == -ENOENT)
		return fail("%d: the process has no VM", pid);
	if (fd < 0)
		return fail("%d: %s", pid, reason(fd == -EACCES ? -EPERM : fd));
	for (; fd >= 0; fd = running_next_fd(pid, fd)) {
		if (attach_one(t, pid, fd))
			status = STATUS_FAILED;
	}
	return status;
}

static int attach_all(const struct target *t)
{
	int count = running_attach(t->fd);

	if (count < 0)
		return fail("/proc: %s", strerror(-count));
	printf("VMs attached: %d\n", count);
	return output_flush();
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
		return attach_all(&t);
	for (int i = 0; i < argc; i++) {
		parse(argv[i], &pid, &fd);
		if (fd < 0 ? attach_process(&t, pid) : attach_one(&t, pid, fd))
			status = STATUS_FAILED;
	}
	return status ?: output_flush();
}

const struct command cmd_attach = {
	.name = "attach",
	.takes = "PID[:FD]… | --all",
	.help = "Take in VMs that were there before the module, or that were detached",
	.text = "PID is the VMM's, FD its file descriptor of the VM; without FD all its VMs are\n"
		"meant. Others come in by themselves when they are made.\n",
	.options = { options },
	.max = -1,
	.run = attach_run,
};
