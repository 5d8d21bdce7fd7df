/* SPDX-License-Identifier: GPL-2.0 */
/* Boots out of what dbgportd says with format=json, in a file or elsewhere. */
#ifndef DBGPORTCTL_BOOT_JSON_H
#define DBGPORTCTL_BOOT_JSON_H

#include "dbgportctl/boot/boot.h"

/**
 * struct json_reader - objects that are read one by one
 * @boots: where boots go
 * @codes: a table that names POST codes; NULL: they are named as the objects do
 * @host: the only host that they can be of; empty: one without a name; NULL: any
 * @number: of the object that is taken, in whatever it is taken from
 * @dropped: bytes that dbgportd says are missing
 * @why: private
 * @bad: objects, or what stood before one, that were left out
 * @first: the number of the first of these
 * @reason: what is wrong with that
 *
 * Begins zeroed but for what is known.
 */
struct json_reader {
	struct boots *boots;
	const struct codes *codes;
	const char *host;
	__u64 number;
	__u64 dropped;
	char why[256];
	unsigned long bad;
	__u64 first;
	char reason[256];
};

/* Take a line of @n bytes, which is changed, with its end or without; nothing is kept of it. */
void json_reader_take(struct json_reader *r, char *line, size_t n);

/* Say on standard error what was left out, and what was dropped, of what is called @path. */
void json_reader_report(const struct json_reader *r, const char *path);

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
