/* SPDX-License-Identifier: GPL-2.0 */
/* The phases of a boot, by the components of its POST codes. */
#ifndef DBGPORTCTL_BOOT_PHASES_H
#define DBGPORTCTL_BOOT_PHASES_H

#include "dbgportctl/boot/boot.h"

/*
 * The part of the software stack that speaks by @mark; static; NULL: not known.  What no table
 * knows on the firmware's port is the firmware's.
 */
const char *mark_part(const struct mark *mark);

/**
 * boot_make_phases() - find out where phases begin and end
 * @boot: its marks are in their order; phases and total time are set
 *
 * A phase begins with the first code of its component and ends where the next
 * one begins.  Firmware, Bootloader, Kernel and Userspace come in this order: a
 * code of an earlier one, such as Linux writes with io_delay, changes nothing.
 * Custom is a phase from its first code after the others have begun, and before
 * that changes nothing.  Components of a table's own come as they come, each
 * once.  Text on the firmware port begins Firmware, if nothing has begun.
 */
void boot_make_phases(struct boot *boot);

#endif /* DBGPORTCTL_BOOT_PHASES_H */
