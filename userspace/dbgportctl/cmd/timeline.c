// SPDX-License-Identifier: GPL-2.0
/* timeline: boots drawn along the time. */
#include <stdint.h>
#include <stdio.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/boot_options.h"
#include "dbgportctl/cmd/clock_time.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/timeline/timeline.h"
#include "lib/choice.h"
#include "lib/duration.h"
#include "lib/number.h"

static const char formats[] = "text|svg|html|perfetto|json";
static void (*const draws[])(const struct boots *boots, const struct look *look) = {
	timeline_text, timeline_svg, timeline_html, timeline_perfetto, timeline_json,
};

#define DEFAULT_TOP	10

/* The first one: since the boot's zero. */
#define TIMES	"boot|" CLOCK_TIMES

static struct look look;

static int parse_gap(const char *value, char *why, size_t size)
{
	if (!duration_parse(value, NULL, &look.gap_ns) && look.gap_ns)
		return 0;
	snprintf(why, size, "--gap %s: it takes " DURATION_TAKES ", as in 50ms", value);
	return -1;
}

static int parse_top(const char *value, char *why, size_t size)
{
	__u64 top;

	if (number_parse(value, NUMBER_DECIMAL, 1, SIZE_MAX, &top)) {
		snprintf(why, size, "--top %s: it takes a number from 1 on", value);
		return -1;
	}
	look.top = top;
	return 0;
}

static int parse_time(const char *value, char *why, size_t size)
{
	return clock_time_parse_or(&look.time, TIMES, value, why, size);
}

static const struct option options[] = {
	{ "--format", .takes = formats, .value = &boot_options.format,
	  .help = "how to draw it; perfetto is for ui.perfetto.dev [text]" },
	{ "--all", 'a', .flag = &look.all,
	  .help = "with text: every line, and not only those that took their time" },
	{ "--top", .takes = "N", .parse = parse_top,
	  .help = "only the N longest intervals, the longest one first" },
	{ "--blame", .flag = &look.blame,
	  .help = "the same, with the line before and the line after each [--top 10]" },
	{ "--time", .takes = TIMES, .parse = parse_time,
	  .help = "with text: since the boot's zero, or by the host's clock [boot]" },
	{ "--gap", .takes = "TIME", .parse = parse_gap,
	  .help = "show gaps from this length on [a tenth of the boot]" },
	{ 0 }
};

static int timeline_run(int argc, char *argv[])
{
	struct boots boots = { 0 };
	size_t format;
	int status = boot_options_format("timeline", formats, &format);
	bool top = look.top || look.blame;

	if (!status && top && (format || look.all || look.gap_ns))
		return fail_usage("timeline: --top and --blame are text, without --all and --gap");
	if (!status && look.time && format)
		return fail_usage("timeline: --time is for text");
	if (look.blame && !look.top)
		look.top = DEFAULT_TOP;
	if (!status)
		status = boots_load(&boots, argv, argc, &boot_options.load);
	if (!status && boot_options.output)
		status = output_to(boot_options.output);
	if (!status) {
		if (top)
			timeline_top(&boots, &look);
		else
			draws[format](&boots, &look);
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
		"Without arguments, all VMs that you may see are drawn, as far as they are.\n"
		"A reset begins the next boot of a VM: VM#2 is its second one only.\n"
		"A phase begins with the first POST code of its component; what comes before the\n"
		"first one is called Start.\n",
	.options = { options, boot_option_table },
	.max = -1,
	.run = timeline_run,
};
