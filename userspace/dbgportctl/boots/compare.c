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
	boots_json(report);
	return output_back();
}

static int show_figures(const struct boots *boots, const struct comparison *c)
{
	struct report report = { .boots = boots };
	char why[512];
	int status = STATUS_OK;

	figures_make(&report.figures, boots);
	if (c->baseline && baseline_read(&report.baseline, c->baseline, why, sizeof(why)))
		status = fail("%s", why);
	if (!status && c->save)
		status = save_figures(&report, c->save);
	if (!status && c->output)
		status = output_to(c->output);
	if (!status) {
		c->show(&report);
		status = output_flush();
	}
	baseline_free(&report.baseline);
	figures_free(&report.figures);
	return status;
}

/* Whether all hold; what does not is told. */
static bool judge(const struct boots *boots, const struct comparison *c)
{
	bool all = true;

	for (size_t i = 0; i < c->assertions; i++) {
		char reason[256];

		if (assertion_holds(&c->assertion[i], boots, reason, sizeof(reason)))
			continue;
		fail("%s does not hold: %s", c->assertion[i].text, reason);
		all = false;
	}
	return all;
}

int boots_compare(const struct boots *boots, const struct comparison *c)
{
	int status = show_figures(boots, c);

	if (!status && !judge(boots, c))
		status = STATUS_FAILED;
	return status;
}
