/* SPDX-License-Identifier: GPL-2.0 */
/* Points of time in a boot, as a user wants to see them. */
#ifndef DBGPORTCTL_BOOT_MOMENT_H
#define DBGPORTCTL_BOOT_MOMENT_H

#include "dbgportctl/boot/boot.h"
#include "words/stamp.h"

#define MOMENT_SIZE	(STAMP_MAX + 1)

/**
 * moment_text() - one of them
 * @text: where it goes
 * @boot: the boot
 * @time_ns: since its zero
 * @style: STAMP_24H, STAMP_ISO8601, STAMP_EPOCH or STAMP_MONOTONIC
 *
 * By the host's clock of then; where that is not known, "?", but for STAMP_MONOTONIC.
 *
 * Return: @text.
 */
const char *moment_text(char text[MOMENT_SIZE], const struct boot *boot, __s64 time_ns,
			enum time_style style);

/* Columns that it takes at most. */
int moment_width(enum time_style style);

/* When the boot began, as dbgportd's JSON has it, in @text; NULL: that is not known. */
const char *moment_utc(char text[MOMENT_SIZE], const struct boot *boot);

#endif /* DBGPORTCTL_BOOT_MOMENT_H */
