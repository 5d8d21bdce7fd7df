// SPDX-License-Identifier: GPL-2.0
#include "dbgportctl/cmd/commands.h"

const struct command *const commands[] = {
	&cmd_list,
	&cmd_show,
	&cmd_tail,
	&cmd_wait,
	&cmd_on,
	&cmd_console,
	&cmd_memlog,
	&cmd_timeline,
	&cmd_boots,
	&cmd_attach,
	&cmd_detach,
	&cmd_ports,
	&cmd_uart,
	&cmd_claim,
	&cmd_doctor,
	&cmd_complete,
	&cmd_help,
	NULL,
};
