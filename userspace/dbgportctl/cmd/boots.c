// SPDX-License-Identifier: GPL-2.0
/* boots: many boots compared, and judged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/load.h"
#include "dbgportctl/boots/assert.h"
#include "dbgportctl/boots/baseline.h"
#include "dbgportctl/boots/boots.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cmd/commands.h"
#include "lib/array.h"

static const struct {
	const char *name;
	void (*show)(const struct report *report);
} formats[] = {
	{ "text", boots_text },
	{ "json", boots_json },
	{ "csv", boots_csv },
	{ "html", boots_html },
};

static struct load load;
static const char *format, *output, *save, *baseline;
static bool as_json, live;
static struct assertion *assertions;
static size_t assertion_count;

static int parse_assert(const char *value, char *why, size_t size)
{
	assertions = grow(assertions, assertion_count, sizeof(*assertions));
	return assertion_parse(&assertions[assertion_count++], value, why, size);
}

static const struct option options[] = {
	{ "--live", .flag = &live, .help = "the boots of all VMs that the module knows" },
	{ "--assert", .takes = "EXPRESSION", .repeats = true, .parse = parse_assert,
	  .help = "exit with 1 unless this holds, such as 'Firmware<200ms', 'p99(total)<1s'" },
	{ "--save", .takes = "FILE", .value = &save,
	  .help = "keep the figures, to be compared with later" },
	{ "--baseline", .takes = "FILE", .value = &baseline,
	  .help = "show the change against the figures that were kept there" },
	{ "--format", .takes = "text|json|csv|html", .value = &format,
	  .help = "how to show them [text]" },
	{ "--json", .flag = &as_json, .help = "the same as --format json" },
	{ "--output", 'o', .takes = "FILE", .value = &output,
	  .help = "write to FILE instead of standard output" },
	{ "--until", .takes = "CODE", .value = &load.until,
	  .help = "a boot ends at this POST code [with the last that was written]" },
	{ "--vm", .takes = "PATTERN", .value = &load.pattern,
	  .help = "only VMs whose name matches" },
	{ "--table", .takes = "TABLE", .value = &load.table,
	  .help = "what POST codes mean: cloud-hypervisor, coreboot, ami, or a file" },
	{ 0 }
};

/* Whether all hold; what does not is told. */
static bool judge(const struct boots *boots)
{
	bool all = true;

	for (size_t i = 0; i < assertion_count; i++) {
		char reason[256];

		if (assertion_holds(&assertions[i], boots, reason, sizeof(reason)))
			continue;
		fail("%s does not hold: %s", assertions[i].text, reason);
		all = false;
	}
	return all;
}

static int save_figures(const struct report *report)
{
	int status = output_to(save);

	if (status)
		return status;
	boots_json(report);
	return output_back();
}

static int show_figures(struct boots *boots, void (*show)(const struct report *report))
{
	struct report report = { .boots = boots };
	char why[512];
	int status = STATUS_OK;

	figures_make(&report.figures, boots);
	if (baseline && baseline_read(&report.baseline, baseline, why, sizeof(why)))
		status = fail("%s", why);
	if (!status && save)
		status = save_figures(&report);
	if (!status && output)
		status = output_to(output);
	if (!status) {
		show(&report);
		status = output_flush();
	}
	baseline_free(&report.baseline);
	figures_free(&report.figures);
	return status;
}

static int run_boots(int argc, char *argv[])
{
	struct boots boots = { 0 };
	size_t i = 0;
	int status;

	if (as_json && format)
		return fail_usage("boots: --json and --format exclude each other");
	if (live == !!argc)
		return fail_usage("boots: it takes files, or --live; see dbgportctl boots --help");
	format = format ?: as_json ? "json" : "text";
	while (i < ARRAY_SIZE(formats) && strcmp(formats[i].name, format))
		i++;
	if (i == ARRAY_SIZE(formats))
		return fail_usage("boots: unknown format '%s'; known are text|json|csv|html",
				  format);
	status = boots_load(&boots, argv, argc, &load);
	if (!status)
		status = boots_drop_silent(&boots);
	if (!status)
		status = show_figures(&boots, formats[i].show);
	if (!status && !judge(&boots))
		status = STATUS_FAILED;
	for (i = 0; i < assertion_count; i++)
		assertion_free(&assertions[i]);
	free(assertions);
	boots_free(&boots);
	return status;
}

const struct command cmd_boots = {
	.name = "boots",
	.takes = "FILE…",
	.help = "Compare many boots: how long phases and the ways between POST codes took",
	.text = "FILE is what dbgportd writes with format=json; '-' is standard input.\n"
		"EXPRESSION is FIGURE<TIME, or STATISTIC(FIGURE)<TIME; <=, > and >= do too.\n"
		"FIGURE is total, a phase, or two codes such as 0x40-0x60; STATISTIC is min,\n"
		"median, max, count or p1 to p100 (nearest rank); without one, each boot must\n"
		"have it and fulfil it. TIME has a unit: ns, us, ms, s or min.\n"
		"Exit status: 0 all expressions hold, 1 one does not, 2 one is not understood.\n",
	.options = { options },
	.max = -1,
	.run = run_boots,
};
