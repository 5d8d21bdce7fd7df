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

/* Whether all hold; what does not is told. */
static bool judge(const struct report *report, const struct comparison *c)
{
	bool all = true;

	for (size_t i = 0; i < c->assertions; i++) {
		char reason[256];

		if (assertion_holds(&c->assertion[i], report->boots, &report->baseline, reason,
				    sizeof(reason)))
			continue;
		fail("%s does not hold: %s", c->assertion[i].text, reason);
		all = false;
	}
	return all;
}

int boots_compare(const struct boots *boots, const struct comparison *c)
{
	struct report report = { .boots = boots };
	char why[512];
	int status = STATUS_OK;

	if (c->baseline && baseline_read(&report.baseline, c->baseline, why, sizeof(why)))
		status = fail("%s", why);
	if (c->before)
		baseline_make(&report.baseline, c->before);
	figures_make(&report.figures, boots);
	if (!status)
		status = show_figures(&report, c);
	if (!status && !judge(&report, c))
		status = STATUS_FAILED;
	figures_free(&report.figures);
	baseline_free(&report.baseline);
	return status;
}
