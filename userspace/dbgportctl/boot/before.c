// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportctl/boot/before.h"

const char *const before_name[BEFORES] = {
	[BEFORE_VMM] = "VMM",
	[BEFORE_VM] = "VM",
};

enum before before_named(const char *name)
{
	enum before before = 0;

	while (before < BEFORES && strcmp(name, before_name[before]))
		before++;
	return before;
}

bool boot_before(const struct boot *boot, enum before before, struct span *span)
{
	if (boot->late || boot->started_ns >= boot->created_ns || boot->created_ns >= 0)
		return false;
	span->begin_ns = before == BEFORE_VMM ? boot->started_ns : boot->created_ns;
	span->end_ns = before == BEFORE_VMM ? boot->created_ns : 0;
	return true;
}

__s64 boot_before_ns(const struct boot *boot, enum before before)
{
	struct span span;

	return boot_before(boot, before, &span) ? span.end_ns - span.begin_ns : -1;
}

bool boots_have_before(const struct boots *boots)
{
	for (size_t i = 0; i < boots->count; i++) {
		if (boot_before_ns(boots->boot[i], BEFORE_VM) >= 0)
			return true;
	}
	return false;
}

void boot_forget_before(struct boot *boot)
{
	boot->restored = false;
	boot->started_ns = 0;
	boot->created_ns = 0;
}
