// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportctl/boot/before.h"
#include "dbgportctl/page/markup.h"
#include "dbgportctl/timeline/axis.h"
#include "dbgportctl/timeline/palette.h"
#include "dbgportctl/timeline/timeline.h"
#include "lib/duration.h"

/* All in the units of the picture, which are pixels at its natural size. */
#define WIDTH		1200
#define MARGIN		24
#define LANES		140		/* where lanes begin; their names stand before */
#define RIGHT		(WIDTH - MARGIN)
#define TITLE		44
#define AXIS		24
#define ROW		22
#define LABEL		7		/* about the width of a letter */
#define PAUSE		32		/* between boots */

/* More codes than this get ticks without a row of their own. */
#define CODE_ROWS	48

static double x_of(const struct boot *boot, __s64 ns)
{
	return LANES + (boot->total_ns ? (double)ns / boot->total_ns * (RIGHT - LANES) : 0);
}

static size_t count_codes(const struct boot *boot)
{
	size_t codes = 0;

	for (size_t i = 0; i < boot->phases; i++)
		codes += boot->phase[i].codes;
	return codes;
}

static bool is_text(const struct mark *mark)
{
	return mark->type == MARK_LINE;
}

/* Whether mark @i is the first line of its port. */
static bool is_first_of_port(const struct boot *boot, size_t i)
{
	for (size_t m = 0; m < i; m++) {
		if (is_text(&boot->mark[m]) && boot->mark[m].port == boot->mark[i].port)
			return false;
	}
	return is_text(&boot->mark[i]);
}

static bool has_gap(const struct boot *boot, const struct look *look)
{
	for (size_t i = 0; i < boot->marks; i++) {
		if (mark_ends_gap(boot, look, i))
			return true;
	}
	return false;
}

static size_t count_rows(const struct boot *boot, const struct look *look)
{
	size_t rows = boot->phases + has_gap(boot, look), codes = count_codes(boot);

	rows += codes > CODE_ROWS ? 1 : codes;
	for (size_t i = 0; i < boot->marks; i++)
		rows += is_first_of_port(boot, i);
	return rows;
}

static double height_of(const struct boot *boot, const struct look *look)
{
	return TITLE + (boot->marks ? AXIS + ROW * (double)count_rows(boot, look) : 0) + PAUSE;
}

static void draw_remarks(const struct boot *boot, double y)
{
	char text[BOOT_REMARK_SIZE];
	const char *remark;

	if (!boot_remark(boot, 0, text))
		return;
	printf("<text class=\"remark\" x=\"%d\" y=\"%.0f\">", MARGIN, y);
	for (unsigned int n = 0; (remark = boot_remark(boot, n, text)); n++)
		printf("%s%s", n ? "; " : "", remark);
	fputs("</text>\n", stdout);
}

static void draw_title(const struct boot *boot, double y)
{
	char text[DURATION_SIZE];

	printf("<text class=\"vm\" x=\"%d\" y=\"%.0f\">", MARGIN, y + 20);
	markup_text(boot->label);
	printf("<tspan class=\"dim\" dx=\"12\">%s s", duration_seconds(text, boot->total_ns));
	for (enum before i = 0; i < BEFORES; i++) {
		__s64 ns = boot_before_ns(boot, i);

		if (ns >= 0)
			printf("%s %s %s", i ? "," : "; before:", before_name[i],
			       duration_text(text, ns));
	}
	fputs("</tspan></text>\n", stdout);
	draw_remarks(boot, y + 38);
}

static void draw_axis(const struct boot *boot, double y, double bottom)
{
	__s64 step = axis_step(boot->total_ns, 8);

	for (__s64 ns = 0; ns <= boot->total_ns; ns += step) {
		double x = x_of(boot, ns);
		char text[DURATION_SIZE];

		printf("<path class=\"grid\" d=\"M%.2f %.0fV%.0f\"/>", x, y + AXIS - 6, bottom);
		printf("<text class=\"dim\" text-anchor=\"%s\" x=\"%.2f\" y=\"%.0f\">%s</text>\n",
		       x > RIGHT - 30 ? "end" : "middle", x, y + 12,
		       duration_on_scale(text, ns, step));
	}
}

/* Text beside what reaches from @from to @to: where there is room for it. */
static void draw_beside(double from, double to, double y, const char *class, const char *text)
{
	bool right = to + LABEL * strlen(text) < RIGHT || from - LANES < RIGHT - to;

	printf("<text class=\"%s\" text-anchor=\"%s\" x=\"%.2f\" y=\"%.0f\">", class,
	       right ? "start" : "end", right ? to + 6 : from - 6, y + 15);
	markup_text(text);
	fputs("</text>\n", stdout);
}

static void draw_lane_name(double y, const char *name)
{
	printf("<text x=\"%d\" y=\"%.0f\">", MARGIN, y + 15);
	markup_text(name);
	fputs("</text>\n", stdout);
}

/* In the line between its ends, if there is room. */
static void draw_length(double from, double to, double y, const char *text)
{
	double half = LABEL * strlen(text) / 2.0 + 4, middle = (from + to) / 2;
	bool room = to - from > 2 * half + LABEL;

	printf("<path class=\"gap\" d=\"M%.2f %.0fv8m0 -4", from, y + 7);
	if (room)
		printf("H%.2fM%.2f %.0f", middle - half, middle + half, y + 11);
	printf("H%.2fm0 -4v8\"><title>gap of %s</title></path>\n", to, text);
	if (room)
		printf("<text class=\"dim\" text-anchor=\"middle\"\n"
		       " x=\"%.2f\" y=\"%.0f\">%s</text>\n", middle, y + 15, text);
}

