// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "lib/help.h"

#define COLUMNS	80

/* Columns that @n bytes of UTF-8 take, in the letters that help is written with. */
static int columns(const char *s, size_t n)
{
	int count = 0;

	while (n--)
		count += (*s++ & 0xc0) != 0x80;
	return count;
}

void help_entry(FILE *to, const char *head, int column, const char *text)
{
	int at = 2 + columns(head, strlen(head));

	fprintf(to, "  %s", head);
	if (at + 2 > column)
		at = COLUMNS;
	else
		at += fprintf(to, "%*s", column - at, "");

	while (*text) {
		size_t n = strcspn(text, " ");
		int width = columns(text, n);
		int space = at > column;

		if (at + space + width > COLUMNS) {
			fprintf(to, "\n%*s", column, "");
			at = column;
			space = 0;
		}
		fprintf(to, "%*s%.*s", space, "", (int)n, text);
		at += space + width;
		text += n;
		text += strspn(text, " ");
	}
	fputc('\n', to);
}
