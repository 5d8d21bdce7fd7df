// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/say.h"
#include "dbgportctl/cli/table.h"
#include "lib/utf8.h"

#define BOLD	"\033[1m"
#define PLAIN	"\033[m"

void table_add(struct table *t, const char *fmt, ...)
{
	char **cell = reallocarray(t->cell, t->count + 1, sizeof(*cell));
	va_list args;
	char *text;

	va_start(args, fmt);
	if (!cell || vasprintf(&text, fmt, args) < 0)
		exit(fail("no memory"));
	va_end(args);
	for (char *c = text; *c; c++) {
		if (!utf8_is_plain(*c))
			*c = '?';
	}
	t->cell = cell;
	t->cell[t->count++] = text;
}

static int width(const struct table *t, size_t column)
{
	size_t widest = 0;

	for (size_t i = column; i < t->count; i += t->columns) {
		size_t len = strlen(t->cell[i]);

		widest = len > widest ? len : widest;
	}
	return widest;
}

void table_print(struct table *t)
{
	const char *bold = has_colour() ? BOLD : "", *plain = has_colour() ? PLAIN : "";
	int widths[TABLE_COLUMNS];

	for (size_t i = 0; i < t->columns; i++)
		widths[i] = width(t, i);
	for (size_t i = 0; i < t->count; i++) {
		size_t column = i % t->columns;
		bool last = column == t->columns - 1;
		int pad = last && !t->right[column] ? 0 : widths[column];

		printf("%s%*s%s%s", i < t->columns ? bold : "",
		       t->right[column] ? pad : -pad, t->cell[i],
		       i < t->columns ? plain : "", last ? "\n" : "  ");
		free(t->cell[i]);
	}
	free(t->cell);
	t->cell = NULL;
	t->count = 0;
}
