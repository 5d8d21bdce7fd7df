// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportctl/page/markup.h"
#include "dbgportctl/page/page.h"
#include "dbgportctl/timeline/axis.h"
#include "dbgportctl/timeline/palette.h"
#include "dbgportctl/timeline/timeline.h"
#include "lib/duration.h"

/* For those without a script; with it there are as many as have room. */
#define TICKS	4
/* Per cent of the axis that the text of a tick may need. */
#define ROOM	15
/* Up to so many marks are listed without being asked for. */
#define FEW	100

static double percent(const struct boot *boot, __s64 ns)
{
	return boot->total_ns ? 100.0 * ns / boot->total_ns : 0;
}

static void draw_phase_table(const struct boot *boot)
{
	fputs("<div class=\"scroll\"><table class=\"phases\">\n"
	      "<tr><th>Phase</th><th class=\"num wide\">begins, s</th><th class=\"num\">lasts</th>\n"
	      "<th class=\"num\">share</th><th class=\"num wide\">codes</th>\n"
	      "<th class=\"num wide\">lines</th></tr>\n", stdout);
	for (size_t i = 0; i < boot->phases; i++) {
		const struct phase *phase = &boot->phase[i];
		__s64 ns = phase->end_ns - phase->begin_ns;
		char begin[DURATION_SIZE], length[DURATION_SIZE];

		printf("<tr><td><span class=\"key c%d\"></span>", palette_index(phase->name));
		markup_text(phase->name);
		printf("</td><td class=\"num wide\">%s</td><td class=\"num\">%s</td>\n"
		       "<td class=\"num\">%.1f%%</td><td class=\"num wide\">%zu</td>\n"
		       "<td class=\"num wide\">%zu</td></tr>\n",
		       duration_seconds(begin, phase->begin_ns), duration_text(length, ns),
		       percent(boot, ns), phase->codes, phase->lines);
	}
	fputs("</table></div>\n", stdout);
}

static void draw_axis(const struct boot *boot)
{
	__s64 step = axis_step(boot->total_ns, TICKS);

	fputs("<div class=\"axis\">", stdout);
	for (__s64 ns = 0; ns <= boot->total_ns; ns += step) {
		char text[DURATION_SIZE];

		printf("<span%s style=\"left:%.4f%%\">%s</span>",
		       percent(boot, ns) > 100 - ROOM ? " class=\"before\"" : "",
		       percent(boot, ns), duration_on_scale(text, ns, step));
	}
	fputs("</div>\n", stdout);
}

static void draw_gaps(const struct boot *boot, const struct look *look)
{
	for (size_t i = 0; i < boot->marks; i++) {
		__s64 gap_ns = boot_gap(boot, i);
		char text[DURATION_SIZE];

		if (mark_ends_gap(boot, look, i))
			printf("<div class=\"gap\" style=\"left:%.4f%%;width:%.4f%%\"\n"
			       " data-tip=\"gap of %s\"></div>\n",
			       percent(boot, boot->mark[i].time_ns - gap_ns),
			       percent(boot, gap_ns), duration_text(text, gap_ns));
	}
}

static void draw_phases(const struct boot *boot)
{
	fputs("<div class=\"lane\">\n", stdout);
	for (size_t i = 0; i < boot->phases; i++) {
		const struct phase *phase = &boot->phase[i];
		__s64 ns = phase->end_ns - phase->begin_ns;
		char begin[DURATION_SIZE], end[DURATION_SIZE], length[DURATION_SIZE];

		printf("<div class=\"bar c%d\" tabindex=\"0\" style=\"left:%.4f%%;width:%.4f%%\"\n"
		       " data-tip=\"", palette_index(phase->name), percent(boot, phase->begin_ns),
		       percent(boot, ns));
		markup_text(phase->name);
		printf(": %s&#10;%s s to %s s&#10;codes: %zu, lines: %zu\">",
		       duration_text(length, ns), duration_seconds(begin, phase->begin_ns),
		       duration_seconds(end, phase->end_ns), phase->codes, phase->lines);
		/* No room for half a letter. */
		if (percent(boot, ns) > 2)
			markup_text(phase->name);
		fputs("</div>\n", stdout);
	}
	fputs("</div>\n", stdout);
}

