// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "dbgportd/format.h"
#include "lib/codes.h"

/* Length of the UTF-8 sequence that @c begins; 0 if it begins none. */
static size_t sequence_length(unsigned char c)
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

/* How many of the @n bytes at @s belong to one sequence, complete or not. */
static size_t sequence_prefix(const unsigned char *s, size_t n)
{
	size_t len = sequence_length(s[0]), i;

	if (!len)
		return 0;
	for (i = 1; i < len && i < n; i++) {
		if (!continues(s[0], i, s[i]))
			return 0;
	}
	return i;
}

static bool is_control(const unsigned char *s)
{
	/* C1 in UTF-8 is c2 80 … c2 9f, and terminals obey it. */
	return (s[0] < 0x20 && s[0] != '\t') || s[0] == 0x7f ||
	       (s[0] == 0xc2 && s[1] < 0xa0);
}

size_t format_harmless(char *dst, const char *src, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *s = (const unsigned char *)src;
	const unsigned char *end = s + n;
	char *d = dst;

	while (s < end) {
		size_t len = sequence_prefix(s, end - s);

		if (len && len == sequence_length(s[0]) && !is_control(s)) {
			memcpy(d, s, len);
			d += len;
			s += len;
			continue;
		}
		*d++ = '<';
		*d++ = hex[*s >> 4];
		*d++ = hex[*s & 0xf];
		*d++ = '>';
		s++;
	}
	return d - dst;
}

size_t format_unfinished(const char *src, size_t n)
{
	const unsigned char *s = (const unsigned char *)src;

	if (n && s[n - 1] == '\r')
		return 1;
	for (size_t back = 1; back <= 3 && back <= n; back++) {
		size_t len = sequence_length(s[n - back]);

		if (len > back && sequence_prefix(s + n - back, back) == back)
			return back;
	}
	return 0;
}

size_t format_post(char *dst, __u32 code, __u64 ns)
{
	return snprintf(dst, FORMAT_LINE_MAX,
			"[Debug I/O port: %s code 0x%x] %llu.%06u seconds",
			code_component(code), code, ns / 1000000000,
			(unsigned int)(ns / 1000 % 1000000));
}

size_t format_lost(char *dst, __u64 count)
{
	return snprintf(dst, FORMAT_LINE_MAX, "[… %llu %s lost …]", count,
			count == 1 ? "write" : "writes");
}
