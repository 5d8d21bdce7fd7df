// SPDX-License-Identifier: GPL-2.0
/* timeline: boots drawn along the time. */
#include <stdio.h>
#include <string.h>

#include "dbgportctl/boot/load.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/timeline/timeline.h"
#include "lib/array.h"
#include "lib/duration.h"

static const struct {
	const char *name;
	void (*draw)(const struct boots *boots, const struct look *look);
} formats[] = {
	{ "text", timeline_text },
	{ "svg", timeline_svg },
	{ "html", timeline_html },
	{ "perfetto", timeline_perfetto },
	{ "json", timeline_json },
};

static struct load load;
static struct look look;
static const char *format, *output;
static bool as_json;

static int parse_gap(const char *value, char *why, size_t size)
{
	if (!duration_parse(value, NULL, &look.gap_ns) && look.gap_ns)
		return 0;
	snprintf(why, size, "--gap %s: it takes a time, as in 50ms", value);
	return -1;
}

static const struct option options[] = {
	{ "--format", .takes = "text|svg|html|perfetto|json", .value = &format,
	  .help = "how to draw it; perfetto is for ui.perfetto.dev [text]" },
	{ "--json", .flag = &as_json, .help = "the same as --format json" },
	{ "--output", 'o', .takes = "FILE", .value = &output,
	  .help = "write to FILE instead of standard output" },
	{ "--all", 'a', .flag = &look.all,
	  .help = "with text: every line, and not only those that took their time" },
	{ "--gap", .takes = "TIME", .parse = parse_gap,
	  .help = "show gaps from this length on [a tenth of the boot]" },
	{ "--until", .takes = "CODE", .value = &load.until,
	  .help = "the boot ends at this POST code [with the last that was written]" },
	{ "--vm", .takes = "PATTERN", .value = &load.pattern,
	  .help = "only VMs whose name matches" },
	{ "--table", .takes = "TABLE", .value = &load.table,
	  .help = "what POST codes mean: cloud-hypervisor, coreboot, ami, or a file" },
	{ 0 }
};

static int run_timeline(int argc, char *argv[])
{
	struct boots boots = { 0 };
	size_t i = 0;
	int status;

	if (as_json && format)
		return fail_usage("timeline: --json and --format exclude each other");
	format = format ?: as_json ? "json" : "text";
	while (i < ARRAY_SIZE(formats) && strcmp(formats[i].name, format))
		i++;
	if (i == ARRAY_SIZE(formats))
		return fail_usage("timeline: unknown format '%s'; known are %s", format,
				  options[0].takes);
	status = boots_load(&boots, argv, argc, &load);
	if (!status && output)
		status = output_to(output);
	if (!status) {
		formats[i].draw(&boots, &look);
		status = output_flush();
	}
	boots_free(&boots);
	return status;
}

const struct command cmd_timeline = {
	.name = "timeline",
	.takes = "[VM|FILE…]",
	.help = "Draw boots along the time: phases, POST codes, text, gaps",
	.text = "FILE is what dbgportd writes with format=json; '-' is standard input.\n"
		"With neither, all VMs that you may see are drawn, as far as they are.\n"
		"A phase begins with the first POST code of its component; what comes before the\n"
		"first one is called Start.\n",
	.options = { options },
	.max = -1,
	.run = run_timeline,
};
