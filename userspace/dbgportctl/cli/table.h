/* SPDX-License-Identifier: GPL-2.0 */
/* Columns of text, as wide as what stands in them. */
#ifndef DBGPORTCTL_CLI_TABLE_H
#define DBGPORTCTL_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#define TABLE_COLUMNS	18

/* What is left of a cell that is cut has so many columns at least, … being one of them. */
#define TABLE_CUT_MIN	8

/**
 * struct table - rows of cells
 * @columns: how many, up to TABLE_COLUMNS
 * @right: per column: numbers, that stand at its right end
 * @most: columns of a terminal that a row may take; 0: as many as it needs
 * @cut: the column whose cells are cut where that is not enough, down to TABLE_CUT_MIN
 * @cell: private: of all rows, each @columns
 * @count: private: of @cell
 */
struct table {
	size_t columns;
	bool right[TABLE_COLUMNS];
	size_t most;
	size_t cut;
	char **cell;
	size_t count;
};

/* One more cell, row by row; of what is no plain ASCII a '?' is shown. */
void table_add(struct table *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Print the table, its first row as the head, and free its cells. */
void table_print(struct table *t);

#endif /* DBGPORTCTL_CLI_TABLE_H */
