/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a POST code or a line of text stands for, by one of several tables, which
 * contradict each other.
 */
#ifndef LIB_CODES_H
#define LIB_CODES_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* Longest component and name, NUL included. */
#define CODE_COMPONENT_SIZE	32
#define CODE_NAME_SIZE		128

/* Tables of the host's own. */
#define CODES_DIR	"/etc/dbgport/tables"

struct codes;

/**
 * codes_load() - get a table
 * @table: "cloud-hypervisor" or NULL: the five ranges of cloud-hypervisor's
 *	debug port; another of codes_ours_name(); or a file, in CODES_DIR if there is no
 *	slash in it and it is there
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
 * Lines of text have a component, too, and components belong to a part of the guest's
 * software stack (part.h).  A firmware is recognised by
 * its first codes, or by a text:
 *
 *	recognise = 0x1e 0x1f
 *	recognise = "Loader 2"
 *	[Bootloader]
 *	"Reading the disk" = Loader-disk:	# a line that begins like this
 *	*"login: " = Login:		# one that has this in it
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

/* The name of the @i-th table that we bring, or NULL: there are no more. */
const char *codes_ours_name(size_t i);

/* Where a line begins for tables: behind blanks and the time that Linux puts in front. */
const char *text_begin(const char *line);

/**
 * text_component() - which component says a line
 * @codes: the table
 * @line: the line, from text_begin() on
 * @len: set to the length of the text that it was found by; the longest one is
 *
 * Return: one word, valid as long as the table; NULL if the table does not say it.
 */
const char *text_component(const struct codes *codes, const char *line, size_t *len);

/* The part that @component belongs to; static; NULL if the table does not say it. */
const char *codes_part(const struct codes *codes, const char *component);

/* The part that the table is about first; static; NULL if it does not say it. */
const char *codes_own_part(const struct codes *codes);

/**
 * codes_know() - whether these are the first codes of the firmware that a table is for
 * @codes: the table
 * @code: the first codes that a guest wrote
 * @count: how many
 */
bool codes_know(const struct codes *codes, const __u32 *code, size_t count);

/* The same for a line of text, from text_begin() on, at any time. */
bool codes_know_text(const struct codes *codes, const char *line);

#endif /* LIB_CODES_H */
