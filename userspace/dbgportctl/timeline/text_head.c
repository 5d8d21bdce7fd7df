// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/moment.h"
#include "dbgportctl/cli/colour.h"
#include "dbgportctl/cli/terminal.h"
#include "dbgportctl/timeline/text.h"
#include "lib/duration.h"
#include "lib/number.h"

#define MIN_WIDTH	50
#define TIME_WIDTH	12

int text_width(void)
{
	const char *columns = getenv("COLUMNS");
	__u64 width = terminal_columns(0);

	if (!width) {
		width = TERMINAL_WIDTH;
		if (columns)
			number_parse(columns, NUMBER_DECIMAL, 0, INT_MAX, &width);
	}
	return width < MIN_WIDTH ? MIN_WIDTH : width;
}

static bool begins_character(char c)
{
	return (c & 0xc0) != 0x80;
}

void text_cut(const char *text, int width, bool fill)
{
	size_t fits = 0, n = 0;
	int columns = 0;

	while (text[n] && columns <= width) {
		do {
			n++;
		} while (!begins_character(text[n]));
		columns++;
		if (columns < width)
			fits = n;
	}
	if (columns > width) {
		printf("%.*s…", (int)fits, text);
		return;
	}
	fputs(text, stdout);
	if (fill)
		printf("%*s", width - columns, "");
}

/* Words of one column a byte, on as many lines as they need. */
static void print_wrapped(const char *text, int width)
{
	while ((int)strlen(text) > width) {
		int n = width;

		while (n > 1 && text[n] != ' ')
			n--;
		printf("%.*s\n", n, text);
		text += n + (text[n] == ' ');
	}
	puts(text);
}

static void print_remarks(const struct boot *boot, int width)
{
	char text[BOOT_REMARK_SIZE];
	const char *remark;

	fputs(colour(COLOUR_YELLOW), stdout);
	for (unsigned int n = 0; (remark = boot_remark(boot, n, text)); n++)
		print_wrapped(remark, width);
	fputs(colour(COLOUR_OFF), stdout);
}

int text_time_width(const struct look *look)
{
	return look->time ? moment_width(look->time) : TIME_WIDTH;
}

void text_time(const struct boot *boot, const struct look *look, __s64 time_ns)
{
	char moment[MOMENT_SIZE], seconds[DURATION_SIZE];

	printf("%*s", text_time_width(look),
	       look->time ? moment_text(moment, boot, time_ns, look->time) :
			    duration_seconds(seconds, time_ns));
}

void text_head(const struct boot *boot, const struct look *look, int width)
{
	char text[DURATION_SIZE], began[MOMENT_SIZE];

	fputs(colour(COLOUR_BOLD), stdout);
	fputs(boot->label, stdout);
	fputs(colour(COLOUR_OFF), stdout);
	printf("  %s s in all", duration_seconds(text, boot->total_ns));
	if (look->time)
		printf(", from %s", moment_text(began, boot, 0, look->time));
	putchar('\n');
	print_remarks(boot, width);
}
