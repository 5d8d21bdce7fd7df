// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/boot/all_phases.h"
#include "dbgportctl/boot/before.h"
#include "dbgportctl/boot/moment.h"
#include "dbgportctl/boot/said.h"
#include "dbgportctl/boots/each.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/table.h"
#include "lib/array.h"

static const char *const head[] = { "HOST", "VM", "BOOT", "BEGAN", "FIRMWARE", "KERNEL" };

/* And one for the total, and for each part of the time before the zero. */
#define MOST_PHASES	(TABLE_COLUMNS - ARRAY_SIZE(head) - BEFORES - 1)

static void add_text(struct table *t, const char *text)
{
	table_add(t, "%s", text && *text ? text : "-");
}

/* Less than 0: it is not known. */
static void add_ms(struct table *t, __s64 ns)
{
	char text[DURATION_SIZE];

	table_add(t, "%s", ns >= 0 ? ms_text(text, ns) : "-");
}

static void add_boot(struct table *t, const struct boot *boot, const struct all_phases *phases,
		     enum before befores, enum time_style time)
{
	char began[MOMENT_SIZE], said[SAID_SIZE];

	add_text(t, boot->host);
	add_text(t, boot->vm);
	table_add(t, "%u", boot->number);
	add_text(t, moment_text(began, boot, 0, time));
	add_text(t, boot_said(said, boot, SAID_FIRMWARE));
	add_text(t, boot_said(said, boot, SAID_KERNEL));
	for (enum before i = 0; i < befores; i++)
		add_ms(t, boot_before_ns(boot, i));
	for (size_t i = 0; i < phases->count; i++)
		add_ms(t, all_phases_ns(phases, i, boot));
	add_ms(t, boot->complete ? boot->total_ns : -1);
}

static void print_rows(const struct report *report, const struct all_phases *phases)
{
	enum before befores = boots_have_before(report->boots) ? BEFORES : 0;
	struct table t = { .columns = ARRAY_SIZE(head) + befores + phases->count + 1 };

	t.right[2] = true;
	for (size_t i = ARRAY_SIZE(head); i < t.columns; i++)
		t.right[i] = true;
	for (size_t i = 0; i < ARRAY_SIZE(head); i++)
		table_add(&t, "%s", head[i]);
	for (enum before i = 0; i < befores; i++)
		table_add(&t, "%s", before_name[i]);
	for (size_t i = 0; i < phases->count; i++)
		table_add(&t, "%s", phases->phase[i]->name);
	table_add(&t, "total");
	for (size_t i = 0; i < report->boots->count; i++)
		add_boot(&t, report->boots->boot[i], phases, befores,
			 report->time ?: STAMP_ISO8601);
	table_print(&t);
}

void each_text(const struct report *report)
{
	struct all_phases phases;

	all_phases_make(&phases, report->boots);
	if (phases.count > MOST_PHASES) {
		fail_warn("of %zu phases %zu are shown; --format csv has all", phases.count,
			  MOST_PHASES);
		phases.count = MOST_PHASES;
	}
	printf("%zu boot%s; times in milliseconds\n\n", report->boots->count,
	       report->boots->count == 1 ? "" : "s");
	print_rows(report, &phases);
	all_phases_free(&phases);
}
