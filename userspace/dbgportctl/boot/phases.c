// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportctl/boot/phases.h"
#include "dbgportctl/cli/memory.h"
#include "lib/array.h"

/* Components in the order of a boot, then the one that has no place in it. */
static const char *const ranked[] = { "Firmware", "Bootloader", "Kernel", "Userspace" };
#define CUSTOM	"Custom"

/* The place of @component in the order of a boot; -1: it has none. */
static int rank(const char *component)
{
	for (size_t i = 0; i < ARRAY_SIZE(ranked); i++) {
		if (!strcmp(component, ranked[i]))
			return i;
	}
	return -1;
}

static bool has_phase(const struct boot *boot, const char *name)
{
	for (size_t i = 0; i < boot->phases; i++) {
		if (!strcmp(boot->phase[i].name, name))
			return true;
	}
	return false;
}

static struct phase *last_phase(struct boot *boot)
{
	return &boot->phase[boot->phases - 1];
}

static void begin_phase(struct boot *boot, const char *name, __s64 time_ns)
{
	/* After a reset nothing is known of what was before the first write. */
	if (boot->phases == 1 && boot->number > 1 && !time_ns)
		boot->phases = 0;
	if (boot->phases)
		last_phase(boot)->end_ns = time_ns;
	boot->phase = grow(boot->phase, boot->phases, sizeof(*boot->phase));
	boot->phase[boot->phases++] = (struct phase){ .name = name, .begin_ns = time_ns };
}

/* The component that @mark belongs to, if it belongs to one that counts. */
static const char *component_of(const struct mark *mark)
{
	if (mark->type == MARK_CODE)
		return mark->component;
	if (mark->type == MARK_LINE && mark->port == DBGPORT_FIRMWARE_PORT)
		return ranked[0];
	return NULL;
}

/* Custom counts from this mark on: the last beginning of one with a rank. */
static size_t custom_from(const struct boot *boot)
{
	size_t from = 0;
	int highest = -1;

	for (size_t i = 0; i < boot->marks; i++) {
		const char *component = component_of(&boot->mark[i]);
		int r = component ? rank(component) : -1;

		if (r > highest) {
			highest = r;
			from = i;
		}
	}
	return from;
}

void boot_make_phases(struct boot *boot)
{
	size_t custom = custom_from(boot);
	int highest = -1;

	begin_phase(boot, BOOT_START, 0);
	for (size_t i = 0; i < boot->marks; i++) {
		struct mark *mark = &boot->mark[i];
		const char *component = component_of(mark);
		int r = component ? rank(component) : -1;
		bool begins = component && !has_phase(boot, component);

		if (begins && mark->type == MARK_LINE)
			begins = boot->phases == 1;
		if (begins && r >= 0)
			begins = r > highest;
		else if (begins && !strcmp(component, CUSTOM))
			begins = i >= custom;
		if (begins)
			begin_phase(boot, component, mark->time_ns);
		if (begins && r >= 0)
			highest = r;
		mark->phase = boot->phases - 1;
		last_phase(boot)->codes += mark->type == MARK_CODE;
		last_phase(boot)->lines += mark->type == MARK_LINE;
	}
	boot->total_ns = boot->marks ? boot->mark[boot->marks - 1].time_ns : 0;
	last_phase(boot)->end_ns = boot->total_ns;
}
