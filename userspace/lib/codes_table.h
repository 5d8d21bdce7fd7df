/* SPDX-License-Identifier: GPL-2.0 */
/* A table of POST codes from the inside: for codes*.c only. */
#ifndef LIB_CODES_TABLE_H
#define LIB_CODES_TABLE_H

#include <linux/types.h>
#include <stdbool.h>
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

/**
 * struct code_text - lines of text that begin with something
 * @text, @len: what they begin with; without it, a line is none of these
 * @anywhere: they have it in them somewhere
 * @component: one word; NULL in a clue
 */
struct code_text {
	const char *text;
	size_t len;
	bool anywhere;
	const char *component;
};

/* Codes by which a firmware is recognised. */
#define CLUE_CODES	8

/**
 * struct code_clue - what a firmware says that this table is for
 * @text: a line of it; without @text.text: the codes
 * @code, @count: its first codes, in this order
 */
struct code_clue {
	struct code_text text;
	__u32 code[CLUE_CODES];
	size_t count;
};

/* Which part of the guest's software stack a component belongs to. */
struct code_part {
	const char *component;
	const char *part;
};

/* Codes of one byte, which most are, are looked up once. */
#define CODES_LOW	256

/**
 * struct codes - a table
 * @range: by @first; those that begin together the widest first
 * @count: of @range
 * @line, @lines: texts, in the table's order
 * @clue, @clues: any of them is enough
 * @part, @parts: of components, as far as the table says it
 * @low: what the first CODES_LOW codes are called; @name may be NULL
 * @text: what strings point into
 */
struct codes {
	struct code_range *range;
	size_t count;
	struct code_text *line;
	size_t lines;
	struct code_clue *clue;
	size_t clues;
	struct code_part *part;
	size_t parts;
	struct {
		const char *component;
		const char *name;
	} low[CODES_LOW];
	char *text;
};

/* The files in tables/. */
extern const char codes_ami[], codes_coreboot[], codes_edk2[], codes_grub[], codes_ipxe[],
	codes_linux[], codes_seabios[], codes_systemd[], codes_systemd_boot[], codes_u_boot[];

/* A table that we bring, as a file would have it; NULL: there is none of that name. */
const char *codes_ours(const char *name);

/**
 * codes_read() - read the whole of a file
 * @path: the file; without a slash, one in CODES_DIR before one in the working directory
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: its text, to be freed by the caller, or NULL.
 */
char *codes_read(const char *path, char *why, size_t size);

/**
 * codes_parse() - take what the lines say, in their order
 * @codes: @text is taken apart, all but @low is set
 * @where: what to call it in messages
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1; in both cases the caller frees what @codes holds.
 */
int codes_parse(struct codes *codes, const char *where, char *why, size_t size);

#endif /* LIB_CODES_TABLE_H */
