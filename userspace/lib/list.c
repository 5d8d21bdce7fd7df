// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/list.h"

char *list_trim(char *s)
{
	char *end;

	while (isspace((unsigned char)*s))
		s++;
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		*--end = '\0';
	return s;
}

char *list_next(char **list)
{
	char *part = *list, *to = part, *from;
	bool quoted = false;
	int depth = 0;

	for (from = part; *from && (*from != ',' || quoted || depth > 0); from++) {
		if (*from == '"') {
			quoted = !quoted;
			continue;
		}
		if (*from == '[')
			depth++;
		if (*from == ']' && --depth < 0)
			return NULL;
		*to++ = *from;
	}
	*list = *from ? from + 1 : NULL;
	*to = '\0';
	return quoted || depth ? NULL : part;
}

bool list_can_have(const char *value)
{
	int depth = 0;

	for (; *value; value++) {
		if (*value == '"' || *value == '\n')
			return false;
		if (*value == '[')
			depth++;
		if (*value == ']' && --depth < 0)
			return false;
	}
	return !depth;
}

void list_print(char *dst, size_t size, const char *key, const char *value)
{
	const char *quote = strchr(value, ',') ? "\"" : "";
	size_t len = strlen(dst);

	snprintf(dst + len, size - len, "%s%s%s%s", key, quote, value, quote);
}
