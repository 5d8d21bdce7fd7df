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

/* Behind what was cut. */
#define CUT	"…"

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
static size_t columns_of_char(const char *text, size_t len)
{
	static locale_t utf8;
	locale_t before;
	wchar_t c;
	int n;

	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	if (!utf8)
		return len;
	before = uselocale(utf8);
	n = mbtowc(&c, text, len) > 0 ? wcwidth(c) : 1;
	uselocale(before);
	return n < 0 ? 1 : n;
}

static size_t columns_of(const char *text)
{
	size_t n = 0, len;

	for (; *text; text += len) {
		len = utf8_char(text, strlen(text));
		n += columns_of_char(text, len);
	}
	return n;
}

/* The cell, or as much of it as @most columns have room for, with … behind. */
static char *cut(char *cell, size_t most)
{
	size_t at = 0, len, n = 0;

	if (columns_of(cell) <= most)
		return cell;
	for (;; at += len) {
		len = utf8_char(cell + at, strlen(cell + at));
		n += columns_of_char(cell + at, len);
		if (n >= most)
			break;
	}
	cell = must(realloc(cell, at + sizeof(CUT)));
	memcpy(cell + at, CUT, sizeof(CUT));
	return cell;
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

/* Cut what is to be cut, if @all columns of a row are too many. */
static void fit(struct table *t, size_t all)
{
	size_t is = width(t, t->cut), most;

	if (!t->most || all <= t->most)
		return;
	most = is > all - t->most ? is - (all - t->most) : 0;
	most = most < TABLE_CUT_MIN ? TABLE_CUT_MIN : most;
	for (size_t i = t->cut; i < t->count; i += t->columns)
		t->cell[i] = cut(t->cell[i], most);
}

void table_print(struct table *t)
{
	size_t all = 2 * (t->columns - 1);
	int widths[TABLE_COLUMNS];

	for (size_t i = 0; i < t->columns; i++)
		all += width(t, i);
	fit(t, all);
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