static void draw_tick(const struct boot *boot, size_t i)
{
	const struct mark *mark = &boot->mark[i];
	char time[DURATION_SIZE], gap[DURATION_SIZE], label[MARK_LABEL_SIZE];

	printf("<i class=\"tick c%d\" style=\"left:%.4f%%\"%s data-tip=\"",
	       palette_index(boot->phase[mark->phase].name), percent(boot, mark->time_ns),
	       mark->type == MARK_CODE ? " tabindex=\"0\"" : "");
	markup_text(mark_label(label, mark));
	printf("&#10;%s s, %s after what was before\"></i>\n",
	       duration_seconds(time, mark->time_ns), duration_text(gap, boot_gap(boot, i)));
}

/* A lane for each port. */
static void draw_ports(const struct boot *boot)
{
	for (size_t i = 0; i < boot->marks; i++) {
		char port[PORT_TEXT_SIZE];
		size_t m = 0;

		while (boot->mark[m].port != boot->mark[i].port)
			m++;
		if (m < i)
			continue;
		printf("<div class=\"lane port\"><em>%s</em>\n",
		       mark_port(port, &boot->mark[i]));
		for (; m < boot->marks; m++) {
			if (boot->mark[m].port == boot->mark[i].port)
				draw_tick(boot, m);
		}
		fputs("</div>\n", stdout);
	}
}

static void draw_marks(const struct boot *boot, const struct look *look)
{
	printf("<details%s><summary>%zu marks</summary>\n<table class=\"marks\">\n"
	       "<tr><th class=\"num\">s</th><th class=\"num wide\">after</th>\n"
	       "<th class=\"wide\">port</th><th>what</th></tr>\n",
	       boot->marks <= FEW ? " open=\"\"" : "", boot->marks);
	for (size_t i = 0; i < boot->marks; i++) {
		const struct mark *mark = &boot->mark[i];
		char time[DURATION_SIZE], gap[DURATION_SIZE];
		char port[PORT_TEXT_SIZE], label[MARK_LABEL_SIZE];

		duration_text(gap, boot_gap(boot, i));
		if (mark_ends_gap(boot, look, i))
			printf("<tr class=\"hole\"><td></td><td class=\"wide\"></td>\n"
			       "<td class=\"wide\"></td><td>gap of %s</td></tr>\n", gap);
		printf("<tr%s><td class=\"num\">%s</td><td class=\"num wide\">%s</td>\n"
		       "<td class=\"wide\">%s</td><td><span class=\"key c%d\"></span>",
		       mark->type == MARK_CODE ? " class=\"code\"" : "",
		       duration_seconds(time, mark->time_ns), gap, mark_port(port, mark),
		       palette_index(boot->phase[mark->phase].name));
		markup_text(mark_label(label, mark));
		fputs("</td></tr>\n", stdout);
	}
	fputs("</table></details>\n", stdout);
}

static void draw_boot(const struct boot *boot, const struct look *look)
{
	char text[DURATION_SIZE], words[BOOT_REMARK_SIZE];
	const char *remark;

	fputs("<section class=\"boot\">\n<h2>", stdout);
	markup_text(boot->label);
	printf("<small>%s</small></h2>\n", duration_text(text, boot->total_ns));
	for (unsigned int n = 0; (remark = boot_remark(boot, n, words)); n++)
		printf("<p class=\"remark\">%s</p>\n", remark);
	if (boot->marks) {
		draw_phase_table(boot);
		printf("<div class=\"view\"><div class=\"track\" data-total=\"%lld\">\n",
		       boot->total_ns);
		draw_gaps(boot, look);
		draw_axis(boot);
		draw_phases(boot);
		draw_ports(boot);
		fputs("</div></div>\n", stdout);
		draw_marks(boot, look);
	}
	fputs("</section>\n", stdout);
}

static void print_palette(void)
{
	for (int i = 0; i < PALETTE_SIZE; i++)
		printf(".c%d { background-color: %s; }\n", i, palette_css[i]);
}

void timeline_html(const struct boots *boots, const struct look *look)
{
	page_begin("Boot timeline", print_palette);
	printf("<div class=\"tools\"><button data-zoom=\"0.5\" title=\"zoom out\">−</button>\n"
	       "<button data-zoom=\"2\" title=\"zoom in\">+</button></div>\n"
	       "<h1>Boot timeline</h1>\n"
	       "<div class=\"dim\">%zu boot%s;\n"
	       "time since the first vCPU was made, or the first write after a reset</div>\n",
	       boots->count, boots->count == 1 ? "" : "s");
	for (size_t i = 0; i < boots->count; i++)
		draw_boot(boots->boot[i], look);
	page_end();
}
