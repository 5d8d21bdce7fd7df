// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/page/markup.h"
#include "lib/json.h"
#include "lib/utf8.h"

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

/* Whether XML has a place for the character of @len bytes; 0: it is none. */
static bool is_allowed(const char *text, size_t len)
{
	if (!len || (utf8_is_control(text) && *text != '\t' && *text != '\n'))
		return false;
	return memcmp(text, "\xef\xbf\xbe", len < 3 ? len : 3) &&
	       memcmp(text, "\xef\xbf\xbf", len < 3 ? len : 3);
}

static const char *json_entity(char c)
{
	switch (c) {
	case '&':
		return "\\u0026";
	case '<':
		return "\\u003c";
	case '>':
		return "\\u003e";
	}
	return NULL;
}

static void put(const char *text, size_t left, const char *(*escaped)(char c))
{
	while (left) {
		size_t len = utf8_char(text, left);

		if (escaped(*text))
			fputs(escaped(*text), stdout);
		else if (is_allowed(text, len))
			fwrite(text, 1, len, stdout);
		else
			fputs("\xef\xbf\xbd", stdout);
		len = len ?: 1;
		text += len;
		left -= len;
	}
}

void markup_text(const char *text)
{
	put(text, strlen(text), entity);
}

void markup_json(const char *text)
{
	size_t len = strlen(text);
	char *string = must(malloc(JSON_STRING_MAX(len)));

	put(string, json_quote(string, text, len), json_entity);
	free(string);
}
