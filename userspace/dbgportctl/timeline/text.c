// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportctl/boot/before.h"
#include "dbgportctl/cli/colour.h"
#include "dbgportctl/timeline/palette.h"
#include "dbgportctl/timeline/text.h"
#include "dbgportctl/timeline/timeline.h"
#include "lib/duration.h"

/* Columns of the longest name that is shown whole; a name has a blank behind it. */
#define NAME_WIDTH	20
#define TIME_WIDTH	12
#define SHARE_WIDTH	8
#define GAP_WIDTH	11
#define PORT_WIDTH	8

static const char *colour_of(const struct phase *phase)
{
	static const char *const colours[PALETTE_HUES] = {
		COLOUR_GREY, COLOUR_BLUE, COLOUR_MAGENTA, COLOUR_YELLOW, COLOUR_GREEN, COLOUR_CYAN,
		COLOUR_RED,
	};

	return colours[palette_index(phase) / PALETTE_SHADES];
}

static void paint(const char *how)
{
	fputs(colour(how), stdout);
}

/* The column, of @width, in which a moment lies. */
static int column_of(const struct boot *boot, __s64 ns, int width)
{
	return boot->total_ns ? (double)ns / boot->total_ns * width : 0;
}

static void print_bar(const struct boot *boot, const struct phase *phase, int width)
{
	int from = column_of(boot, phase->begin_ns, width);
	int to = column_of(boot, phase->end_ns, width);

	/* The shortest one is to be seen too. */
	if (from >= width)
		from = width - 1;
	if (to == from)
		to++;
	printf("%*s", from, "");
	paint(colour_of(phase));
	for (int i = from; i < to; i++)
		fputs("█", stdout);
	paint(COLOUR_OFF);
	printf("%*s", width - to, "");
}

static int name_width(const struct boot *boot)
{
	int width = boot_before_ns(boot, BEFORE_VMM) < 0 ? 0 : strlen(before_name[BEFORE_VMM]);

	for (size_t i = 0; i < boot->phases; i++) {
		int len = strlen(boot->phase[i].name);

		if (len > width)
			width = len;
	}
	return width < NAME_WIDTH ? width : NAME_WIDTH;
}

/* What was before the zero is on another scale: it has no bar. */
static void print_before(const struct boot *boot, int name, int bar)
{
	for (enum before i = 0; i < BEFORES; i++) {
		__s64 ns = boot_before_ns(boot, i);
		char text[DURATION_SIZE];

		if (ns < 0)
			continue;
		text_cut(before_name[i], name, true);
		paint(COLOUR_DIM);
		printf(" %-*s", bar, "before");
		paint(COLOUR_OFF);
		printf("%*s s\n", TIME_WIDTH - 2, duration_seconds(text, ns));
	}
}

static void print_phases(const struct boot *boot, int width)
{
	int name = name_width(boot), bar = width - name - 1 - TIME_WIDTH - SHARE_WIDTH;

	print_before(boot, name, bar);
	for (size_t i = 0; i < boot->phases; i++) {
		const struct phase *phase = &boot->phase[i];
		__s64 ns = phase->end_ns - phase->begin_ns;
		char text[DURATION_SIZE];

		text_cut(phase->name, name, true);
		putchar(' ');
		print_bar(boot, phase, bar);
		printf("%*s s", TIME_WIDTH - 2, duration_seconds(text, ns));
		printf("%*.1f%%\n", SHARE_WIDTH - 1,
		       boot->total_ns ? 100.0 * ns / boot->total_ns : 0);
	}
}

/* Whether so much of the boot passed before mark @i that both sides are to be seen. */
static bool ends_pause(const struct boot *boot, size_t i)
{
	return boot_gap(boot, i) > boot->total_ns / 100;
}

/* Whether the mark is worth its line. */
static bool is_notable(const struct boot *boot, const struct look *look, size_t i)
{
	const struct mark *mark = &boot->mark[i];

	if (look->all || mark->type != MARK_LINE || !i || i == boot->marks - 1)
		return true;
	return mark->phase != mark[-1].phase || mark_ends_gap(boot, look, i) ||
	       ends_pause(boot, i) || ends_pause(boot, i + 1);
}

