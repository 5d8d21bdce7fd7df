/* SPDX-License-Identifier: GPL-2.0 */
/* The phases that many boots have: the columns of a table. */
#ifndef DBGPORTCTL_BOOT_ALL_PHASES_H
#define DBGPORTCTL_BOOT_ALL_PHASES_H

#include "dbgportctl/boot/boot.h"

/**
 * struct all_phases - one phase of each name
 * @phase: in the order that they come in: one that not all have stands behind the one that
 *	it comes after in the first boot that has it; lives as long as the boots
 * @count: of @phase
 */
struct all_phases {
	const struct phase **phase;
	size_t count;
};

/* Fill in @all, to be freed. */
void all_phases_make(struct all_phases *all, const struct boots *boots);
void all_phases_free(struct all_phases *all);

/* How long number @i of them took in @boot, in nanoseconds; -1: it has none. */
__s64 all_phases_ns(const struct all_phases *all, size_t i, const struct boot *boot);

#endif /* DBGPORTCTL_BOOT_ALL_PHASES_H */
