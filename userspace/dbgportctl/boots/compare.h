/* SPDX-License-Identifier: GPL-2.0 */
/* Many boots compared with each other, with what was, and with what must be. */
#ifndef DBGPORTCTL_BOOTS_COMPARE_H
#define DBGPORTCTL_BOOTS_COMPARE_H

#include "dbgportctl/boots/assert.h"
#include "dbgportctl/boots/boots.h"

/**
 * struct comparison - what is wanted
 * @show: one of the functions of boots.h
 * @output: the file to show it in; NULL: standard output
 * @save: the file that keeps the figures; NULL: none
 * @baseline: such a file, to compare with; NULL: none
 * @before: boots to compare with instead; NULL: none
 * @assertion, @assertions: what must be true
 */
struct comparison {
	void (*show)(const struct report *report);
	const char *output;
	const char *save;
	const char *baseline;
	const struct boots *before;
	struct assertion *assertion;
	size_t assertions;
};

/**
 * boots_compare() - show boots, and judge them
 * @boots: at least one, each with something in it
 * @c: how
 *
 * What does not hold is told.
 *
 * Return: an exit status; STATUS_FAILED too if an assertion does not hold.
 */
int boots_compare(const struct boots *boots, const struct comparison *c);

#endif /* DBGPORTCTL_BOOTS_COMPARE_H */
