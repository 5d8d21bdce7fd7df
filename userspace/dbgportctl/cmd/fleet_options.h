/* SPDX-License-Identifier: GPL-2.0 */
/* --nats and what goes with it: the same commands for what many hosts have published. */
#ifndef DBGPORTCTL_CMD_FLEET_OPTIONS_H
#define DBGPORTCTL_CMD_FLEET_OPTIONS_H

#include "dbgportctl/cli/args.h"
#include "dbgportctl/fleet/fleet.h"

/* For struct command: --nats, --host, …; and for boots, --since and --before. */
extern const struct option fleet_option_table[];
extern const struct option fleet_time_table[];

/* For an option of the command's own that is called --since. */
int fleet_parse_since(const char *value, char *why, size_t size);

/**
 * fleet_options_check() - whether they make sense together
 * @command: the subcommand's name, for messages
 * @fleet: set to what they say; NULL: there is no --nats
 *
 * Return: STATUS_OK, or STATUS_USAGE after it has been told.
 */
int fleet_options_check(const char *command, const struct fleet **fleet);

#endif /* DBGPORTCTL_CMD_FLEET_OPTIONS_H */
