// SPDX-License-Identifier: GPL-2.0
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "dbgportctl/cli/colour.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/cli/table.h"
#include "lib/utf8.h"

/* What is no text, or would do something on a terminal, becomes question marks. */
static void make_harmless(char *text)
{
	size_t len;

	for (char *c = text; *c; c += len) {
		len = utf8_char(c, strlen(c));
		if (!len || utf8_is_control(c)) {
			len = len ?: 1;
			memset(c, '?', len);
		}
	}
}

/* Terminals give some characters two columns, and some none. */
static size_t columns_of(const char *text)
{
	static locale_t utf8;
	size_t n = 0, len;
	locale_t before;

	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	if (!utf8)
		return strlen(text);
	before = uselocale(utf8);
	for (; *text; text += len) {
		wchar_t c;
		int width;

		len = utf8_char(text, strlen(text));
		width = mbtowc(&c, text, len) > 0 ? wcwidth(c) : 1;
		n += width < 0 ? 1 : width;
	}
	uselocale(before);
	return n;
}

void table_add(struct table *t, const char *fmt, ...)
{
	char *text;
	va_list args;

	va_start(args, fmt);
	text = must(vasprintf(&text, fmt, args) < 0 ? NULL : text);
	va_end(args);
	make_harmless(text);
	t->cell = grow(t->cell, t->count, sizeof(*t->cell));
	t->cell[t->count++] = text;
}

static int width(const struct table *t, size_t column)
{
	size_t widest = 0;

	for (size_t i = column; i < t->count; i += t->columns) {
		size_t n = columns_of(t->cell[i]);

		widest = n > widest ? n : widest;
	}
	return widest;
}

void table_print(struct table *t)
{
	int widths[TABLE_COLUMNS];

	for (size_t i = 0; i < t->columns; i++)
		widths[i] = width(t, i);
	for (size_t i = 0; i < t->count; i++) {
		size_t column = i % t->columns;
		bool last = column == t->columns - 1;
		int pad = widths[column] - columns_of(t->cell[i]);
		bool right = t->right[column];

		printf("%s%*s%s%*s%s%s", i < t->columns ? colour(COLOUR_BOLD) : "",
		       right ? pad : 0, "", t->cell[i], right || last ? 0 : pad, "",
		       i < t->columns ? colour(COLOUR_OFF) : "", last ? "\n" : "  ");
		free(t->cell[i]);
	}
	free(t->cell);
	t->cell = NULL;
	t->count = 0;
}