static double draw_gaps(const struct boot *boot, const struct look *look, double y)
{
	if (!has_gap(boot, look))
		return y;
	draw_lane_name(y, "gaps");
	for (size_t i = 0; i < boot->marks; i++) {
		__s64 end_ns = boot->mark[i].time_ns, gap_ns = boot_gap(boot, i);
		char text[DURATION_SIZE];

		if (mark_ends_gap(boot, look, i))
			draw_length(x_of(boot, end_ns - gap_ns), x_of(boot, end_ns), y,
				    duration_text(text, gap_ns));
	}
	return y + ROW;
}

static double draw_phases(const struct boot *boot, double y)
{
	for (size_t i = 0; i < boot->phases; i++) {
		const struct phase *phase = &boot->phase[i];
		__s64 ns = phase->end_ns - phase->begin_ns;
		double from = x_of(boot, phase->begin_ns), to = x_of(boot, phase->end_ns);
		char text[DURATION_SIZE];

		draw_lane_name(y, phase->name);
		printf("<rect class=\"c%d\" rx=\"2\" x=\"%.2f\" y=\"%.0f\"\n"
		       " width=\"%.2f\" height=\"%d\"/>\n",
		       palette_index(phase), from, y + 3, to - from < 1.5 ? 1.5 : to - from,
		       ROW - 6);
		if (to - from > (RIGHT - LANES) / 2)
			printf("<text class=\"in\" x=\"%.2f\" y=\"%.0f\">%s</text>\n", from + 6,
			       y + 15, duration_text(text, ns));
		else
			draw_beside(from, to, y, "", duration_text(text, ns));
		y += ROW;
	}
	return y;
}

static void draw_tick(const struct boot *boot, const struct mark *mark, double y)
{
	char time[DURATION_SIZE], label[MARK_LABEL_SIZE];

	printf("<rect class=\"c%d\" x=\"%.2f\" y=\"%.0f\"\n"
	       " width=\"1.5\" height=\"%d\"><title>%s s  ",
	       palette_index(&boot->phase[mark->phase]), x_of(boot, mark->time_ns) - 0.75,
	       y + 4, ROW - 8, duration_seconds(time, mark->time_ns));
	markup_text(mark_label(label, mark));
	fputs("</title></rect>\n", stdout);
}

static double draw_codes(const struct boot *boot, double y)
{
	size_t codes = count_codes(boot);
	bool rows = codes <= CODE_ROWS, first = true;

	for (size_t i = 0; i < boot->marks; i++) {
		const struct mark *mark = &boot->mark[i];
		char label[MARK_LABEL_SIZE];
		double x = x_of(boot, mark->time_ns);

		if (mark->type != MARK_CODE)
			continue;
		if (first)
			draw_lane_name(y, "post");
		first = false;
		draw_tick(boot, mark, y);
		if (!rows)
			continue;
		draw_beside(x, x, y, "code", mark_label(label, mark));
		y += ROW;
	}
	return rows ? y : y + ROW;
}

static double draw_lines(const struct boot *boot, double y)
{
	for (size_t i = 0; i < boot->marks; i++) {
		char port[PORT_TEXT_SIZE];

		if (!is_first_of_port(boot, i))
			continue;
		draw_lane_name(y, mark_port(port, &boot->mark[i]));
		for (size_t m = i; m < boot->marks; m++) {
			if (is_text(&boot->mark[m]) && boot->mark[m].port == boot->mark[i].port)
				draw_tick(boot, &boot->mark[m], y);
		}
		y += ROW;
	}
	return y;
}

static void draw_boot(const struct boot *boot, const struct look *look, double y)
{
	double bottom = y + height_of(boot, look) - PAUSE;

	draw_title(boot, y);
	if (!boot->marks)
		return;
	y += TITLE;
	draw_axis(boot, y, bottom);
	y += AXIS;
	y = draw_phases(boot, y);
	y = draw_gaps(boot, look, y);
	y = draw_codes(boot, y);
	draw_lines(boot, y);
}

static void draw_style(void)
{
	fputs("<style>\n"
	      "text { font: 13px system-ui, sans-serif; fill: #222; white-space: pre }\n"
	      ".vm { font-size: 18px; font-weight: 600 }\n"
	      ".dim { fill: #666; font-size: 12px; font-weight: 400 }\n"
	      ".remark { fill: #a04000 }\n"
	      ".in { fill: #fff }\n"
	      ".page { fill: #fff }\n"
	      ".grid { stroke: #ddd; fill: none }\n"
	      ".gap { stroke: #666; fill: none }\n"
	      "@media (prefers-color-scheme: dark) {\n"
	      "text { fill: #e8e8e8 } .dim { fill: #aaa } .page { fill: #181a1e }\n"
	      ".grid { stroke: #3a3d44 } .gap { stroke: #aaa } .remark { fill: #f0a860 }\n"
	      "}\n", stdout);
	for (int i = 0; i < PALETTE_SIZE; i++)
		printf(".c%d { fill: %s }\n", i, palette_css[i]);
	fputs("</style>\n", stdout);
}

void timeline_svg(const struct boots *boots, const struct look *look)
{
	double height = MARGIN, y = MARGIN;

	for (size_t i = 0; i < boots->count; i++)
		height += height_of(boots->boot[i], look);
	printf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\"\n"
	       " width=\"%d\" height=\"%.0f\" role=\"img\">\n"
	       "<title>Boot timeline</title>\n", WIDTH, height, WIDTH, height);
	draw_style();
	fputs("<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n", stdout);
	for (size_t i = 0; i < boots->count; i++) {
		draw_boot(boots->boot[i], look, y);
		y += height_of(boots->boot[i], look);
	}
	fputs("</svg>\n", stdout);
}
