// SPDX-License-Identifier: GPL-2.0
/* dbgportctl: see and control what guests write to their debug ports. */
#include "dbgportctl/cmd/commands.h"

int main(int argc, char *argv[])
{
	return command_run(commands, argc, argv);
}
