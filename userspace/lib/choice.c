// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "lib/choice.h"

int choice_find(const char *words, char separator, const char *word)
{
	size_t len = strlen(word);

	for (int i = 0; *words; i++) {
		const char *end = strchrnul(words, separator);

		if ((size_t)(end - words) == len && !memcmp(words, word, len))
			return i;
		words = end + (*end == separator);
	}
	return -1;
}

int choice_parse(const char *key, const char *words, const char *word, char *why, size_t size)
{
	int i = choice_find(words, '|', word);

	if (i < 0)
		snprintf(why, size, "%s=%s is not known; it is %s", key, word, words);
	return i;
}

const char *choice_word(char text[CHOICE_SIZE], const char *words, char separator, unsigned int i)
{
	while (i--)
		words = strchr(words, separator) + 1;
	snprintf(text, CHOICE_SIZE, "%.*s", (int)(strchrnul(words, separator) - words), words);
	return text;
}
