// SPDX-License-Identifier: GPL-2.0
/* boots: many boots compared, and judged. */
#include <stdlib.h>

#include "dbgportctl/boots/compare.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/cmd/boot_options.h"
#include "dbgportctl/cmd/commands.h"

static const char formats[] = "text|json|csv|html";
static void (*const shows[])(const struct report *report) = {
	boots_text, boots_json, boots_csv, boots_html,
};

static struct comparison comparison;
static bool live, compares;

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
	  .help = "of two files: show the change from the first to the second" },
	{ "--save", .takes = "FILE", .value = &comparison.save,
	  .help = "keep the figures, to be compared with later" },
	{ "--baseline", .takes = "FILE", .value = &comparison.baseline,
	  .help = "show the change against the figures that were kept there" },
	{ "--format", .takes = formats, .value = &boot_options.format,
	  .help = "how to show them [text]" },
	{ 0 }
};

static int load(struct boots *boots, char *from[], int count)
{
	return boots_load(boots, from, count, &boot_options.load) ?: boots_drop_silent(boots);
}

static int boots_run(int argc, char *argv[])
{
	struct boots boots = { 0 }, before = { 0 };
	size_t format;
	int status = boot_options_format("boots", formats, &format);

	if (status)
		return status;
	if (live == !!argc)
		return fail_usage("boots: it takes files, or --live; see dbgportctl boots --help");
	if (compares && (argc != 2 || comparison.baseline))
		return fail_usage("boots: --compare takes two files, and no --baseline");
	comparison.show = shows[format];
	comparison.output = boot_options.output;
	if (compares) {
		comparison.before = &before;
		status = load(&before, argv++, 1);
		argc--;
	}
	if (!status)
		status = load(&boots, argv, argc);
	if (!status)
		status = boots_compare(&boots, &comparison);
	for (size_t i = 0; i < comparison.assertions; i++)
		assertion_free(&comparison.assertion[i]);
	free(comparison.assertion);
	boots_free(&before);
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
		"median, mean, max, count or p1 to p100, p99.9 too (nearest rank); without one,\n"
		"each boot must have it and fulfil it. TIME has a unit: ns, us, ms, s, min, h, d.\n"
		"'median(total)<baseline+5%' holds unless boots are slower by more than that and\n"
		"by more than chance explains; so do baseline, baseline-1% and baseline+10ms.\n"
		"Exit status: 0 all expressions hold, 1 one does not, 2 one is not understood.\n",
	.options = { options, boot_option_table },
	.max = -1,
	.run = boots_run,
};
