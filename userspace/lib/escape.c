// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <string.h>

#include "lib/escape.h"
#include "lib/sgr.h"
#include "lib/utf8.h"

static char *put_hex(char *d, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";

	*d++ = '<';
	*d++ = hex[c >> 4];
	*d++ = hex[c & 0xf];
	*d++ = '>';
	return d;
}

static size_t escape_some(char *dst, const char *src, size_t n, bool colours)
{
	const char *end = src + n;
	char *d = dst;

	while (src < end) {
		unsigned char c = *src;
		size_t len;

		if (utf8_is_plain(c) || c == '\t') {
			*d++ = c;
			src++;
			continue;
		}
		len = colours ? 0 : sgr_length(src, end - src);
		if (len) {
			src += len;
			continue;
		}
		len = utf8_char(src, end - src);
		if (len && !utf8_is_control(src)) {
			memcpy(d, src, len);
			d += len;
			src += len;
			continue;
		}
		/* Each byte of a control character, even if one alone would be harmless. */
		for (len = len ?: 1; len; len--)
			d = put_hex(d, *src++);
	}
	return d - dst;
}

size_t escape(char *dst, const char *src, size_t n)
{
	return escape_some(dst, src, n, false);
}

size_t escape_all(char *dst, const char *src, size_t n)
{
	return escape_some(dst, src, n, true);
}

size_t escape_unfinished(const char *src, size_t n)
{
	if (n && src[n - 1] == '\r')
		return 1;
	return utf8_cut(src, n) ?: sgr_cut(src, n);
}
