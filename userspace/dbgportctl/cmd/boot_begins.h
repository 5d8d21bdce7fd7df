/* SPDX-License-Identifier: GPL-2.0 */
/* --boot-begins, which timeline, boots and tail have. */
#ifndef DBGPORTCTL_CMD_BOOT_BEGINS_H
#define DBGPORTCTL_CMD_BOOT_BEGINS_H

#include "words/begins.h"

#define BOOT_BEGINS_HELP	"a boot begins with this code, or a line with this in it"

/**
 * boot_begins_parse() - understand its value
 * @rule: set to what it says, which lasts
 * @value: as begins_rule_parse() takes it
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int boot_begins_parse(const struct begins_rule **rule, const char *value, char *why, size_t size);

#endif /* DBGPORTCTL_CMD_BOOT_BEGINS_H */
