// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/boots/boots.h"
#include "dbgportctl/page/markup.h"
#include "dbgportctl/page/page.h"

/* A median that is so much longer than the baseline's is marked. */
#define WORSE_PERCENT	5

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
	printf("</td><td class=\"num\">%zu</td>", figure->count);
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

static void draw_far(const struct figure *figure)
{
	char text[DURATION_SIZE], median[DURATION_SIZE];

	for (size_t i = 0; i < figure->count; i++) {
		const struct sample *sample = &figure->sample[i];

		if (!figure_is_outlier(figure, sample))
			continue;
		printf("<tr><td>%s (id %u)</td><td>", sample->boot->label, sample->boot->id);
		markup_text(figure->name);
		printf("</td><td class=\"num\">%s</td><td class=\"num\">%s</td></tr>\n",
		       ms_text(text, sample->ns), ms_text(median, figure_percentile(figure, 50)));
	}
}

static void draw_incomplete(const struct boots *boots)
{
	for (size_t i = 0; i < boots->count; i++) {
		if (!boots->boot[i]->complete)
			printf("<p class=\"remark\">%s (id %u) did not come to its end</p>\n",
			       boots->boot[i]->label, boots->boot[i]->id);
	}
}

void boots_html(const struct report *report)
{
	const struct figures *figures = &report->figures;

	page_begin("Boots", NULL);
	printf("<h1>Boots</h1>\n<div class=\"dim\">%zu boot%s; times in milliseconds;"
	       " percentiles are nearest ranks</div>\n",
	       figures->boots, figures->boots == 1 ? "" : "s");
	fputs("<div class=\"scroll\"><table>\n<tr><th></th><th class=\"num\">count</th>\n"
	      "<th class=\"num wide\">min</th><th class=\"num\">median</th>\n"
	      "<th class=\"num wide\">p90</th><th class=\"num\">p99</th><th class=\"num\">max</th>\n"
	      "<th>min to max</th>", stdout);
	if (report->baseline.count)
		fputs("<th class=\"num\">change</th>", stdout);
	fputs("</tr>\n", stdout);
	for (size_t i = 0; i < figures->count; i++)
		draw_figure(report, &figures->figure[i]);
	fputs("</table></div>\n<h2>Far from the others</h2>\n<div class=\"scroll\"><table>\n"
	      "<tr><th>VM</th><th>figure</th><th class=\"num\">took</th>\n"
	      "<th class=\"num\">median</th></tr>\n", stdout);
	for (size_t i = 0; i < figures->count; i++)
		draw_far(&figures->figure[i]);
	fputs("</table></div>\n", stdout);
	draw_incomplete(report->boots);
	page_end();
}