/* What begins a phase that nothing else tells, and where such lines begin and end. */
static bool is_notable_undated(const struct boot *boot, const struct look *look, size_t i)
{
	return look->all || boot->undated[i].begins || !i || i == boot->undateds - 1;
}

/* Columns that are left for what a line says. */
static int label_width(const struct look *look, int width)
{
	int left = width - (text_time_width(look) + 1 + GAP_WIDTH + 1 + PORT_WIDTH + 1);

	return left < TEXT_LABEL_MIN ? TEXT_LABEL_MIN : left;
}

static void print_undated(const struct boot *boot, const struct look *look, size_t i, int width)
{
	const struct undated *line = &boot->undated[i];

	printf("%*s ", text_time_width(look), "-");
	paint(COLOUR_BOLD);
	text_cut(line->begins ? line->component : "", GAP_WIDTH, true);
	paint(COLOUR_OFF);
	printf(" %-*s ", PORT_WIDTH, UNDATED_PORT);
	text_cut(line->text, label_width(look, width), false);
	putchar('\n');
}

static void print_mark(const struct boot *boot, const struct look *look, size_t i, int width)
{
	const struct mark *mark = &boot->mark[i];
	const char *how = colour_of(&boot->phase[mark->phase]);
	char gap[DURATION_SIZE], port[PORT_TEXT_SIZE], label[MARK_LABEL_SIZE];

	text_time(boot, look, mark->time_ns);
	putchar(' ');
	paint(COLOUR_DIM);
	printf("+%-*s ", GAP_WIDTH - 1, duration_seconds(gap, boot_gap(boot, i)));
	paint(COLOUR_OFF);
	paint(mark->type == MARK_LOST ? COLOUR_YELLOW : how);
	printf("%-*s ", PORT_WIDTH, mark_port(port, mark));
	paint(COLOUR_OFF);
	if (mark->type == MARK_CODE)
		paint(COLOUR_BOLD);
	text_cut(mark_label(label, mark), label_width(look, width), false);
	paint(COLOUR_OFF);
	putchar('\n');
}

static void print_gap(const struct boot *boot, const struct look *look, size_t i)
{
	char text[DURATION_SIZE];

	paint(COLOUR_YELLOW);
	printf("%*s┆ %s of nothing\n", text_time_width(look) - 3, "",
	       duration_text(text, boot_gap(boot, i)));
	paint(COLOUR_OFF);
}

/* Tell how many lines were passed over since it was told. */
static void print_passed(const struct look *look, size_t *count)
{
	if (!*count)
		return;
	paint(COLOUR_DIM);
	printf("%*s… %zu line%s\n", text_time_width(look) - 3, "", *count,
	       *count == 1 ? "" : "s");
	paint(COLOUR_OFF);
	*count = 0;
}

/* Those from number @i on that stand in front of mark @before.  Return: the next one. */
static size_t print_undateds(const struct boot *boot, const struct look *look, size_t i,
			     size_t before, size_t *passed, int width)
{
	for (; i < boot->undateds && boot->undated[i].before == before; i++) {
		if (!is_notable_undated(boot, look, i)) {
			(*passed)++;
			continue;
		}
		print_passed(look, passed);
		print_undated(boot, look, i, width);
	}
	return i;
}

static void print_marks(const struct boot *boot, const struct look *look, int width)
{
	size_t passed = 0, undated = 0;

	for (size_t i = 0; i < boot->marks; i++) {
		undated = print_undateds(boot, look, undated, i, &passed, width);
		if (!is_notable(boot, look, i)) {
			passed++;
			continue;
		}
		print_passed(look, &passed);
		if (mark_ends_gap(boot, look, i))
			print_gap(boot, look, i);
		print_mark(boot, look, i, width);
	}
	print_undateds(boot, look, undated, boot->marks, &passed, width);
}

static void print_boot(const struct boot *boot, const struct look *look, int width)
{
	text_head(boot, look, width);
	if (boot->marks) {
		putchar('\n');
		print_phases(boot, width);
	}
	if (boot->marks || boot->undateds)
		putchar('\n');
	print_marks(boot, look, width);
}

void timeline_text(const struct boots *boots, const struct look *look)
{
	int width = text_width();

	for (size_t i = 0; i < boots->count; i++) {
		if (i)
			putchar('\n');
		print_boot(boots->boot[i], look, width);
	}
}
