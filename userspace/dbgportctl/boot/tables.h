/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All tables of codes and texts at once: those of the host's own (CODES_DIR), and ours.
 *
 * Codes mean what one of them says, or the default one.  Texts contradict each other
 * rarely, so they mean what any of them says, by the longest text that fits.
 */
#ifndef DBGPORTCTL_BOOT_TABLES_H
#define DBGPORTCTL_BOOT_TABLES_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/codes.h"

/**
 * struct tables - what codes and texts mean
 * @table: all of them; those of the user come first
 * @count: of @table
 * @given: the one that the user chose for codes; NULL: the firmware's, if it is
 *	recognised
 * @standard: that of cloud-hypervisor
 */
struct tables {
	struct codes **table;
	size_t count;
	const struct codes *given;
	const struct codes *standard;
};

/**
 * tables_load() - read them
 * @tables: filled in; to be freed by tables_free(), on failure too
 * @dir: where the host's own are; none are if it is not there
 * @given: a table as codes_load() takes it; NULL: none was chosen
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int tables_load(struct tables *tables, const char *dir, const char *given, char *why, size_t size);
void tables_free(struct tables *tables);

/* The component that says a line, or NULL; as long as the tables. */
const char *tables_text(const struct tables *tables, const char *line);

/* The part of the software stack that @component belongs to, or NULL; static. */
const char *tables_part(const struct tables *tables, const char *component);

#endif /* DBGPORTCTL_BOOT_TABLES_H */
