// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "checks.h"

/* Arrays and objects in each other. */
#define DEPTH_MAX	32

/* The character at @s, and its length in *@len; -1: it is none. */
static long next_char(const char *s, size_t n, size_t *len)
{
	static const long least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = *s;
	long value;

	*len = c < 0x80 ? 1 : (c & 0xe0) == 0xc0 ? 2 : (c & 0xf0) == 0xe0 ? 3 :
	       (c & 0xf8) == 0xf0 ? 4 : 0;
	if (!*len || *len > n)
		return -1;
	value = *len == 1 ? c : c & (0x7f >> *len);
	for (size_t i = 1; i < *len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return -1;
		value = value << 6 | (s[i] & 0x3f);
	}
	if (value < least[*len] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
		return -1;
	return value;
}

bool is_utf8(const char *s, size_t n)
{
	size_t len;

	for (; n; s += len, n -= len) {
		if (next_char(s, n, &len) < 0)
			return false;
	}
	return true;
}

/* Unicode's Bidi_Control, and the separators of lines and paragraphs. */
static bool turns_or_ends_lines(long c)
{
	return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

bool is_harmless(const char *s, size_t n)
{
	size_t len;

	for (; n; s += len, n -= len) {
		long c = next_char(s, n, &len);

		if (c < 0 || (c < 0x20 && c != '\t') || (c >= 0x7f && c < 0xa0) ||
		    turns_or_ends_lines(c))
			return false;
	}
	return true;
}

struct json {
	const char *at;
	const char *end;
	int depth;
};

static bool value(struct json *j);

/* Most of what is looked at: without a call that the sanitizers look at, too. */
static bool one(struct json *j, char c)
{
	if (j->at == j->end || *j->at != c)
		return false;
	j->at++;
	return true;
}

static void blanks(struct json *j)
{
	while (one(j, ' ') || one(j, '\t') || one(j, '\r') || one(j, '\n'))
		;
}

static bool token(struct json *j, char c)
{
	blanks(j);
	return one(j, c);
}

static bool word(struct json *j, const char *w)
{
	size_t n = strlen(w);

	if ((size_t)(j->end - j->at) < n || memcmp(j->at, w, n))
		return false;
	j->at += n;
	return true;
}

static bool digits(struct json *j)
{
	const char *from = j->at;

	while (j->at < j->end && *j->at >= '0' && *j->at <= '9')
		j->at++;
	return j->at > from;
}

static bool number(struct json *j)
{
	const char *from;

	one(j, '-');
	from = j->at;
	if (!digits(j) || (*from == '0' && j->at - from > 1))
		return false;
	if (one(j, '.') && !digits(j))
		return false;
	if (one(j, 'e') || one(j, 'E')) {
		if (!one(j, '+'))
			one(j, '-');
		return digits(j);
	}
	return true;
}

static long hex4(struct json *j)
{
	static const char hex[] = "0123456789abcdef0123456789ABCDEF";
	long n = 0;

	for (int i = 0; i < 4; i++) {
		const char *digit;

		if (j->at == j->end || !*j->at)
			return -1;
		digit = strchr(hex, *j->at++);
		if (!digit)
			return -1;
		n = n * 16 + (digit - hex) % 16;
	}
	return n;
}

/* Behind "\\u"; surrogates are two. */
static long code_point(struct json *j)
{
	long c = hex4(j), low;

	if (c < 0xd800 || c >= 0xe000)
		return c;
	low = c < 0xdc00 && word(j, "\\u") ? hex4(j) : -1;
	return low >= 0xdc00 && low < 0xe000 ? 0x10000 + (c - 0xd800) * 0x400 + low - 0xdc00 : -1;
}

/* Behind a backslash. */
static long escape(struct json *j)
{
	static const char short_ones[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *which;

	if (j->at == j->end || !*j->at)
		return -1;
	if (one(j, 'u'))
		return code_point(j);
	which = strchr(short_ones, *j->at++);
	return which ? meant[which - short_ones] : -1;
}

static char *put_utf8(char *dst, long c)
{
	if (c < 0x80) {
		*dst++ = c;
	} else if (c < 0x800) {
		*dst++ = 0xc0 | c >> 6;
		*dst++ = 0x80 | (c & 0x3f);
	} else {
		if (c < 0x10000) {
			*dst++ = 0xe0 | c >> 12;
		} else {
			*dst++ = 0xf0 | c >> 18;
			*dst++ = 0x80 | (c >> 12 & 0x3f);
		}
		*dst++ = 0x80 | (c >> 6 & 0x3f);
		*dst++ = 0x80 | (c & 0x3f);
	}
	return dst;
}

/* @dst: where it goes; NULL: nowhere */
static long string(struct json *j, char *dst)
{
	char *d = dst, small[4];
	long n = 0;

	if (!one(j, '"'))
		return -1;
	while (!one(j, '"')) {
		size_t len;
		long c;

		if (j->at == j->end)
			return -1;
		if (one(j, '\\')) {
			c = escape(j);
			if (c < 0)
				return -1;
			len = put_utf8(small, c) - small;
			if (dst)
				d = put_utf8(d, c);
		} else {
			c = next_char(j->at, j->end - j->at, &len);
			if (c < 0x20)
				return -1;
			if (dst)
				d = (char *)memcpy(d, j->at, len) + len;
			j->at += len;
		}
		n += len;
	}
	return n;
}

static bool array(struct json *j)
{
	if (token(j, ']'))
		return true;
	do {
		if (!value(j))
			return false;
	} while (token(j, ','));
	return token(j, ']');
}

static bool object(struct json *j)
{
	if (token(j, '}'))
		return true;
	do {
		blanks(j);
		if (string(j, NULL) < 0 || !token(j, ':') || !value(j))
			return false;
	} while (token(j, ','));
	return token(j, '}');
}

static bool value(struct json *j)
{
	bool ok;

	blanks(j);
	if (j->at == j->end || ++j->depth > DEPTH_MAX)
		return false;
	switch (*j->at) {
	case '{':
		j->at++;
		ok = object(j);
		break;
	case '[':
		j->at++;
		ok = array(j);
		break;
	case '"':
		ok = string(j, NULL) >= 0;
		break;
	case 't':
		ok = word(j, "true");
		break;
	case 'f':
		ok = word(j, "false");
		break;
	case 'n':
		ok = word(j, "null");
		break;
	default:
		ok = number(j);
	}
	j->depth--;
	return ok;
}

bool is_json(const char *s, size_t n)
{
	struct json j = { .at = s, .end = s + n };

	if (!value(&j))
		return false;
	blanks(&j);
	return j.at == j.end;
}

long json_decode(char *dst, const char *s, size_t n)
{
	struct json j = { .at = s, .end = s + n };
	long len = string(&j, dst);

	return j.at == j.end ? len : -1;
}
