// SPDX-License-Identifier: GPL-2.0
/* uart: which UARTs' polled output is taken from a VM. */
#include <stdbool.h>
#include <string.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/vm/ports.h"
#include "dbgportctl/vm/target.h"
#include "dbgportctl/vm/uart.h"

static int uart_run(int argc, char *argv[])
{
	bool on = argc > 1 && !strcmp(argv[1], "on");
	struct dbgport_set_ports set = { 0 };
	struct target t;
	char why[512];

	if (argc > 1 && !on && strcmp(argv[1], "off"))
		return fail_usage("uart: '%s' is neither on nor off", argv[1]);
	if (target_open(&t, argv[0]))
		return STATUS_FAILED;
	if (argc == 1) {
		uart_show(&t.vm.info);
		return output_flush();
	}
	if (uart_change(&set, &t.vm.info, on, argv + 2, argc - 2, why, sizeof(why)))
		return fail("%s: %s", t.vm.name, why);
	return ports_set(&t, &set);
}

const struct command cmd_uart = {
	.name = "uart",
	.takes = "VM [on|off [PORT…]]",
	.words = "on|off",
	.help = "Show or change which UARTs' polled output is taken from a VM",
	.text = "PORT is where one begins: serial (0x3f8, the default), serial2\n"
		"(0x2f8), or another one. While it is claimed, what the guest sends by\n"
		"polling, as firmware, loaders and kernels do, goes to dbgportd and not to the\n"
		"VMM's own console; input, and what is sent by interrupts, is the VMM's. Leave it\n"
		"off where all of that console is needed: kgdb, WinDbg, EMS, expect scripts,\n"
		"virsh console.\n",
	.min = 1,
	.max = -1,
	.run = uart_run,
};
