// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportctl/boot/phases.h"
#include "dbgportctl/cli/memory.h"
#include "lib/part.h"

#define CUSTOM	"Custom"

static struct phase *last_phase(struct boot *boot)
{
	return &boot->phase[boot->phases - 1];
}

static void begin_phase(struct boot *boot, const char *name, const char *part, __s64 time_ns)
{
	/* After a reset nothing is known of what was before the first write. */
	if (boot->phases == 1 && boot->number > 1 && !time_ns)
		boot->phases = 0;
	if (boot->phases)
		last_phase(boot)->end_ns = time_ns;
	boot->phase = grow(boot->phase, boot->phases, sizeof(*boot->phase));
	boot->phase[boot->phases++] = (struct phase){
		.name = name,
		.part = part,
		.begin_ns = time_ns,
	};
}

/* A line on the firmware's port that no table knows. */
static bool is_firmware_line(const struct mark *mark)
{
	return mark->type == MARK_LINE && !mark->component && mark->port == DBGPORT_FIRMWARE_PORT;
}

const char *mark_part(const struct mark *mark)
{
	return is_firmware_line(mark) ? part_name(0) : mark->part;
}

/* Custom counts from this mark on: the last beginning of a later part. */
static size_t custom_from(const struct boot *boot)
{
	size_t from = 0;
	int highest = -1;

	for (size_t i = 0; i < boot->marks; i++) {
		int rank = part_rank(mark_part(&boot->mark[i]));

		if (rank > highest) {
			highest = rank;
			from = i;
		}
	}
	return from;
}

/**
 * struct making - how far phases are made
 * @boot: its marks are looked at one by one
 * @custom: from which one on Custom counts
 * @highest: the rank of the latest part that has begun; -1: none
 */
struct making {
	struct boot *boot;
	size_t custom;
	int highest;
};

/* After a reset the first phase may stand in the place of Start. */
static bool has_begun(const struct boot *boot)
{
	return boot->phases > 1 || strcmp(boot->phase[0].name, BOOT_START);
}

/* What a phase that begins with mark @i is called, or NULL: none does. */
static const char *new_phase(const struct making *m, size_t i)
{
	const struct mark *mark = &m->boot->mark[i];
	int rank = part_rank(mark->part);

	if (is_firmware_line(mark))
		return has_begun(m->boot) ? NULL : part_name(0);
	if (!mark->component || boot_phase(m->boot, mark->component))
		return NULL;
	/* A part that is over. */
	if (rank >= 0 && rank < m->highest)
		return NULL;
	/* The part as a whole: something in it has begun already. */
	if (part_rank(mark->component) >= 0 && rank == m->highest)
		return NULL;
	if (!strcmp(mark->component, CUSTOM) && i < m->custom)
		return NULL;
	return mark->component;
}

void boot_make_phases(struct boot *boot)
{
	struct making m = { .boot = boot, .custom = custom_from(boot), .highest = -1 };

	begin_phase(boot, BOOT_START, NULL, 0);
	for (size_t i = 0; i < boot->marks; i++) {
		struct mark *mark = &boot->mark[i];
		const char *name = new_phase(&m, i);
		int rank = part_rank(mark_part(mark));

		if (name)
			begin_phase(boot, name, mark_part(mark), mark->time_ns);
		if (name && rank > m.highest)
			m.highest = rank;
		mark->phase = boot->phases - 1;
		last_phase(boot)->codes += mark->type == MARK_CODE;
		last_phase(boot)->lines += mark->type == MARK_LINE;
	}
	boot->total_ns = boot->marks ? boot->mark[boot->marks - 1].time_ns : 0;
	last_phase(boot)->end_ns = boot->total_ns;
}
