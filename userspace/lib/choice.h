/* SPDX-License-Identifier: GPL-2.0 */
/* Words of which one is chosen, in one string: "auto|yes|no", "text json". */
#ifndef LIB_CHOICE_H
#define LIB_CHOICE_H

#include <stddef.h>

/* Room for the longest word that choice_word() gives, with its NUL. */
#define CHOICE_SIZE	32

/* Which of @words, between which @separator stands, @word is, from 0; -1: none. */
int choice_find(const char *words, char separator, const char *word);

/**
 * choice_parse() - the same for KEY=WORD, with | between the words
 * @key: for @why
 * @words: all that there are
 * @word: one of them
 * @why: on failure, one line for the user, beginning with the key
 * @size: size of @why
 *
 * Return: the word's number, or -1.
 */
int choice_parse(const char *key, const char *words, const char *word, char *why, size_t size);

/* Word number @i, which there must be: in @text, which is returned. */
const char *choice_word(char text[CHOICE_SIZE], const char *words, char separator, unsigned int i);

#endif /* LIB_CHOICE_H */
