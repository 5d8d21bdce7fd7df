// SPDX-License-Identifier: GPL-2.0
/*
 * Histograms for Prometheus: of phases, and of whole boots.  Intervals between codes are
 * left out, as guests choose these.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "dbgportctl/boots/boots.h"
#include "lib/array.h"
#include "lib/clock.h"
#include "lib/label.h"

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

static bool is_total(const struct figure *figure)
{
	return !strcmp(figure->name, FIGURE_TOTAL);
}

static bool is_phase(const struct figure *figure)
{
	return !is_total(figure) && strncmp(figure->name, "0x", 2);
}

static void print_head(const char *name, const char *help)
{
	printf("# HELP %s %s\n# TYPE %s histogram\n", name, help, name);
}

/* NAME_WHAT{phase="…",le="…"}, without what there is not. */
static void print_name(const char *name, const char *what, const char *phase, const char *le)
{
	printf("%s_%s", name, what);
	if (!phase && !le)
		return;
	putchar('{');
	if (phase) {
		fputs("phase=\"", stdout);
		label_print(stdout, phase);
		fputs(le ? "\"," : "\"", stdout);
	}
	if (le)
		printf("le=\"%s\"", le);
	putchar('}');
}

static void print_histogram(const char *name, const char *phase, const struct figure *figure)
{
	__s64 sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(bounds); i++) {
		while (n < figure->count && figure->sample[n].ns <= bounds[i].ns)
			n++;
		print_name(name, "bucket", phase, bounds[i].le);
		printf(" %zu\n", n);
	}
	print_name(name, "bucket", phase, "+Inf");
	printf(" %zu\n", figure->count);
	for (size_t i = 0; i < figure->count; i++)
		sum += figure->sample[i].ns;
	print_name(name, "sum", phase, NULL);
	printf(" %lld.%09lld\n", sum / (__s64)NSEC_PER_SEC, sum % (__s64)NSEC_PER_SEC);
	print_name(name, "count", phase, NULL);
	printf(" %zu\n", figure->count);
}

void boots_openmetrics(const struct report *report)
{
	const struct figures *figures = &report->figures;

	print_head("dbgport_boot_seconds", "How long boots took.");
	for (size_t i = 0; i < figures->count; i++) {
		if (is_total(&figures->figure[i]))
			print_histogram("dbgport_boot_seconds", NULL, &figures->figure[i]);
	}
	print_head("dbgport_boot_phase_seconds", "How long phases of boots took.");
	for (size_t i = 0; i < figures->count; i++) {
		if (is_phase(&figures->figure[i]))
			print_histogram("dbgport_boot_phase_seconds", figures->figure[i].name,
					&figures->figure[i]);
	}
	puts("# EOF");
}
