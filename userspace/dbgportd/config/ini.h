/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file of sections, line by line:
 *
 *	[section]
 *	key = value	# or key: value
 *	; comment
 *	[ab]* = value	# the key is a pattern, as something stands behind the bracket
 *
 * It only takes lines apart; a bad one is told, and the next one read.
 */
#ifndef DBGPORTD_CONFIG_INI_H
#define DBGPORTD_CONFIG_INI_H

#include <stdbool.h>

/* The longest line, in bytes: a path of PATH_MAX and more; the longest name of a section. */
#define INI_LINE_MAX	8191
#define INI_SECTION_MAX	49

enum ini_type {
	INI_END,	/* there is no further line */
	INI_SECTION,
	INI_VALUE,
	INI_BAD,
};

/**
 * struct ini - a file that is being read
 * @at, @end: what has not been read of it; the caller sets both first
 * @line: number of the line that was read last, from 1; 0: none was
 * @is_section: it begins with a bracket, good or bad
 * @name: of INI_SECTION the name between the brackets, of INI_VALUE the key
 * @value: of INI_VALUE
 * @wrong: of INI_BAD what is wrong, for messages
 * @text: private: where @name and @value point to, until the next line
 *
 * Names and values have no white space at their ends, except for the names of
 * sections.
 */
struct ini {
	const char *at, *end;
	unsigned int line;
	bool is_section;
	char *name;
	char *value;
	char wrong[64];
	char text[INI_LINE_MAX + 1];
};

/* Read on to the next line that is no comment, and not empty. */
enum ini_type ini_next(struct ini *ini);

#endif /* DBGPORTD_CONFIG_INI_H */
