// SPDX-License-Identifier: GPL-2.0
/* console: the pty that dbgportd has for a VM, on this terminal. */
#include <limits.h>
#include <unistd.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/console/console.h"
#include "dbgportctl/console/pty.h"
#include "dbgportctl/vm/target.h"
#include "lib/port.h"

static bool raw;
static long long port = PTY_OF_ANY_PORT;

static int parse_port(const char *value, char *why, size_t size)
{
	__u32 number;

	if (port_parse(&number, value, why, size))
		return -1;
	port = number;
	return 0;
}

static const struct option options[] = {
	{ "--port", 'p', .takes = "PORT", .parse = parse_port,
	  .help = "which, of several: 0x0 to 0xffff, console, firmware, post, serial" },
	{ "--unsafe-raw", .flag = &raw,
	  .help = "bytes as they come, which can do anything to your terminal" },
	{ 0 }
};

static int console_command(int argc, char *argv[])
{
	char path[PATH_MAX], why[512];
	struct target target;
	int err;

	(void)argc;
	if (target_open(&target, argv[0]))
		return STATUS_FAILED;
	err = pty_find(path, &target, port, why, sizeof(why));
	close(target.fd);
	return err ? fail("%s", why) : console_run(path, target.vm.name, raw);
}

const struct command cmd_console = {
	.name = "console",
	.takes = "VM",
	.help = "Show the pty that dbgportd has for a VM, until ^] is typed",
	.text = "It takes a dbgportd with a pty, as by --console pty. What was written before is\n"
		"shown first, as far as that keeps it. Several readers of a pty each get only a\n"
		"part; tail -f takes nothing from others. What you type goes nowhere.\n",
	.options = { options },
	.min = 1,
	.max = 1,
	.run = console_command,
};
