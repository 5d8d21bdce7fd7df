// SPDX-License-Identifier: GPL-2.0
/* timeline: boots drawn along the time. */
#include <stdint.h>
#include <stdio.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/boot_options.h"
#include "dbgportctl/cmd/clock_time.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/cmd/fleet_options.h"
#include "dbgportctl/otlp/otlp.h"
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
static bool initcalls;

/* Where boots are sent to instead of being drawn; NULL: nowhere. */
static const char *otlp;
static struct otlp_follow follow = { .load = &boot_options.load };
static bool follows;

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
	{ "--initcalls", .flag = &initcalls,
	  .help = "only what Linux tells of its initialization when it has initcall_debug" },
	{ "--time", .takes = TIMES, .parse = parse_time,
	  .help = "with text: since the boot's zero, or by the host's clock [boot]" },
	{ "--memlog", .flag = &boot_options.load.memlog,
	  .help = "also the lines that UEFI firmware keeps in its memory, without times" },
	{ "--gap", .takes = "TIME", .parse = parse_gap,
	  .help = "show gaps from this length on [a tenth of the boot]" },
	{ 0 }
};

static int parse_quiet(const char *value, char *why, size_t size)
{
	if (!duration_parse(value, NULL, &follow.quiet_ns) && follow.quiet_ns)
		return 0;
	snprintf(why, size, "--quiet %s: it takes " DURATION_TAKES ", as in 2min", value);
	return -1;
}

static const struct option otlp_options[] = {
	{ "--otlp", .takes = "URL", .value = &otlp,
	  .help = "send boots to a receiver of OpenTelemetry's, as in http://localhost:4318" },
	{ "--follow", 'f', .flag = &follows,
	  .help = "with --otlp: go on, and send each boot when it is over" },
	{ "--quiet", .takes = "TIME", .parse = parse_quiet,
	  .help = "with --follow: a boot is over when nothing was written for so long [2min]" },
	{ "--kept", .flag = &follow.kept,
	  .help = "with --follow: also boots that were over before" },
	{ 0 }
};

static int check_memlog(void)
{
	if (boot_options.load.memlog && boot_options.load.fleet)
		return fail_usage("timeline: --memlog is for the VMs of this host, without --nats");
	return STATUS_OK;
}

static int check_otlp(void)
{
	if (boot_options.load.fleet && follows)
		return fail_usage("timeline: --follow is for the VMs of this host, without --nats");
	if (!otlp && (follows || follow.quiet_ns || follow.kept))
		return fail_usage("timeline: --follow, --quiet and --kept need --otlp");
	if (!follows && (follow.quiet_ns || follow.kept))
		return fail_usage("timeline: --quiet and --kept need --follow");
	if (otlp && (boot_options.format || boot_options.as_json || boot_options.output ||
		     look.all || look.top || look.blame || look.time || look.gap_ns ||
		     initcalls || boot_options.load.memlog))
		return fail_usage("timeline: --otlp sends boots, and draws none: leave away how");
	return STATUS_OK;
}

static int check_text(bool is_text)
{
	bool top = look.top || look.blame;

	if (initcalls && (!is_text || look.all || look.blame || look.gap_ns))
		return fail_usage("timeline: --initcalls is text without --all, --blame and --gap");
	if (top && (!is_text || look.all || look.gap_ns))
		return fail_usage("timeline: --top and --blame are text, without --all and --gap");
	if (look.time && !is_text)
		return fail_usage("timeline: --time is for text");
	return STATUS_OK;
}

/* As text it may be something else than all of it. */
static int draw(const struct boots *boots, size_t format)
{
	if (initcalls)
		timeline_initcalls(boots, &look);
	else if (look.top)
		timeline_top(boots, &look);
	else
		draws[format](boots, &look);
	return output_flush();
}

/* What is not drawn. */
static int send_boots(int argc, char *argv[])
{
	struct boots boots = { 0 };
	int status;

	if (follows) {
		follow.names = argv;
		follow.quiet_ns = follow.quiet_ns ?: OTLP_QUIET_NS;
		return otlp_follow(&follow, otlp);
	}
	status = boots_load(&boots, argv, argc, &boot_options.load) ?:
		 boots_drop_silent(&boots) ?: otlp_send(&boots, otlp);
	boots_free(&boots);
	return status;
}

static int timeline_run(int argc, char *argv[])
{
	struct boots boots = { 0 };
	size_t format;
	int status = fleet_options_check("timeline", &boot_options.load.fleet) ?:
		     check_memlog() ?: check_otlp() ?:
		     boot_options_format("timeline", formats, &format);

	if (!status && otlp)
		return send_boots(argc, argv);
	if (!status)
		status = check_text(!format);
	if (look.blame && !look.top)
		look.top = DEFAULT_TOP;
	if (!status)
		status = boots_load(&boots, argv, argc, &boot_options.load);
	if (!status && initcalls && !timeline_has_initcalls(&boots))
		status = fail("timeline: no initcalls: Linux needs initcall_debug ignore_loglevel");
	if (!status && boot_options.output)
		status = output_to(boot_options.output);
	if (!status)
		status = draw(&boots, format);
	boots_free(&boots);
	return status;
}

const struct command cmd_timeline = {
	.name = "timeline",
	.takes = "[VM|FILE…]",
	.help = "Draw boots along the time: phases, POST codes, text, gaps",
	.text = "FILE is what dbgportd writes with format=json; '-' is standard input.\n"
		"With --nats, VM is one of any host's.\n"
		"Without arguments, all VMs that you may see are drawn, as far as they are.\n"
		"A reset begins the next boot of a VM: VM#2 is its second one only.\n"
		"A phase begins with the first POST code of its component; what comes before the\n"
		"first one is called Start.\n",
	.options = { options, otlp_options, boot_option_table, fleet_option_table,
		     fleet_time_table },
	.max = -1,
	.run = timeline_run,
};
