/* SPDX-License-Identifier: GPL-2.0 */
/* How --help is laid out. */
#ifndef LIB_HELP_H
#define LIB_HELP_H

#include <stdio.h>

/**
 * help_entry() - a word and what it means, in 80 columns
 * @to: where it is written
 * @head: the word, or several with | between
 * @column: where the text stands; on lines of its own if @head is too long
 * @text: words with single spaces between
 */
void help_entry(FILE *to, const char *head, int column, const char *text);

#endif /* LIB_HELP_H */
