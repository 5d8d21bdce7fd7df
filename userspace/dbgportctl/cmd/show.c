// SPDX-License-Identifier: GPL-2.0
/* show: everything that is known of one VM. */
#include "dbgportctl/cmd/clock_time.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/show/show.h"

static bool as_json;
static enum time_style time_style;

static int parse_time(const char *value, char *why, size_t size)
{
	return clock_time_parse(&time_style, value, why, size);
}

static const struct option options[] = {
	{ "--json", .flag = &as_json, .help = "print an object" },
	{ "--time", .takes = CLOCK_TIMES, .parse = parse_time,
	  .help = "when it wrote, instead of how long ago" },
	{ 0 }
};

static int show_run(int argc, char *argv[])
{
	(void)argc;
	return show_vm(argv[0], as_json, time_style);
}

const struct command cmd_show = {
	.name = "show",
	.takes = "VM",
	.help = "Show everything that is known of a VM",
	.text = "It begins with when and what the VM wrote last, and ends with its last lines.\n"
		"KEPT are the writes of each vCPU that the ring still holds. Writes per second\n"
		"are those of the last second, as far as the ring reaches back.\n",
	.options = { options },
	.min = 1,
	.max = 1,
	.run = show_run,
};
