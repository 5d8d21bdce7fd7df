/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The subcommands, a file each: options in, one call down to the room that does
 * it.  How it is done does not enter here, and no other room includes this one.
 */
#ifndef DBGPORTCTL_CMD_COMMANDS_H
#define DBGPORTCTL_CMD_COMMANDS_H

#include "dbgportctl/cli/command.h"

/* All of them, in the order of --help, ending with NULL. */
extern const struct command *const commands[];

extern const struct command cmd_attach, cmd_boots, cmd_claim, cmd_complete, cmd_console,
	cmd_detach, cmd_doctor, cmd_help, cmd_list, cmd_memlog, cmd_on, cmd_ports, cmd_show,
	cmd_tail, cmd_timeline, cmd_uart, cmd_wait;

#endif /* DBGPORTCTL_CMD_COMMANDS_H */
