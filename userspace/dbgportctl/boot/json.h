/* SPDX-License-Identifier: GPL-2.0 */
/* Boots out of what dbgportd wrote with format=json. */
#ifndef DBGPORTCTL_BOOT_JSON_H
#define DBGPORTCTL_BOOT_JSON_H

#include "dbgportctl/boot/boot.h"

/**
 * boots_read_json() - take the boots of a file
 * @boots: where they go
 * @path: the file; "-": standard input
 * @codes: a table that names POST codes; NULL: as the file does
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * What is no object of dbgportd's, such as what one that was killed left of it or
 * the NULs of a power loss, is left out; how many lines that is, and what was dropped
 * for want of speed, is told on standard error.
 *
 * Return: 0; -1: the file cannot be read.
 */
int boots_read_json(struct boots *boots, const char *path, const struct codes *codes,
		    char *why, size_t size);

#endif /* DBGPORTCTL_BOOT_JSON_H */
