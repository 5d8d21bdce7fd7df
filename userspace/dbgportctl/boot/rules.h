/* SPDX-License-Identifier: GPL-2.0 */
/* What makes a boot of what came in order: tables, and where boots end. */
#ifndef DBGPORTCTL_BOOT_RULES_H
#define DBGPORTCTL_BOOT_RULES_H

#include <linux/types.h>

#include "dbgportctl/boot/boot.h"
#include "dbgportctl/boot/tables.h"

/**
 * struct boot_rules - as a command line says
 * @tables: what codes and texts mean
 * @until: boots end with the first of these codes; -1: with their last mark
 */
struct boot_rules {
	struct tables tables;
	__s64 until;
};

/**
 * boot_rules_load() - read what there is to be read
 * @rules: filled in; to be freed by boot_rules_free(), on failure too
 * @table: POST codes are named by this table, as codes_load() takes it; NULL: none was
 *	chosen
 * @until: "0x7f"; NULL: there is no such code
 *
 * Return: STATUS_OK, or what went wrong, after it has been told.
 */
int boot_rules_load(struct boot_rules *rules, const char *table, const char *until);
void boot_rules_free(struct boot_rules *rules);

/* The table that codes are named by as they are read. */
const struct codes *boot_rules_codes(const struct boot_rules *rules);

/* Find out what the marks of @boot mean, its end and its phases; it is in order. */
void boot_rules_apply(const struct boot_rules *rules, struct boot *boot);

#endif /* DBGPORTCTL_BOOT_RULES_H */
