// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportctl/page/markup.h"
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

void markup_text(const char *text)
{
	size_t left = strlen(text);

	while (left) {
		size_t len = utf8_char(text, left);

		if (entity(*text))
			fputs(entity(*text), stdout);
		else if (is_allowed(text, len))
			fwrite(text, 1, len, stdout);
		else
			fputs("\xef\xbf\xbd", stdout);
		len = len ?: 1;
		text += len;
		left -= len;
	}
}
