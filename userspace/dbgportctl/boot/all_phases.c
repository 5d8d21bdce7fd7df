// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/all_phases.h"
#include "dbgportctl/cli/memory.h"

static size_t find(const struct all_phases *all, const char *name)
{
	size_t i = 0;

	while (i < all->count && strcmp(all->phase[i]->name, name))
		i++;
	return i;
}

static void insert(struct all_phases *all, size_t at, const struct phase *phase)
{
	all->phase = grow(all->phase, all->count, sizeof(*all->phase));
	memmove(&all->phase[at + 1], &all->phase[at],
		(all->count++ - at) * sizeof(*all->phase));
	all->phase[at] = phase;
}

static void add_boot(struct all_phases *all, const struct boot *boot)
{
	size_t next = 0;

	for (size_t i = 0; i < boot->phases; i++) {
		size_t at = find(all, boot->phase[i].name);

		if (at == all->count) {
			at = next;
			insert(all, at, &boot->phase[i]);
		}
		next = at + 1;
	}
}

void all_phases_make(struct all_phases *all, const struct boots *boots)
{
	*all = (struct all_phases){ 0 };
	for (size_t i = 0; i < boots->count; i++)
		add_boot(all, boots->boot[i]);
}

void all_phases_free(struct all_phases *all)
{
	free(all->phase);
}

__s64 all_phases_ns(const struct all_phases *all, size_t i, const struct boot *boot)
{
	const struct phase *phase = boot_phase(boot, all->phase[i]->name);

	return phase ? phase->end_ns - phase->begin_ns : -1;
}
