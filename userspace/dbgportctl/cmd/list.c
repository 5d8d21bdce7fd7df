// SPDX-License-Identifier: GPL-2.0
/* list: the VMs that there are. */
#include <stdio.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cmd/clock_time.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/cmd/fleet_options.h"
#include "dbgportctl/fleet/list.h"
#include "dbgportctl/vm/columns.h"
#include "dbgportctl/vm/list.h"

static bool as_json, names_only, all_columns, since;
static struct list_wish wish;

static int parse_sort(const char *value, char *why, size_t size)
{
	wish.column = columns_find(value);
	if (wish.column >= 0)
		return 0;
	snprintf(why, size, "--sort %s: it takes one of " COLUMNS_KEYS, value);
	return -1;
}

static int parse_since(const char *value, char *why, size_t size)
{
	since = true;
	return fleet_parse_since(value, why, size);
}

static int parse_time(const char *value, char *why, size_t size)
{
	return clock_time_parse(&wish.time, value, why, size);
}

static const struct option options[] = {
	{ "--long", 'l', .flag = &all_columns,
	  .help = "all columns: also VMM, user, ports, backend, exits saved" },
	{ "--sort", .takes = COLUMNS_KEYS, .parse = parse_sort,
	  .help = "in the order of a column [id]" },
	{ "--reverse", 'r', .flag = &wish.reverse, .help = "the other way round" },
	{ "--json", .flag = &as_json, .help = "print an array of objects" },
	{ "--names", .flag = &names_only, .help = "print the names only, one a line" },
	{ "--time", .takes = CLOCK_TIMES, .parse = parse_time,
	  .help = "when VMs began and wrote last, instead of how long ago" },
	{ "--watch", 'w', .flag = &wish.watch,
	  .help = "again each second, until it is interrupted" },
	{ "--since", .takes = "TIME", .parse = parse_since,
	  .help = "with --nats: only VMs that were heard of in the last TIME, as in 1h" },
	{ 0 }
};

static enum list_form form(void)
{
	if (as_json)
		return LIST_JSON;
	if (names_only)
		return LIST_NAMES;
	return all_columns ? LIST_LONG : LIST_TABLE;
}

static int list_run(int argc, char *argv[])
{
	const struct fleet *fleet;
	int status = fleet_options_check("list", &fleet);

	(void)argc;
	(void)argv;
	if (status)
		return status;
	wish.form = form();
	if (!fleet && since)
		return fail_usage("list: --since needs --nats");
	if (fleet && (all_columns || wish.column || wish.reverse))
		return fail_usage("list: --nats goes without --long, --sort and --reverse");
	return list_repeat(&wish, fleet ? fleet_list : list_vms, fleet);
}

const struct command cmd_list = {
	.name = "list",
	.help = "Show the VMs that you may see",
	.text = "STATE: claimed, the VMM sees nothing of it; tee, the VMM gets all of it too;\n"
		"ended; detached. BOOT: each reset begins one. LAST: how long ago it wrote last.\n"
		"LOST: writes overwritten before dbgportd read them. Without a running dbgportd\n"
		"there is a dash for BOOT and LOST. SAVED: exits to the VMM that were spared.\n"
		"--sort has the highest numbers first, but of ids.\n"
		"With --nats: the last VM of each name on each host, as it was heard of last.\n",
	.options = { options, fleet_option_table },
	.run = list_run,
};
