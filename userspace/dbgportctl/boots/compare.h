/* SPDX-License-Identifier: GPL-2.0 */
/* Many boots compared with each other, with what was, and with what must be. */
#ifndef DBGPORTCTL_BOOTS_COMPARE_H
#define DBGPORTCTL_BOOTS_COMPARE_H

#include "dbgportctl/boots/assert.h"
#include "dbgportctl/boots/boots.h"

/* An exit status: there are too few boots to tell. */
#define STATUS_FEW	3

/**
 * struct comparison - what is wanted
 * @show: one of the functions of boots.h
 * @output: the file to show it in; NULL: standard output
 * @save: the file that keeps the figures; NULL: none
 * @judges: it fails if some figure is slower
 * @assertion, @assertions: what must be true
 */
struct comparison {
	void (*show)(const struct report *report);
	const char *output;
	const char *save;
	bool judges;
	struct assertion *assertion;
	size_t assertions;
};

/**
 * boots_compare() - show boots, and judge them
 * @report: with its boots, at least one, or with what was kept of them, and with its
 *	baseline; the rest is made here.  To be freed by report_free()
 * @c: how
 *
 * What does not hold is told.
 *
 * Return: an exit status: STATUS_FAILED too if an assertion does not hold, or some figure
 * is slower; if it is neither, STATUS_FEW if there are too few boots to tell.
 */
int boots_compare(struct report *report, const struct comparison *c);

/* What was made, or read, for the report; not its boots. */
void report_free(struct report *report);

#endif /* DBGPORTCTL_BOOTS_COMPARE_H */
