/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Many boots compared: their figures, a file for each way to show them on standard
 * output, and what must be true of them.  Boots come in finished; what happened in
 * one of them, beyond how long it took, does not enter here.
 */
#ifndef DBGPORTCTL_BOOTS_BOOTS_H
#define DBGPORTCTL_BOOTS_BOOTS_H

#include "dbgportctl/boots/baseline.h"
#include "dbgportctl/boots/changes.h"
#include "dbgportctl/boots/figures.h"
#include "lib/duration.h"
#include "words/style.h"

/**
 * struct report - what there is to show
 * @boots: them; NULL: they are gone, and @now is what was kept of them
 * @figures: of them, if they are there
 * @baseline: what to compare with; nothing in it: nothing
 * @now: the figures as that has them
 * @changes: from @baseline to @now
 * @time: how to show when boots began; STAMP_NONE: as it is usual there
 */
struct report {
	const struct boots *boots;
	struct figures figures;
	struct baseline baseline;
	struct baseline now;
	struct changes changes;
	enum time_style time;
};

void boots_text(const struct report *report);
void boots_json(const struct report *report);
/* The same, with what baseline_read() needs of each boot. */
void boots_save(const struct report *report);
void boots_csv(const struct report *report);
void boots_html(const struct report *report);
void boots_openmetrics(const struct report *report);

/* The changes alone, for which the boots need not be there. */
void changes_text(const struct report *report);
void changes_json(const struct report *report);
void changes_csv(const struct report *report);

/* "+3.2%": from @before to @now, in @text, which is returned. */
#define CHANGE_SIZE	16
const char *change_text(char text[CHANGE_SIZE], __s64 before, __s64 now);

/* "12.345": milliseconds, in @text, which is returned. */
const char *ms_text(char text[DURATION_SIZE], __s64 ns);

#endif /* DBGPORTCTL_BOOTS_BOOTS_H */
