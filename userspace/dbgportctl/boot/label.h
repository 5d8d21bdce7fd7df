/* SPDX-License-Identifier: GPL-2.0 */
/* What the codes and lines of a boot mean. */
#ifndef DBGPORTCTL_BOOT_LABEL_H
#define DBGPORTCTL_BOOT_LABEL_H

#include "dbgportctl/boot/boot.h"
#include "dbgportctl/boot/tables.h"

/**
 * boot_label() - give marks their components, and the part of the stack they belong to
 * @boot: its marks are in their order; codes that a file names have their component
 * @tables: what is known
 *
 * Codes are named by the table that the user chose, or by that of a firmware that is
 * recognised.  That counts until a line of a later part than the firmware's own shows that
 * others have taken over, and for codes that only the standard table named: a
 * daemon may have been told another one.
 */
void boot_label(struct boot *boot, const struct tables *tables);

#endif /* DBGPORTCTL_BOOT_LABEL_H */
