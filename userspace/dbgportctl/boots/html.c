// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/boots/boots.h"
#include "dbgportctl/page/markup.h"
#include "dbgportctl/page/page.h"
#include "dbgportctl/timeline/overview.h"

/* A median that is so much longer than the baseline's is marked. */
#define WORSE_PERCENT	5
/* So many of what there may be hundreds of are shown without being asked for. */
#define FEW		8

static void draw_histogram(const struct figure *figure)
{
	struct histogram h;

	figure_histogram(figure, &h);
	/* One boot is to be seen among thousands. */
	fputs("<td><div class=\"hist\">", stdout);
	for (int i = 0; i < FIGURE_BINS; i++)
		printf("<i style=\"height:%zu%%\" data-tip=\"boots: %zu\"></i>",
		       h.bin[i] ? 12 + 88 * h.bin[i] / h.most : 0, h.bin[i]);
	fputs("</div></td>", stdout);
}

static void draw_change(const struct report *report, const struct figure *figure)
{
	const struct baseline_figure *before = baseline_of(&report->baseline, figure->name);
	__s64 was = before ? before->median_ns : 0, is = figure_percentile(figure, 50);
	char text[CHANGE_SIZE];

	printf("<td class=\"num%s\">%s</td>",
	       was && is - was > was / 100 * WORSE_PERCENT ? " worse" : "",
	       change_text(text, was, is));
}

static void draw_figure(const struct report *report, const struct figure *figure)
{
	static const unsigned int percentiles[] = { 50, 90, 99, 100 };
	char text[DURATION_SIZE];

	fputs("<tr><td>", stdout);
	markup_text(figure->name);
	printf("</td><td class=\"num wide\">%zu</td>", figure->count);
	if (figure->count)
		printf("<td class=\"num wide\">%s</td>", ms_text(text, figure->sample[0].ns));
	for (int i = 0; figure->count && i < 4; i++)
		printf("<td class=\"num%s\">%s</td>",
		       percentiles[i] % 50 && percentiles[i] != 99 ? " wide" : "",
		       ms_text(text, figure_percentile(figure, percentiles[i])));
	if (figure->count)
		draw_histogram(figure);
	if (figure->count && report->baseline.count)
		draw_change(report, figure);
	fputs("</tr>\n", stdout);
}

static size_t count_outliers(const struct figure *figure)
{
	size_t count = 0;

	for (size_t i = 0; i < figure->count; i++)
		count += figure_is_outlier(figure, &figure->sample[i]);
	return count;
}

/* The longest first. */
static void draw_outliers(const struct figure *figure)
{
	size_t count = count_outliers(figure), shown = 0;
	char text[DURATION_SIZE];

	if (!count)
		return;
	fputs("<tr><td>", stdout);
	markup_text(figure->name);
	printf("</td><td class=\"num\">%s</td><td>",
	       ms_text(text, figure_percentile(figure, 50)));
	for (size_t i = figure->count; i-- && shown < FEW;) {
		const struct sample *sample = &figure->sample[i];

		if (figure_is_outlier(figure, sample))
			printf("%s<a href=\"#%s\">%s</a> (id %u) took %s", shown++ ? ", " : "",
			       sample->boot->label, sample->boot->label, sample->boot->id,
			       ms_text(text, sample->ns));
	}
	if (count > shown)
		printf(" and %zu more", count - shown);
	fputs("</td></tr>\n", stdout);
}

static void draw_figures(const struct report *report, size_t begin, size_t end)
{
	fputs("<div class=\"scroll\"><table class=\"figures\">\n"
	      "<tr><th></th><th class=\"num wide\">count</th>\n"
	      "<th class=\"num wide\">min</th><th class=\"num\">median</th>\n"
	      "<th class=\"num wide\">p90</th><th class=\"num\">p99</th><th class=\"num\">max</th>\n"
	      "<th>min to max</th>", stdout);
	if (report->baseline.count)
		fputs("<th class=\"num\">change</th>", stdout);
	fputs("</tr>\n", stdout);
	for (size_t i = begin; i < end; i++)
		draw_figure(report, &report->figures.figure[i]);
	fputs("</table></div>\n", stdout);
}

static void begin_part(const char *summary, size_t count)
{
	printf("<details%s><summary>%s: %zu</summary>\n", count <= FEW ? " open=\"\"" : "",
	       summary, count);
}

/* What comes last of all figures. */
static void draw_intervals(const struct report *report, size_t begin)
{
	size_t count = report->figures.count - begin;

	if (!count)
		return;
	begin_part("Intervals between POST codes", count);
	draw_figures(report, begin, report->figures.count);
	fputs("</details>\n", stdout);
}

static void draw_all_outliers(const struct figures *figures)
{
	size_t count = 0;

	for (size_t i = 0; i < figures->count; i++)
		count += count_outliers(&figures->figure[i]);
	if (!count)
		return;
	begin_part("Outliers", count);
	fputs("<div class=\"scroll\"><table class=\"figures\">\n"
	      "<tr><th>figure</th><th class=\"num\">median</th><th>VMs</th></tr>\n", stdout);
	for (size_t i = 0; i < figures->count; i++)
		draw_outliers(&figures->figure[i]);
	fputs("</table></div></details>\n", stdout);
}

void boots_html(const struct report *report)
{
	const struct figures *figures = &report->figures;
	const struct look look = { 0 };
	size_t intervals = 0;

	while (intervals < figures->count && !figure_is_interval(&figures->figure[intervals]))
		intervals++;
	page_begin("Boots", overview_style);
	printf("<h1>Boots</h1>\n<p class=\"dim\">%zu boot%s; figures in milliseconds;"
	       " percentiles are nearest ranks</p>\n",
	       figures->boots, figures->boots == 1 ? "" : "s");
	draw_figures(report, 0, intervals);
	draw_intervals(report, intervals);
	draw_all_outliers(figures);
	overview_html(report->boots, &look);
	page_end();
}
