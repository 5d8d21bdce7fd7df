/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of a boot of which no time is known: those of the log that firmware keeps in its
 * memory.  What the firmware also wrote to a port is in both; it is shown there, with its
 * time, and tells where the others belong.
 */
#ifndef DBGPORTCTL_BOOT_UNDATED_H
#define DBGPORTCTL_BOOT_UNDATED_H

#include "dbgportctl/boot/boot.h"

/* Of a longer log only the end counts; firmware makes none. */
#define UNDATED_BYTES	(2 * 1024 * 1024)

/**
 * boot_add_undated() - take such a log
 * @boot: has none yet, and is not ended
 * @bytes: the guest's, with their line ends; copied, and made harmless
 * @n: how many
 */
void boot_add_undated(struct boot *boot, const char *bytes, size_t n);

/**
 * boot_join_undated() - give lines without a time their places
 * @boot: in order, labelled, not ended yet
 *
 * A line that is the same as one with a time, in the same order, is dropped; the others stand
 * behind the one before them, or if there is none, in front of the first one.  Where no line
 * is the same, they stand behind the firmware's first mark, or at the beginning.
 */
void boot_join_undated(struct boot *boot);

/* The boot ends with its last mark: drop what stands behind it. */
void boot_cut_undated(struct boot *boot);

/* Find the lines that begin a phase of which there is no mark; the phases of @boot are made. */
void boot_find_undated_phases(struct boot *boot);

#endif /* DBGPORTCTL_BOOT_UNDATED_H */
