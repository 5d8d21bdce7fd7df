// SPDX-License-Identifier: GPL-2.0
#include "dbgportctl/boot/before.h"
#include "dbgportctl/boot/moment.h"
#include "dbgportctl/boot/said.h"
#include "dbgportctl/boots/each.h"
#include "dbgportctl/cli/writer.h"

static void write_before(const struct boot *boot)
{
	json_open("before", '[');
	for (enum before i = 0; i < BEFORES; i++) {
		__s64 ns = boot_before_ns(boot, i);

		if (ns < 0)
			continue;
		json_open(NULL, '{');
		json_text("name", before_name[i]);
		json_number("duration_ns", ns);
		json_close('}');
	}
	json_close(']');
}

static void write_phases(const struct boot *boot)
{
	json_open("phases", '[');
	for (size_t i = 0; i < boot->phases; i++) {
		const struct phase *phase = &boot->phase[i];

		json_open(NULL, '{');
		json_text("name", phase->name);
		json_number("duration_ns", phase->end_ns - phase->begin_ns);
		json_close('}');
	}
	json_close(']');
}

static void write_boot(const struct boot *boot)
{
	char began[MOMENT_SIZE], said[SAID_SIZE];

	json_open(NULL, '{');
	json_text("host", *boot->host ? boot->host : NULL);
	json_text("vm", boot->vm);
	json_number("vm_id", boot->id);
	json_number("boot", boot->number);
	json_text("realtime", moment_utc(began, boot));
	json_text("firmware", boot_said(said, boot, SAID_FIRMWARE));
	json_text("kernel", boot_said(said, boot, SAID_KERNEL));
	json_bool("late", boot->late);
	json_bool("restored", boot->restored);
	json_number("lost", boot->lost);
	write_before(boot);
	write_phases(boot);
	if (boot->complete)
		json_number("total_ns", boot->total_ns);
	else
		json_none("total_ns");
	json_close('}');
}

void each_json(const struct report *report)
{
	json_open(NULL, '[');
	for (size_t i = 0; i < report->boots->count; i++)
		write_boot(report->boots->boot[i]);
	json_close(']');
}
