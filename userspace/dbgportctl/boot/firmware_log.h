/* SPDX-License-Identifier: GPL-2.0 */
/* What firmware keeps in its memory, for the boots of VMs that run. */
#ifndef DBGPORTCTL_BOOT_FIRMWARE_LOG_H
#define DBGPORTCTL_BOOT_FIRMWARE_LOG_H

#include "dbgportctl/boot/boot.h"

/**
 * boots_read_firmware_logs() - give each VM's last boot the log that is in its memory
 * @boots: in order, read from the module, not ended yet
 *
 * The log is that of the last boot: firmware begins it anew before it says its first word.
 * Each VM that has none is told of on standard error, with why, and stays as it is.
 */
void boots_read_firmware_logs(const struct boots *boots);

#endif /* DBGPORTCTL_BOOT_FIRMWARE_LOG_H */
