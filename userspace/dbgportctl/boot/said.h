/* SPDX-License-Identifier: GPL-2.0 */
/* What a boot said of itself: which firmware it has, and which kernel. */
#ifndef DBGPORTCTL_BOOT_SAID_H
#define DBGPORTCTL_BOOT_SAID_H

#include "dbgportctl/boot/boot.h"

enum said {
	SAID_FIRMWARE,
	SAID_KERNEL,
};

/* Room for a name and a version, which is cut where it is longer. */
#define SAID_SIZE	96

/**
 * boot_said() - look for the line by which it says so
 * @text: where it goes: "SeaBIOS 1.16.2-debian-1.16.2-1"; harmless, ASCII
 * @boot: the boot
 * @what: which of them
 *
 * The first such line counts.  The guest may say what it likes.
 *
 * Return: @text, or NULL: it did not say.
 */
const char *boot_said(char text[SAID_SIZE], const struct boot *boot, enum said what);

#endif /* DBGPORTCTL_BOOT_SAID_H */
