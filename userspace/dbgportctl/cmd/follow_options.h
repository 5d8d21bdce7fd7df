/* SPDX-License-Identifier: GPL-2.0 */
/* What tail, wait and on can be asked alike: which ports, and what to look for. */
#ifndef DBGPORTCTL_CMD_FOLLOW_OPTIONS_H
#define DBGPORTCTL_CMD_FOLLOW_OPTIONS_H

#include "dbgportctl/cli/args.h"
#include "dbgportctl/follow/follow.h"
#include "dbgportctl/follow/match.h"

/* What the options fill in. */
extern struct form follow_form;
extern struct match follow_match;
extern bool follow_by_name;

/* For struct command: --port; and --code, --text and --follow-name. */
extern const struct option port_options[];
extern const struct option match_options[];

/**
 * follow_match_run() - look for what the options say
 * @f: which VMs, and from when on; what is missing is filled in
 * @output: how to show what is found, as form_parse() takes it
 *
 * Return: how it ended; FOLLOW_FAILED has been said.
 */
enum follow_end follow_match_run(struct follow *f, const char *output);

#endif /* DBGPORTCTL_CMD_FOLLOW_OPTIONS_H */
