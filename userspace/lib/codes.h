/* SPDX-License-Identifier: GPL-2.0 */
/* What a POST code stands for, by one of several tables, which contradict each other. */
#ifndef LIB_CODES_H
#define LIB_CODES_H

#include <linux/types.h>
#include <stddef.h>

/* Longest component and name, NUL included. */
#define CODE_COMPONENT_SIZE	32
#define CODE_NAME_SIZE		128

struct codes;

/**
 * codes_load() - get a table
 * @table: "cloud-hypervisor" or NULL: the five ranges of cloud-hypervisor's
 *	debug port; "coreboot"; "ami" (Aptio); or the path of a file
 * @why: on failure, one line for the user, with file and line
 * @size: size of @why
 *
 * A file has lines such as these; numbers are decimal, or hexadecimal with 0x:
 *
 *	# comment
 *	0x10 = Memory found
 *	0x12 = Firmware: Memory tested
 *	0x20-0x2f = Loader:	# comment
 *
 * One word with a colon is the component, the rest is the name.  A # that stands
 * behind a blank or begins the line begins a comment.  Of ranges that
 * lie in each other the innermost counts, for what it says.
 *
 * Return: the table, to be freed with codes_free(), or NULL.
 */
struct codes *codes_load(const char *table, char *why, size_t size);
void codes_free(struct codes *codes);

/**
 * code_component() - which part of the guest's software stack a code belongs to
 * @codes: the table
 * @code: the full value that was written to the POST port, 1 to 4 bytes
 *
 * Where the table does not say it, the ranges of cloud-hypervisor do: 0x00-0x1f
 * firmware, 0x20-0x3f bootloader, 0x40-0x5f kernel, 0x60-0x7f user space, and
 * everything above is custom, also what needs more than a byte.
 *
 * Return: one word, valid as long as the table; never NULL.
 */
const char *code_component(const struct codes *codes, __u32 code);

/**
 * code_name() - what a code says
 * @codes: the table
 * @code: the full value
 *
 * Return: UTF-8 without control characters, valid as long as the table; NULL
 * if the table does not say it.
 */
const char *code_name(const struct codes *codes, __u32 code);

#endif /* LIB_CODES_H */
