// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "lib/help.h"

#define COLUMNS	80
/* Where a head goes on that needs a second line. */
#define HEAD_GOES_ON	8

/* Columns that @n bytes of UTF-8 take, in the letters that help is written with. */
static int columns(const char *s, size_t n)
{
	int count = 0;

	while (n--)
		count += (*s++ & 0xc0) != 0x80;
	return count;
}

/* A line ends behind a |, where there is need for it.  Return: the column behind the head. */
static int put_head(FILE *to, const char *head)
{
	int at = fprintf(to, "  ");

	while (*head) {
		size_t n = strcspn(head, "|");
		int width;

		n += head[n] == '|';
		width = columns(head, n);
		if (at + width > COLUMNS)
			at = fprintf(to, "\n%*s", HEAD_GOES_ON, "") - 1;
		fprintf(to, "%.*s", (int)n, head);
		at += width;
		head += n;
	}
	return at;
}

void help_entry(FILE *to, const char *head, int column, const char *text)
{
	int at = put_head(to, head);

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
