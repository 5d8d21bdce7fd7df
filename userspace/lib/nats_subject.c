// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/nats_subject.h"

char *nats_subject_put(char *dst, const char *name)
{
	*dst++ = '.';
	for (; *name; name++) {
		unsigned char c = *name;

		if (c <= ' ' || c == 127 || strchr(".*>", c))
			dst += sprintf(dst, "%%%02X", c);
		else
			*dst++ = c;
	}
	*dst = '\0';
	return dst;
}

const char *nats_subject_take(char *word, size_t size, const char *subject)
{
	char *end = word + size - 1;
	const char *c = subject;

	for (; *c && *c != '.'; c++) {
		bool dot = !strncmp(c, "%2E", 3);

		if (word < end)
			*word++ = dot ? '.' : *c;
		if (dot)
			c += 2;
	}
	*word = '\0';
	return *c ? c + 1 : NULL;
}
