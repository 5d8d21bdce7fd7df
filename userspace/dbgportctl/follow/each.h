/* SPDX-License-Identifier: GPL-2.0 */
/* The last lines of each VM, one VM after the other; then what comes. */
#ifndef DBGPORTCTL_FOLLOW_EACH_H
#define DBGPORTCTL_FOLLOW_EACH_H

#include <stddef.h>

#include "dbgportctl/follow/form.h"
#include "dbgportctl/follow/print.h"

struct each_vm;

/**
 * struct each - what is printed
 * @print: what comes after each_kept()
 * @lines: of each VM are kept until then
 * @kept: it has been called
 * @vm, @vms: private: what is kept
 */
struct each {
	struct print print;
	size_t lines;
	bool kept;
	struct each_vm *vm;
	size_t vms;
};

/**
 * each_init() - begin with nothing
 * @each: filled in; must not be moved
 * @form: how entries are shown; must stay
 * @lines: how many of each VM are kept
 *
 * Return: a formatter for the entries of each VM.
 */
struct formatter each_init(struct each *each, const struct form *form, size_t lines);

/* For struct follow, where @arg is a struct each: */

/* Keep an entry, or print it; its formatter is for one VM, as follow() has it. */
void each_entry(void *arg, struct formatter *f, const struct entry *entry);

/* Let all go out that was printed. */
void each_turn(void *arg);

/* Print what is kept, VMs in the order of their ids, and from now on all that comes. */
void each_kept(void *arg);

#endif /* DBGPORTCTL_FOLLOW_EACH_H */
