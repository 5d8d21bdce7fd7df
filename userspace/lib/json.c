// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "lib/json.h"
#include "lib/utf8.h"

static char *escape(char *d, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";

	*d++ = '\\';
	switch (c) {
	case '\t':
		*d++ = 't';
		return d;
	case '\n':
		*d++ = 'n';
		return d;
	case '\r':
		*d++ = 'r';
		return d;
	case '"':
	case '\\':
		*d++ = c;
		return d;
	}
	memcpy(d, "u00", 3);
	d[3] = hex[c >> 4];
	d[4] = hex[c & 0xf];
	return d + 5;
}

size_t json_guest_string(char *dst, const char *src, size_t n, bool *exact)
{
	const char *end = src + n;
	char *d = dst;

	*d++ = '"';
	while (src < end) {
		size_t len = 1;

		if (utf8_is_plain(*src) && *src != '"' && *src != '\\') {
			*d++ = *src++;
			continue;
		}
		if (*src & 0x80)
			len = utf8_char(src, end - src);
		if (!len) {
			memcpy(d, "\xef\xbf\xbd", 3);
			d += 3;
			src++;
			*exact = false;
			continue;
		}
		if (len == 1 || utf8_is_control(src)) {
			/* The last byte of a C1 control character is its number. */
			d = escape(d, src[len - 1]);
		} else {
			memcpy(d, src, len);
			d += len;
		}
		src += len;
	}
	*d++ = '"';
	return d - dst;
}

size_t json_string(char *dst, const char *src, size_t n)
{
	bool exact;

	return json_guest_string(dst, src, n, &exact);
}
