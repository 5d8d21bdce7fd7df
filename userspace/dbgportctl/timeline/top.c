// SPDX-License-Identifier: GPL-2.0
/* The longest intervals between two marks, instead of all marks. */
#include <stdio.h>
#include <stdlib.h>

#include "dbgportctl/cli/colour.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/timeline/text.h"
#include "dbgportctl/timeline/timeline.h"
#include "lib/duration.h"

/* The interval that ends with mark @i of the boot. */
struct interval {
	__s64 ns;
	size_t i;
};

static int longest_first(const void *a, const void *b)
{
	const struct interval *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns > y->ns ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

static void print_mark(const struct boot *boot, const struct look *look, size_t i, int width)
{
	const struct mark *mark = &boot->mark[i];
	int left = width - text_time_width(look) - 10;
	char port[PORT_TEXT_SIZE], label[MARK_LABEL_SIZE];

	text_time(boot, look, mark->time_ns);
	printf(" %-8s ", mark_port(port, mark));
	text_cut(mark_label(label, mark), left < TEXT_LABEL_MIN ? TEXT_LABEL_MIN : left, false);
	putchar('\n');
}

static void print_zero(const struct boot *boot, const struct look *look)
{
	text_time(boot, look, 0);
	puts(" the boot's zero");
}

static void print_interval(const struct boot *boot, const struct interval *interval,
			   const struct look *look, int width)
{
	char text[DURATION_SIZE];

	fputs(colour(COLOUR_YELLOW), stdout);
	printf("+%s s %.1f%%\n", duration_seconds(text, interval->ns),
	       100.0 * interval->ns / boot->total_ns);
	fputs(colour(COLOUR_OFF), stdout);
	if (look->blame && interval->i)
		print_mark(boot, look, interval->i - 1, width);
	else if (look->blame)
		print_zero(boot, look);
	print_mark(boot, look, interval->i, width);
}

static void print_boot(const struct boot *boot, const struct look *look, int width)
{
	struct interval *interval = must(calloc(boot->marks + 1, sizeof(*interval)));
	size_t count = 0;

	text_head(boot, look, width);
	for (size_t i = 0; i < boot->marks; i++) {
		if (boot_gap(boot, i))
			interval[count++] = (struct interval){ boot_gap(boot, i), i };
	}
	qsort(interval, count, sizeof(*interval), longest_first);
	for (size_t i = 0; i < count && i < look->top; i++) {
		putchar('\n');
		print_interval(boot, &interval[i], look, width);
	}
	free(interval);
}

void timeline_top(const struct boots *boots, const struct look *look)
{
	int width = text_width();

	for (size_t i = 0; i < boots->count; i++) {
		if (i)
			putchar('\n');
		print_boot(boots->boot[i], look, width);
	}
}
