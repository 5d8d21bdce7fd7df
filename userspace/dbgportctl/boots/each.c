// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boots/each.h"
#include "dbgportctl/cli/memory.h"

static void add(struct phase_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (!strcmp(names->name[i], name))
			return;
	}
	names->name = grow(names->name, names->count, sizeof(*names->name));
	names->name[names->count++] = name;
}

void phase_names_make(struct phase_names *names, const struct boots *boots)
{
	*names = (struct phase_names){ 0 };
	for (size_t i = 0; i < boots->count; i++) {
		for (size_t p = 0; p < boots->boot[i]->phases; p++)
			add(names, boots->boot[i]->phase[p].name);
	}
}

void phase_names_free(struct phase_names *names)
{
	free(names->name);
}

__s64 phase_ns(const struct boot *boot, const char *name)
{
	const struct phase *phase = boot_phase(boot, name);

	return phase ? phase->end_ns - phase->begin_ns : -1;
}
