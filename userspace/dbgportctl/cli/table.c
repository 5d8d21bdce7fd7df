// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/colour.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/cli/table.h"
#include "lib/utf8.h"

void table_add(struct table *t, const char *fmt, ...)
{
	char *text;
	va_list args;

	va_start(args, fmt);
	text = must(vasprintf(&text, fmt, args) < 0 ? NULL : text);
	va_end(args);
	for (char *c = text; *c; c++) {
		if (!utf8_is_plain(*c))
			*c = '?';
	}
	t->cell = grow(t->cell, t->count, sizeof(*t->cell));
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
	int widths[TABLE_COLUMNS];

	for (size_t i = 0; i < t->columns; i++)
		widths[i] = width(t, i);
	for (size_t i = 0; i < t->count; i++) {
		size_t column = i % t->columns;
		bool last = column == t->columns - 1;
		int pad = last && !t->right[column] ? 0 : widths[column];

		printf("%s%*s%s%s", i < t->columns ? colour(COLOUR_BOLD) : "",
		       t->right[column] ? pad : -pad, t->cell[i],
		       i < t->columns ? colour(COLOUR_OFF) : "", last ? "\n" : "  ");
		free(t->cell[i]);
	}
	free(t->cell);
	t->cell = NULL;
	t->count = 0;
}
