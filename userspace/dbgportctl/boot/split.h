/* SPDX-License-Identifier: GPL-2.0 */
/* A boot for each time that a VM was reset. */
#ifndef DBGPORTCTL_BOOT_SPLIT_H
#define DBGPORTCTL_BOOT_SPLIT_H

#include "dbgportctl/boot/boot.h"
#include "words/begins.h"

/**
 * boot_split() - make boots of all that a VM wrote
 * @boots: they are added here, in their order: @boot, and those after it
 * @boot: in order, not ended yet; keeps the first boot
 * @rule: what begins a boot; NULL: what the file says, or else what is recognised
 *
 * The later ones count from their first marks.  All of them have their labels then.
 */
void boot_split(struct boots *boots, struct boot *boot, const struct begins_rule *rule);

/* Give @boot, which has its VM's name and its number, its label; @several: not the only one. */
void boot_set_label(struct boot *boot, bool several);

#endif /* DBGPORTCTL_BOOT_SPLIT_H */
