// SPDX-License-Identifier: GPL-2.0
/*
 * Histograms for Prometheus: of whole boots, parts of the software stack, and phases.
 * Intervals between codes are left out, as guests choose these, and what was before the
 * zero, as it adds up with nothing.
 */
#include <stdio.h>
#include <string.h>

#include "dbgportctl/boots/boots.h"
#include "lib/array.h"
#include "lib/clock.h"
#include "lib/label.h"
#include "lib/part.h"

#define MS	((__s64)NSEC_PER_MSEC)

/* Always the same, so that those of several hosts can be added. */
static const struct {
	const char *le;
	__s64 ns;
} bounds[] = {
	{ "0.001", 1 * MS }, { "0.0025", 2500 * (MS / 1000) }, { "0.005", 5 * MS },
	{ "0.01", 10 * MS }, { "0.025", 25 * MS }, { "0.05", 50 * MS },
	{ "0.1", 100 * MS }, { "0.25", 250 * MS }, { "0.5", 500 * MS },
	{ "1.0", 1000 * MS }, { "2.5", 2500 * MS }, { "5.0", 5000 * MS },
	{ "10.0", 10000 * MS }, { "25.0", 25000 * MS }, { "50.0", 50000 * MS },
	{ "100.0", 100000 * MS },
};

enum family { FAMILY_TOTAL, FAMILY_PART, FAMILY_PHASE, FAMILY_NONE };

/* Parts are sums of phases, so that neither is to be added to the other. */
static const struct {
	const char *name;
	const char *help;
	const char *label;
} families[] = {
	[FAMILY_TOTAL] = { "dbgport_boot_seconds", "How long boots took.", NULL },
	[FAMILY_PART] = { "dbgport_boot_part_seconds",
			  "How long a part of the software stack took.", "part" },
	[FAMILY_PHASE] = { "dbgport_boot_phase_seconds", "How long phases of boots took.",
			   "phase" },
};

static enum family family_of(const struct figure *figure)
{
	if (!strcmp(figure->name, FIGURE_TOTAL))
		return FAMILY_TOTAL;
	if (figure_is_interval(figure) || figure_is_before(figure))
		return FAMILY_NONE;
	return part_rank(figure->name) < 0 ? FAMILY_PHASE : FAMILY_PART;
}

/* NAME_WHAT{part="…",le="…"}, without what there is not. */
static void print_name(enum family family, const char *what, const char *value, const char *le)
{
	const char *label = families[family].label;

	printf("%s_%s", families[family].name, what);
	if (!label && !le)
		return;
	putchar('{');
	if (label) {
		printf("%s=\"", label);
		label_print(stdout, value);
		fputs(le ? "\"," : "\"", stdout);
	}
	if (le)
		printf("le=\"%s\"", le);
	putchar('}');
}

static void print_histogram(enum family family, const struct figure *figure)
{
	__s64 sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(bounds); i++) {
		while (n < figure->count && figure->sample[n].ns <= bounds[i].ns)
			n++;
		print_name(family, "bucket", figure->name, bounds[i].le);
		printf(" %zu\n", n);
	}
	print_name(family, "bucket", figure->name, "+Inf");
	printf(" %zu\n", figure->count);
	for (size_t i = 0; i < figure->count; i++)
		sum += figure->sample[i].ns;
	print_name(family, "sum", figure->name, NULL);
	printf(" %lld.%09lld\n", sum / (__s64)NSEC_PER_SEC, sum % (__s64)NSEC_PER_SEC);
	print_name(family, "count", figure->name, NULL);
	printf(" %zu\n", figure->count);
}

void boots_openmetrics(const struct report *report)
{
	const struct figures *figures = &report->figures;

	for (enum family family = 0; family < FAMILY_NONE; family++) {
		printf("# HELP %s %s\n# TYPE %s histogram\n", families[family].name,
		       families[family].help, families[family].name);
		for (size_t i = 0; i < figures->count; i++) {
			if (family_of(&figures->figure[i]) == family)
				print_histogram(family, &figures->figure[i]);
		}
	}
	puts("# EOF");
}
