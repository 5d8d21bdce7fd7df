/* SPDX-License-Identifier: GPL-2.0 */
/* What a POST code stands for. */
#ifndef LIB_CODES_H
#define LIB_CODES_H

#include <linux/types.h>

/**
 * code_component() - which part of the guest's software stack a code belongs to
 * @code: the full value that was written to the POST port, 1 to 4 bytes
 *
 * The ranges are those of cloud-hypervisor's debug port: 0x00-0x1f firmware,
 * 0x20-0x3f bootloader, 0x40-0x5f kernel, 0x60-0x7f user space.  Everything
 * above is custom, also what needs more than a byte.
 *
 * Return: a constant string, never NULL.
 */
const char *code_component(__u32 code);

#endif /* LIB_CODES_H */
