// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/boots/compare.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"

static int save_figures(const struct report *report, const char *path)
{
	int status = output_to(path);

	if (status)
		return status;
	boots_save(report);
	return output_back();
}

static int show_figures(const struct report *report, const struct comparison *c)
{
	int status = c->save ? save_figures(report, c->save) : STATUS_OK;

	if (!status && c->output)
		status = output_to(c->output);
	if (status)
		return status;
	c->show(report);
	return output_flush();
}

/* Expressions about the baseline share what is wrong by chance. */
static double alarms_of(const struct comparison *c)
{
	size_t count = 0;

	for (size_t i = 0; i < c->assertions; i++)
		count += c->assertion[i].to_baseline;
	return CHANGES_ALARMS / (count ?: 1);
}

/* What does not hold is told. */
static enum holding judge_assertions(const struct report *report, const struct comparison *c)
{
	const struct judged judged = {
		.boots = report->boots,
		.now = &report->now,
		.before = &report->baseline,
		.alarms = alarms_of(c),
	};
	enum holding all = ASSERTION_HOLDS;

	for (size_t i = 0; i < c->assertions; i++) {
		char reason[256];
		enum holding one = assertion_holds(&c->assertion[i], &judged, reason,
						   sizeof(reason));

		if (one == ASSERTION_FAILS)
			fail("%s does not hold: %s", c->assertion[i].text, reason);
		else if (one == ASSERTION_UNKNOWN)
			fail("%s: %s", c->assertion[i].text, reason);
		all = one > all ? one : all;
	}
	return all;
}

/* It is the total that must not be left open: a rare phase may be. */
static enum holding judge_changes(const struct changes *changes)
{
	const struct change *total = changes_of(changes, FIGURE_TOTAL);

	for (size_t i = 0; i < changes->count; i++) {
		if (changes->change[i].verdict == VERDICT_SLOWER)
			return ASSERTION_FAILS;
	}
	return total && total->verdict != VERDICT_UNKNOWN ? ASSERTION_HOLDS : ASSERTION_UNKNOWN;
}

static int judge(const struct report *report, const struct comparison *c)
{
	static const int statuses[] = {
		[ASSERTION_HOLDS] = STATUS_OK,
		[ASSERTION_UNKNOWN] = STATUS_FEW,
		[ASSERTION_FAILS] = STATUS_FAILED,
	};
	enum holding all = judge_assertions(report, c);
	enum holding changes = c->judges ? judge_changes(&report->changes) : ASSERTION_HOLDS;

	return statuses[changes > all ? changes : all];
}

int boots_compare(struct report *report, const struct comparison *c)
{
	int status;

	if (report->boots) {
		figures_make(&report->figures, report->boots);
		baseline_make(&report->now, &report->figures);
	}
	changes_make(&report->changes, &report->baseline, &report->now);
	status = show_figures(report, c);
	return status ?: judge(report, c);
}

void report_free(struct report *report)
{
	changes_free(&report->changes);
	baseline_free(&report->now);
	baseline_free(&report->baseline);
	figures_free(&report->figures);
}
