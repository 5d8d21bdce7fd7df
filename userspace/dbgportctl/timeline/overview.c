// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/all_phases.h"
#include "dbgportctl/boot/before.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/page/markup.h"
#include "dbgportctl/timeline/details.h"
#include "dbgportctl/timeline/overview.h"
#include "dbgportctl/timeline/palette.h"
#include "dbgportctl/timeline/scale.h"
#include "lib/clock.h"

static void draw_before_head(const struct scale *scale)
{
	for (enum before i = 0; i < BEFORES; i++)
		printf("<th>%s before, %s</th>\n", before_name[i], scale->unit);
}

static void draw_before(const struct boot *boot, const struct scale *scale)
{
	for (enum before i = 0; i < BEFORES; i++) {
		__s64 ns = boot_before_ns(boot, i);
		char time[DURATION_SIZE];

		printf("<td>%s</td>", ns < 0 ? "" : scale_text(time, scale, ns));
	}
}

static void draw_head(const struct all_phases *columns, const struct scale *scale, bool before)
{
	printf("<thead><tr><th>boot</th><th>begins, s</th><th>total, %s</th>\n", scale->unit);
	if (before)
		draw_before_head(scale);
	for (size_t i = 0; i < columns->count; i++) {
		printf("<th><span class=\"key c%d\"></span>", palette_index(columns->phase[i]));
		markup_text(columns->phase[i]->name);
		printf(", %s</th>\n", scale->unit);
	}
	fputs("</tr></thead>\n", stdout);
}

static void draw_row(const struct boot *boot, __u64 first_ns, const struct all_phases *columns,
		     const struct scale *scale, bool before)
{
	char time[DURATION_SIZE], words[BOOT_REMARK_SIZE];
	const char *remark;

	fputs("<tr><td>", stdout);
	markup_text(boot->label);
	for (unsigned int n = 0; (remark = boot_remark(boot, n, words)); n++)
		printf("<p class=\"remark\">%s</p>", remark);
	printf("</td><td>%s</td>",
	       duration_in(time, boot->zero_ns - first_ns, NSEC_PER_SEC, 3));
	printf("<td>%s</td>", scale_text(time, scale, boot->total_ns));
	if (before)
		draw_before(boot, scale);
	for (size_t i = 0; i < columns->count; i++) {
		const struct phase *phase = boot_phase(boot, columns->phase[i]->name);

		printf("<td>%s</td>", phase ? scale_length(time, scale, phase->begin_ns,
							   phase->end_ns) : "");
	}
	fputs("</tr>\n", stdout);
}

static int compare_totals(const void *a, const void *b)
{
	const struct boot *x = *(const struct boot *const *)a, *y = *(const struct boot *const *)b;

	if (x->total_ns != y->total_ns)
		return x->total_ns > y->total_ns ? -1 : 1;
	return strcmp(x->label, y->label);
}

void overview_html(const struct boots *boots, const struct look *look)
{
	const struct scale *scale = scale_of(boots);
	struct all_phases columns;
	struct boots sorted = {
		.boot = must(calloc(boots->count, sizeof(*sorted.boot))),
		.count = boots->count,
	};
	__u64 first_ns = boots->boot[0]->zero_ns;
	bool before = boots_have_before(boots);

	memcpy(sorted.boot, boots->boot, boots->count * sizeof(*sorted.boot));
	qsort(sorted.boot, sorted.count, sizeof(*sorted.boot), compare_totals);
	all_phases_make(&columns, &sorted);
	for (size_t i = 0; i < sorted.count; i++) {
		if (sorted.boot[i]->zero_ns < first_ns)
			first_ns = sorted.boot[i]->zero_ns;
	}
	fputs("<div id=\"overview\" class=\"scroll\">\n<table id=\"boots\">\n", stdout);
	draw_head(&columns, scale, before);
	fputs("<tbody>\n", stdout);
	for (size_t i = 0; i < sorted.count; i++)
		draw_row(sorted.boot[i], first_ns, &columns, scale, before);
	fputs("</tbody></table>\n</div>\n", stdout);
	details_html(&sorted, look, scale);
	all_phases_free(&columns);
	free(sorted.boot);
}

void overview_style(void)
{
	for (int i = 0; i < PALETTE_SIZE; i++)
		printf(".c%d { background-color: %s; fill: %s; }\n", i, palette_css[i],
		       palette_css[i]);
}
