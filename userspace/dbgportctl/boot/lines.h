/* SPDX-License-Identifier: GPL-2.0 */
/* Lines out of the text of a boot, which came as chunks in any order. */
#ifndef DBGPORTCTL_BOOT_LINES_H
#define DBGPORTCTL_BOOT_LINES_H

#include "dbgportctl/boot/boot.h"

/*
 * Make lines of all text that was added to @boot, each vCPU's and port's apart
 * from the others', and free the text.
 */
void boot_make_lines(struct boot *boot);

#endif /* DBGPORTCTL_BOOT_LINES_H */
