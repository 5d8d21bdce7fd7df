// SPDX-License-Identifier: GPL-2.0
/* help: what --help shows, said the other way round. */
#include "dbgportctl/cmd/commands.h"

static int help_run(int argc, char *argv[])
{
	(void)argc;
	return command_help(argv[0]);
}

const struct command cmd_help = {
	.name = "help",
	.takes = "[COMMAND]",
	.help = "Show what a command does, or which ones there are",
	.max = 1,
	.run = help_run,
};
