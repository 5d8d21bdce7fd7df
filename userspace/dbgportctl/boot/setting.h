/* SPDX-License-Identifier: GPL-2.0 */
/* When boots were, by the clock of their host. */
#ifndef DBGPORTCTL_BOOT_SETTING_H
#define DBGPORTCTL_BOOT_SETTING_H

#include "dbgportctl/boot/boot.h"

/*
 * Take how the clock was set.  Once for each number of a boot will do: one that is set
 * meanwhile is right from the next boot on.
 */
void boot_add_setting(struct boot *boot, const struct setting *setting);

/* Whether it is known of boot @number, or of a later one. */
bool boot_has_setting(const struct boot *boot, __u32 number);

/**
 * boots_set_clock() - say of boots where and when they were
 * @boot: those of one VM, from boot_split(): the first one has host and settings
 * @count: of @boot; one at least
 */
void boots_set_clock(struct boot *const boot[], size_t count);

#endif /* DBGPORTCTL_BOOT_SETTING_H */
