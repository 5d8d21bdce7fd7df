// SPDX-License-Identifier: GPL-2.0
/*
 * name.c - which names a VM may be given
 *
 * A name comes from one user and is shown to others: it is text, and nothing that
 * does something to a terminal.
 */
#include <linux/string.h>

#include "name.h"

/* The lowest code point of a sequence of so many bytes; all others would be overlong. */
static const u32 name_lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };

/* Length of the UTF-8 sequence that begins with @first, 0 if none does; its bits. */
static unsigned int name_sequence(u8 first, u32 *c)
{
	if (first < 0x80) {
		*c = first;
		return 1;
	}
	if (first >= 0xc2 && first < 0xe0) {
		*c = first & 0x1f;
		return 2;
	}
	if (first >= 0xe0 && first < 0xf0) {
		*c = first & 0x0f;
		return 3;
	}
	if (first >= 0xf0 && first < 0xf5) {
		*c = first & 0x07;
		return 4;
	}
	return 0;
}

/* Length of the character at @s, which has a NUL behind; 0 if it is not a good one. */
static unsigned int name_character(const char *s)
{
	unsigned int i, len;
	u32 c;

	len = name_sequence(*s, &c);
	if (!len)
		return 0;
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < name_lowest[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	/* Controls: C0, DEL, C1. */
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return 0;
	return len;
}

/**
 * dbgport_name_is_good() - whether a VM may be called so
 * @name:	any bytes
 * @size:	how many
 *
 * Return: whether it is UTF-8 without control characters, of one character or
 * more, and all from its NUL to the end of @size is 0.
 */
bool dbgport_name_is_good(const char *name, size_t size)
{
	size_t len = strnlen(name, size), at = 0;

	if (!len || len == size || memchr_inv(name + len, 0, size - len))
		return false;
	while (at < len) {
		unsigned int n = name_character(name + at);

		if (!n)
			return false;
		at += n;
	}
	return true;
}
