// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/boot/moment.h"
#include "dbgportctl/boots/boots.h"
#include "dbgportctl/cli/colour.h"
#include "lib/array.h"

static void print_histogram(const struct figure *figure)
{
	static const char *const blocks[] = {
		" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█",
	};
	struct histogram h;

	figure_histogram(figure, &h);
	/* One boot is to be seen among thousands. */
	for (int i = 0; i < FIGURE_BINS; i++)
		fputs(blocks[(8 * h.bin[i] + h.most - 1) / h.most], stdout);
}

static void print_change(const struct report *report, const struct figure *figure)
{
	const struct change *change = changes_of(&report->changes, figure->name);
	const struct baseline_figure *before = change->before;
	char median[CHANGE_SIZE], p99[CHANGE_SIZE];

	printf("  %9s %9s  %s",
	       change_text(median, before ? before->median_ns : 0, figure_percentile(figure, 50)),
	       change_text(p99, before ? before->p99_ns : 0, figure_percentile(figure, 99)),
	       before ? verdict_text(change->verdict) : "");
}

static void print_statistics(const struct figure *figure)
{
	const __s64 ns[] = {
		figure->sample[0].ns,
		figure_percentile(figure, 50),
		figure_mean(figure),
		figure_percentile(figure, 90),
		figure_percentile(figure, 99),
		figure_per_mille(figure, 999),
		figure_percentile(figure, 100),
	};
	char text[DURATION_SIZE];

	for (size_t i = 0; i < ARRAY_SIZE(ns); i++)
		printf(" %10s", ms_text(text, ns[i]));
}

static void print_figure(const struct report *report, const struct figure *figure)
{
	printf("%-15s %6zu", figure->name, figure->count);
	if (figure->count) {
		print_statistics(figure);
		fputs("  ", stdout);
		print_histogram(figure);
	}
	if (figure->count && report->baseline.count)
		print_change(report, figure);
	putchar('\n');
}

/* Which boot it is, for people, and if they ask for it when it began. */
static void print_boot(const struct report *report, const struct boot *boot)
{
	char began[MOMENT_SIZE];

	printf("  %s (id %u", boot->label, boot->id);
	if (report->time)
		printf(", %s", moment_text(began, boot, 0, report->time));
	putchar(')');
}

static void print_outliers(const struct report *report, const struct figure *figure)
{
	char text[DURATION_SIZE], median[DURATION_SIZE];

	for (size_t i = 0; i < figure->count; i++) {
		const struct sample *sample = &figure->sample[i];

		if (!figure_is_outlier(figure, sample))
			continue;
		print_boot(report, sample->boot);
		printf(": %s took %s ms, and the median is %s ms\n", figure->name,
		       ms_text(text, sample->ns), ms_text(median, figure_percentile(figure, 50)));
	}
}

static bool has_outliers(const struct report *report)
{
	for (size_t f = 0; f < report->figures.count; f++) {
		const struct figure *figure = &report->figures.figure[f];

		if (!figure->count)
			continue;
		if (figure_is_outlier(figure, &figure->sample[0]) ||
		    figure_is_outlier(figure, &figure->sample[figure->count - 1]))
			return true;
	}
	return false;
}

static void print_incomplete(const struct report *report)
{
	for (size_t i = 0; i < report->boots->count; i++) {
		const struct boot *boot = report->boots->boot[i];

		if (boot->complete)
			continue;
		print_boot(report, boot);
		puts(" did not come to its end");
	}
}

void boots_text(const struct report *report)
{
	const struct figures *figures = &report->figures;

	printf("%zu boot%s; times in milliseconds\n\n", figures->boots,
	       figures->boots == 1 ? "" : "s");
	printf("%-15s %6s %10s %10s %10s %10s %10s %10s %10s  %-*s", "", "count", "min", "median",
	       "mean", "p90", "p99", "p99.9", "max", FIGURE_BINS, "min to max");
	if (report->baseline.count)
		printf("  %9s %9s", "median", "p99");
	putchar('\n');
	for (size_t i = 0; i < figures->count; i++)
		print_figure(report, &figures->figure[i]);
	fputs(colour(COLOUR_YELLOW), stdout);
	if (has_outliers(report))
		puts("\noutliers:");
	for (size_t i = 0; i < figures->count; i++)
		print_outliers(report, &figures->figure[i]);
	print_incomplete(report);
	fputs(colour(COLOUR_OFF), stdout);
}
