/* SPDX-License-Identifier: GPL-2.0 */
/* What makes boots of what was added in any order. */
#ifndef DBGPORTCTL_BOOT_FINISH_H
#define DBGPORTCTL_BOOT_FINISH_H

#include "dbgportctl/boot/boot.h"

/**
 * boot_order() - put everything in order
 * @boot: all that a VM wrote; nothing is added later
 *
 * What is there twice counts once: a daemon that was killed may write its last
 * batch again.
 *
 * Return: 0, or -1 if the times contradict the order of the writes.
 */
int boot_order(struct boot *boot);

/**
 * boot_end() - find the end and the phases
 * @boot: one boot, in order
 * @until: the boot ends with the first of these codes, if it has one; -1: with
 *	its last mark
 */
void boot_end(struct boot *boot, __s64 until);

#endif /* DBGPORTCTL_BOOT_FINISH_H */
