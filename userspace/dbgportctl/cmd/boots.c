// SPDX-License-Identifier: GPL-2.0
/* boots: many boots compared, and judged. */
#include <stdlib.h>

#include "dbgportctl/boots/compare.h"
#include "dbgportctl/boots/each.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/cmd/boot_options.h"
#include "dbgportctl/cmd/clock_time.h"
#include "dbgportctl/cmd/commands.h"
#include "dbgportctl/cmd/fleet_options.h"

static const char formats[] = "text|json|csv|html|openmetrics";

#define FORMAT_TEXT	0
#define FORMAT_HTML	3

typedef void show_call(const struct report *report);

/* Of each format: what shows figures, with --compare, and with --each; NULL: nothing does. */
static const struct {
	show_call *figures, *changes, *each;
} shows[] = {
	{ boots_text, changes_text, each_text },
	{ boots_json, changes_json, each_json },
	{ boots_csv, changes_csv, each_csv },
	{ boots_html, boots_html, NULL },
	{ boots_openmetrics, NULL, NULL },
};

static struct comparison comparison;
static const char *baseline;
static bool live, compares, each;
static enum time_style time_style;

static int parse_time(const char *value, char *why, size_t size)
{
	return clock_time_parse(&time_style, value, why, size);
}

static int parse_assert(const char *value, char *why, size_t size)
{
	struct comparison *c = &comparison;

	c->assertion = grow(c->assertion, c->assertions, sizeof(*c->assertion));
	return assertion_parse(&c->assertion[c->assertions++], value, why, size);
}

static const struct option options[] = {
	{ "--live", .flag = &live, .help = "the boots of all VMs that the module knows" },
	{ "--assert", .takes = "EXPRESSION", .repeats = true, .parse = parse_assert,
	  .help = "exit with 1 unless this holds, such as 'Firmware<200ms', 'p99(total)<1s'" },
	{ "--compare", .flag = &compares,
	  .help = "of two files: the changes from the first to the second; exit with 1 if slower" },
	{ "--each", .flag = &each, .help = "a row for each boot, instead of figures of all" },
	{ "--time", .takes = CLOCK_TIMES, .parse = parse_time,
	  .help = "in text, when boots began [with --each: iso8601]" },
	{ "--save", .takes = "FILE", .value = &comparison.save,
	  .help = "keep the figures, to be compared with later" },
	{ "--baseline", .takes = "FILE", .value = &baseline,
	  .help = "show the change against the figures that were kept there" },
	{ "--format", .takes = formats, .value = &boot_options.format,
	  .help = "how to show them [text]" },
	{ 0 }
};

static int load(struct boots *boots, char *from[], int count)
{
	return boots_load(boots, from, count, &boot_options.load) ?: boots_drop_silent(boots);
}

static int read_baseline(struct baseline *to, const char *path)
{
	char why[512];

	return baseline_read(to, path, why, sizeof(why)) ? fail("%s", why) : STATUS_OK;
}

/* What was before: boots, or what was kept of some. */
static int load_before(struct report *report, char *from)
{
	struct boots boots = { 0 };
	struct figures figures = { 0 };
	int status;

	if (baseline_is(from))
		return read_baseline(&report->baseline, from);
	status = load(&boots, &from, 1);
	if (!status) {
		figures_make(&figures, &boots);
		baseline_make(&report->baseline, &figures);
	}
	figures_free(&figures);
	boots_free(&boots);
	return status;
}

/* The same of now, which stay in @boots. */
static int load_now(struct report *report, struct boots *boots, char *from, size_t format)
{
	if (!baseline_is(from)) {
		report->boots = boots;
		return load(boots, &from, 1);
	}
	if (format == FORMAT_HTML || comparison.save)
		return fail_usage("boots: %s was kept by --save: html and --save need the boots",
				  from);
	return read_baseline(&report->now, from);
}

static int load_all(struct report *report, struct boots *boots, int argc, char *argv[],
		    size_t format)
{
	int status = STATUS_OK;

	if (compares)
		return load_before(report, argv[0]) ?: load_now(report, boots, argv[1], format);
	report->boots = boots;
	if (baseline)
		status = read_baseline(&report->baseline, baseline);
	return status ?: load(boots, argv, argc);
}

static bool needs_baseline(void)
{
	for (size_t i = 0; i < comparison.assertions; i++) {
		if (comparison.assertion[i].to_baseline)
			return true;
	}
	return false;
}

static int check_usage(int argc, size_t format)
{
	if (boot_options.load.fleet ? live : live == !!argc)
		return fail_usage("boots: it takes files, --live or --nats; see its --help");
	if (compares && (argc != 2 || baseline || boot_options.load.fleet))
		return fail_usage("boots: --compare takes two files, and no --baseline");
	if (each && (compares || !shows[format].each))
		return fail_usage("boots: --each is text, json or csv, without --compare");
	if (compares && !shows[format].changes)
		return fail_usage("boots: --compare is text, json, csv or html");
	if (time_style && (compares || format != FORMAT_TEXT))
		return fail_usage("boots: --time is for text, and not for --compare");
	if (needs_baseline() && !compares && !baseline)
		return fail_usage("boots: --assert with baseline takes --baseline or --compare");
	return STATUS_OK;
}

static show_call *show_of(size_t format)
{
	if (each)
		return shows[format].each;
	return compares ? shows[format].changes : shows[format].figures;
}

static int boots_run(int argc, char *argv[])
{
	struct report report = { .time = time_style };
	struct boots boots = { 0 };
	size_t format;
	int status = fleet_options_check("boots", &boot_options.load.fleet) ?:
		     boot_options_format("boots", formats, &format) ?:
		     check_usage(argc, format);

	if (!status)
		status = load_all(&report, &boots, argc, argv, format);
	if (!status) {
		comparison.show = show_of(format);
		comparison.output = boot_options.output;
		comparison.judges = compares;
		status = boots_compare(&report, &comparison);
	}
	for (size_t i = 0; i < comparison.assertions; i++)
		assertion_free(&comparison.assertion[i]);
	free(comparison.assertion);
	report_free(&report);
	boots_free(&boots);
	return status;
}

const struct command cmd_boots = {
	.name = "boots",
	.takes = "[FILE|VM…]",
	.help = "Compare many boots: phases, and intervals between POST codes",
	.text = "FILE is what dbgportd writes with format=json; '-' is standard input.\n"
		"With --nats there are no files: VM is one of any host's, none means all.\n"
		"EXPRESSION is FIGURE<TIME, or STATISTIC(FIGURE)<TIME; <=, > and >= do too.\n"
		"FIGURE is total, VMM or VM (before the boot), a phase, or two codes such as\n"
		"0x40-0x60; STATISTIC is min, median, mean, max, count or p1 to p100, p99.9 too\n"
		"(nearest rank); without one, each boot must have it and fulfil it. TIME has a\n"
		"unit: ns, us, ms, s, min, h, d.\n"
		"'median(total)<baseline+5%' holds unless boots are slower by more than that and\n"
		"by more than chance explains; so do baseline, baseline-1% and baseline+10ms.\n"
		"--compare takes files of boots, or what --save wrote.\n"
		"Exit status: 0 all holds, 1 an expression does not or --compare shows something\n"
		"slower, 2 usage error, 3 there are too few boots to tell.\n",
	.options = { options, boot_option_table, fleet_option_table, fleet_time_table },
	.max = -1,
	.run = boots_run,
};
