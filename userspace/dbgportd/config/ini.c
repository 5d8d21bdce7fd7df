// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dbgportd/config/ini.h"
#include "lib/list.h"

__attribute__((format(printf, 2, 3)))
static enum ini_type bad(struct ini *ini, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(ini->wrong, sizeof(ini->wrong), fmt, args);
	va_end(args);
	return INI_BAD;
}

/* A comment behind something begins with # or ; after white space. */
static void cut_comment(char *text)
{
	for (char *c = strpbrk(text, "#;"); c; c = strpbrk(c + 1, "#;")) {
		if (c > text && isspace((unsigned char)c[-1])) {
			*c = '\0';
			return;
		}
	}
}

/* The separator behind the key, whose brackets are a pattern's; NULL: there is none. */
static char *key_end(char *text)
{
	for (char *c = text; *c; c++) {
		char *close = *c == '[' ? strchr(c + 1, ']') : NULL;

		if (*c == '=' || *c == ':')
			return c;
		if (close)
			c = close;
	}
	return NULL;
}

static enum ini_type take_section(struct ini *ini, char *text, char *end)
{
	if (end - text > INI_SECTION_MAX)
		return bad(ini, "the section's name is longer than %d characters",
			   INI_SECTION_MAX);
	*end = '\0';
	ini->name = text;
	return INI_SECTION;
}

static enum ini_type take_value(struct ini *ini, char *text, char *end)
{
	*end = '\0';
	ini->name = list_trim(text);
	ini->value = list_trim(end + 1);
	return INI_VALUE;
}

/* One line, without its end and the white space in front; INI_END: nothing is there. */
static enum ini_type take_line(struct ini *ini, const char *from, size_t len)
{
	char *end;

	if (!len || *from == '#' || *from == ';')
		return INI_END;
	ini->is_section = *from == '[';
	if (memchr(from, '\0', len))
		return bad(ini, "there is a NUL in the line");
	if (len > INI_LINE_MAX)
		return bad(ini, "the line is longer than %d bytes", INI_LINE_MAX);
	memcpy(ini->text, from, len);
	ini->text[len] = '\0';
	cut_comment(ini->text);
	end = ini->is_section ? strchr(ini->text, ']') : NULL;
	if (end && !end[1 + strspn(end + 1, " \t\r")])
		return take_section(ini, ini->text + 1, end);
	end = key_end(ini->text);
	if (!end)
		return bad(ini, "is neither [SECTION] nor KEY = VALUE nor # comment");
	ini->is_section = false;
	return take_value(ini, ini->text, end);
}

enum ini_type ini_next(struct ini *ini)
{
	enum ini_type type = INI_END;

	while (type == INI_END && ini->at < ini->end) {
		const char *from = ini->at;
		const char *end = memchr(from, '\n', ini->end - from) ?: ini->end;

		ini->at = end < ini->end ? end + 1 : end;
		/* What some editors put in front of UTF-8. */
		if (!ini->line++ && end - from >= 3 && !memcmp(from, "\xef\xbb\xbf", 3))
			from += 3;
		while (from < end && isspace((unsigned char)*from))
			from++;
		type = take_line(ini, from, end - from);
	}
	return type;
}
