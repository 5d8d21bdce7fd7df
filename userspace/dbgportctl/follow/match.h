/* SPDX-License-Identifier: GPL-2.0 */
/* Entries looked through for POST codes and texts; what is found is printed. */
#ifndef DBGPORTCTL_FOLLOW_MATCH_H
#define DBGPORTCTL_FOLLOW_MATCH_H

#include <linux/types.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "dbgportctl/follow/print.h"
#include "words/entry.h"

struct begun;

/**
 * struct match - what is looked for
 * @code, @codes: POST codes
 * @text, @texts: extended regular expressions that are found in a line
 * @pattern: private: what they were made of
 * @print: where what is found is shown, before @found is called
 * @found: called with it; the text of a line is as far as it has come.  Return:
 *	whether that was enough.  NULL: it always is
 * @arg: what @found is called with
 * @done: it was enough
 * @begun: private: lines that have not come to their end
 *
 * Begins zeroed.
 */
struct match {
	__u32 *code;
	size_t codes;
	regex_t *text;
	const char **pattern;
	size_t texts;
	struct print print;
	bool (*found)(void *arg, const struct entry *entry);
	void *arg;
	bool done;
	struct begun *begun;
};

/* Look for @value, too.  Return: 0, or -1 and one line in @why, beginning with --code. */
int match_add_code(struct match *m, const char *value, char *why, size_t size);
/* The same with --text; @value must stay. */
int match_add_text(struct match *m, const char *value, char *why, size_t size);

/*
 * Find all texts that were added whatever the case of their letters: ASCII's; all others
 * are compared byte by byte.
 */
void match_ignore_case(struct match *m);

/* Whether there is something to look for. */
bool match_is_set(const struct match *m);

/* For struct follow, where @arg is a struct match: */

void match_entry(void *arg, struct formatter *f, const struct entry *entry);
void match_turn(void *arg);
/* Whether it was enough. */
bool match_is_done(void *arg);

#endif /* DBGPORTCTL_FOLLOW_MATCH_H */
