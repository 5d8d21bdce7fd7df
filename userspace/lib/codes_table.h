/* SPDX-License-Identifier: GPL-2.0 */
/* A table of POST codes from the inside: for codes*.c only. */
#ifndef LIB_CODES_TABLE_H
#define LIB_CODES_TABLE_H

#include <linux/types.h>
#include <stddef.h>

/**
 * struct code_range - codes that a table names together
 * @first, @last: which; the same for a single one
 * @component: one word; NULL: as the range around it
 * @name: what it says; NULL: as the range around it
 * @line: where it stands, for messages
 * @around: the narrowest range that this one lies in; NULL: in none
 */
struct code_range {
	__u32 first;
	__u32 last;
	const char *component;
	const char *name;
	unsigned int line;
	const struct code_range *around;
};

/* Codes of one byte, which most are, are looked up once. */
#define CODES_LOW	256

/**
 * struct codes - a table
 * @range: by @first; those that begin together the widest first
 * @count: of @range
 * @low: what the first CODES_LOW codes are called; @name may be NULL
 * @text: what strings point into
 */
struct codes {
	struct code_range *range;
	size_t count;
	struct {
		const char *component;
		const char *name;
	} low[CODES_LOW];
	char *text;
};

/* The tables that we bring, as a file would have them. */
extern const char codes_coreboot[], codes_ami[];

/**
 * codes_read() - read the whole of a file
 * @path: the file
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: its text, to be freed by the caller, or NULL.
 */
char *codes_read(const char *path, char *why, size_t size);

/**
 * codes_parse() - take ranges from lines, in their order
 * @codes: @text is taken apart, @range and @count are set
 * @where: what to call it in messages
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1; in both cases the caller frees what @codes holds.
 */
int codes_parse(struct codes *codes, const char *where, char *why, size_t size);

#endif /* LIB_CODES_TABLE_H */
