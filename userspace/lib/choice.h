/* SPDX-License-Identifier: GPL-2.0 */
/* Words of which one is chosen, in one string: "auto|yes|no", "text json". */
#ifndef LIB_CHOICE_H
#define LIB_CHOICE_H

/* Room for the longest word that choice_word() gives, with its NUL. */
#define CHOICE_SIZE	32

/* Which of @words, between which @separator stands, @word is, from 0; -1: none. */
int choice_find(const char *words, char separator, const char *word);

/* Word number @i, which there must be: in @text, which is returned. */
const char *choice_word(char text[CHOICE_SIZE], const char *words, char separator, unsigned int i);

#endif /* LIB_CHOICE_H */
