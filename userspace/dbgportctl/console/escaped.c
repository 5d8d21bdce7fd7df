// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportctl/console/escaped.h"
#include "lib/escape.h"

/* At a time. */
#define PART	256

static void print_text(const char *text, size_t n)
{
	char shown[(SGR_MAX + PART) * ESCAPE_MAX];

	fwrite(shown, 1, escape(shown, text, n), stdout);
}

/* A line, or the beginning of one, without the carriage returns at its end. */
static void print_line(const char *text, size_t n)
{
	while (n && text[n - 1] == '\r')
		n--;
	print_text(text, n);
	putchar('\n');
}

/* Bytes at the end that only what follows tells how to show. */
static size_t count_unfinished(const char *text, size_t n)
{
	size_t len = escape_unfinished(text, n);

	/* Of several carriage returns, all may belong to a line end. */
	while (len && len < n && len < SGR_MAX && text[n - 1] == '\r' && text[n - len - 1] == '\r')
		len++;
	return len;
}

static void print_part(struct escaped *e, const char *data, size_t n)
{
	char all[SGR_MAX + PART], *text = all, *end;

	memcpy(all, e->held, e->len);
	memcpy(all + e->len, data, n);
	n += e->len;
	while ((end = memchr(text, '\n', n))) {
		print_line(text, end - text);
		n -= end + 1 - text;
		text = end + 1;
	}
	e->len = count_unfinished(text, n);
	print_text(text, n - e->len);
	memcpy(e->held, text + n - e->len, e->len);
}

void escaped_print(struct escaped *e, const char *data, size_t n)
{
	while (n) {
		size_t part = n < PART ? n : PART;

		print_part(e, data, part);
		data += part;
		n -= part;
	}
}
