/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entries on standard output.  Printing waits for the process that reads there:
 * what is overwritten meanwhile, the module tells.
 */
#ifndef DBGPORTCTL_FOLLOW_PRINT_H
#define DBGPORTCTL_FOLLOW_PRINT_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "dbgportctl/follow/form.h"
#include "words/format.h"

/**
 * struct print - what is printed
 * @form: how
 * @clock: how the wall clock is set
 * @host: what this host is called
 * @unfinished: whose line stands there without its end
 * @keeps: only the last @keep_lines lines are kept, to be printed later
 * @kept, @kept_len, @kept_size: these
 */
struct print {
	const struct form *form;
	struct stamp_clock clock;
	struct hostname host;
	const void *unfinished;
	bool keeps;
	size_t keep_lines;
	char *kept;
	size_t kept_len;
	size_t kept_size;
};

/**
 * print_init() - begin with nothing
 * @p: filled in; must not be moved
 * @form: how entries are shown; must stay
 *
 * Return: a formatter for the entries of each VM.
 */
struct formatter print_init(struct print *p, const struct form *form);

/* From now on keep only the last @lines lines, until print_kept(). */
void print_keep(struct print *p, size_t lines);

/* For struct follow, where @arg is a struct print: */

/* Print an entry, if it is one that the format shows. */
void print_entry(void *arg, struct formatter *f, const struct entry *entry);

/* Print that @bytes of what comes here were dropped by a dbgportd. */
void print_dropped(struct print *p, struct formatter *f, __u64 bytes);

/* Let all go out that was printed. */
void print_turn(void *arg);

/* Forget what is kept, and from now on print all that comes. */
void print_drop(struct print *p);

/* Print what is kept, and from now on all that comes. */
void print_kept(void *arg);

#endif /* DBGPORTCTL_FOLLOW_PRINT_H */
