// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "lib/json.h"
#include "lib/utf8.h"

/* The code point of the valid sequence of 1 to 3 bytes at @src. */
static unsigned int code_point(const char *src, size_t len)
{
	static const unsigned char first[] = { 0, 0x7f, 0x1f, 0x0f };
	unsigned int point = src[0] & first[len];

	for (size_t i = 1; i < len; i++)
		point = point << 6 | (src[i] & 0x3f);
	return point;
}

static char *escape(char *d, unsigned int point)
{
	static const char hex[] = "0123456789abcdef";

	*d++ = '\\';
	switch (point) {
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
		*d++ = point;
		return d;
	}
	*d++ = 'u';
	for (int shift = 12; shift >= 0; shift -= 4)
		*d++ = hex[point >> shift & 0xf];
	return d;
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
			d = escape(d, code_point(src, len));
		} else {
			memcpy(d, src, len);
			d += len;
		}
		src += len;
	}
	*d++ = '"';
	return d - dst;
}

size_t json_quote(char *dst, const char *src, size_t n)
{
	bool exact;

	return json_guest_string(dst, src, n, &exact);
}
