// SPDX-License-Identifier: GPL-2.0
/* ports: which ones are taken from a VM. */
#include <stdio.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/vm/describe.h"
#include "dbgportctl/vm/ports.h"
#include "dbgportctl/vm/target.h"

static int ports_run(int argc, char *argv[])
{
	struct dbgport_set_ports set = { 0 };
	char why[512], text[DESCRIBE_SIZE];
	struct target t;

	if (argc == 2 && ports_parse(&set, argv[1], why, sizeof(why)))
		return fail_usage("ports: %s", why);
	if (target_open(&t, argv[0]))
		return STATUS_FAILED;
	if (argc == 2)
		return ports_set(&t, &set);
	puts(describe_ports(text, &t.vm.info));
	return output_flush();
}

const struct command cmd_ports = {
	.name = "ports",
	.takes = "VM [PORT[/tee|/uart],…]",
	.help = "Show or change which ports are taken from a VM",
	.text = "PORT is 0x0 to 0xffff, console, firmware, post, serial or serial2. From then on\n"
		"the VM has these and no others; ports that it had before and keeps miss nothing.\n"
		"With /tee, a port is recorded but never claimed: for a device of the VMM's,\n"
		"which would get nothing otherwise. With /uart, a UART begins there: see 'uart'.\n",
	.min = 1,
	.max = 2,
	.run = ports_run,
};
