// SPDX-License-Identifier: GPL-2.0
#include "lib/utf8.h"

/* Length of the sequence that @c begins; 0 if it begins none. */
static size_t length(unsigned char c)
{
	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		return 2;
	if (c >= 0xe0 && c <= 0xef)
		return 3;
	if (c >= 0xf0 && c <= 0xf4)
		return 4;
	return 0;
}

/* Whether @c may stand at @i > 0 of the sequence that @first begins. */
static bool continues(unsigned char first, size_t i, unsigned char c)
{
	unsigned char low = 0x80, high = 0xbf;

	if (i == 1) {
		/* No overlong forms, no surrogates, nothing above U+10FFFF. */
		if (first == 0xe0)
			low = 0xa0;
		else if (first == 0xed)
			high = 0x9f;
		else if (first == 0xf0)
			low = 0x90;
		else if (first == 0xf4)
			high = 0x8f;
	}
	return c >= low && c <= high;
}

/* How many of the @n bytes at @src belong to one sequence, complete or not. */
static size_t prefix(const char *src, size_t n)
{
	const unsigned char *s = (const unsigned char *)src;
	size_t len = length(s[0]), i;

	if (!len)
		return 0;
	for (i = 1; i < len && i < n; i++) {
		if (!continues(s[0], i, s[i]))
			return 0;
	}
	return i;
}

size_t utf8_char(const char *src, size_t n)
{
	size_t len = prefix(src, n);

	return len == length(*src) ? len : 0;
}

size_t utf8_cut(const char *src, size_t n)
{
	for (size_t back = 1; back <= 3 && back <= n; back++) {
		const char *s = src + n - back;

		if (length(*s) > back && prefix(s, back) == back)
			return back;
	}
	return 0;
}

bool utf8_is_control(const char *src)
{
	const unsigned char *s = (const unsigned char *)src;

	switch (s[0]) {
	case 0xc2:
		return s[1] < 0xa0;
	case 0xd8:
		/* U+061C */
		return s[1] == 0x9c;
	case 0xe2:
		/* U+200E, U+200F; U+2028 to U+202E; U+2066 to U+2069 */
		if (s[1] == 0x80)
			return s[2] == 0x8e || s[2] == 0x8f || (s[2] >= 0xa8 && s[2] <= 0xae);
		return s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9;
	}
	return s[0] < 0x20 || s[0] == 0x7f;
}
