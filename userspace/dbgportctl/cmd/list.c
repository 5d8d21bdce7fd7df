// SPDX-License-Identifier: GPL-2.0
/* list: the VMs that there are. */
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/vm/list.h"

static bool as_json, names_only, watch;

static const struct option options[] = {
	{ "--json", .flag = &as_json, .help = "print an array of objects" },
	{ "--names", .flag = &names_only, .help = "print the names only, one a line" },
	{ "--watch", 'w', .flag = &watch, .help = "again each second, until it is interrupted" },
	{ 0 }
};

static int list_run(int argc, char *argv[])
{
	(void)argc;
	(void)argv;
	return list_vms(as_json ? LIST_JSON : names_only ? LIST_NAMES : LIST_TABLE, watch);
}

const struct command cmd_list = {
	.name = "list",
	.help = "Show the VMs that you may see",
	.text = "STATE: claimed, the VMM sees nothing of it; tee, the VMM gets all of it too;\n"
		"ended; detached. LOST: writes that a running dbgportd was too late for. SAVED:\n"
		"exits to the VMM that were spared.\n",
	.options = { options },
	.run = list_run,
};
