/* SPDX-License-Identifier: GPL-2.0 */
/* Waiting for a POST code or a text: a format that shows nothing but these. */
#ifndef DBGPORTCTL_FOLLOW_MATCH_H
#define DBGPORTCTL_FOLLOW_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportctl/cli/command.h"
#include "words/entry.h"

/* Options --code and --text, for struct option's parse; may be repeated. */
int match_code(const char *value, char *why, size_t size);
int match_text(const char *value, char *why, size_t size);

/* Whether there is something to wait for. */
bool match_is_set(void);

/**
 * match_open() - look for it in what the router gets from now on
 * @output: how what is found is shown, as --output takes it; NULL: as text
 * @labels: more than one VM may come
 * @found: called with what is found, after it was shown; the text of a line is as
 *	far as it has come.  Return: whether that was enough
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int match_open(const char *output, bool labels, bool (*found)(const struct entry *entry),
	       char *why, size_t size);

/* Whether @found said that it was enough. */
bool match_is_done(void);

#endif /* DBGPORTCTL_FOLLOW_MATCH_H */
