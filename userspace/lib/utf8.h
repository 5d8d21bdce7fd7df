/* SPDX-License-Identifier: GPL-2.0 */
/* UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef LIB_UTF8_H
#define LIB_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/**
 * utf8_char() - the sequence at the beginning of some bytes
 * @src: the bytes
 * @n: how many; at least 1
 *
 * Return: its length, 1 to 4, if it is complete and valid; 0 if it is not.
 */
size_t utf8_char(const char *src, size_t n);

/**
 * utf8_cut() - the beginning of a sequence at the end of some bytes
 * @src: the bytes
 * @n: how many
 *
 * Return: how many bytes at the end would be a valid sequence with more to
 * come: 0 to 3.
 */
size_t utf8_cut(const char *src, size_t n);

/**
 * utf8_is_control() - whether a character does something instead of being seen
 * @src: a valid sequence
 *
 * Those are the control characters (C0, DEL and C1), the separators of lines and
 * paragraphs (U+2028, U+2029), which end a line for many a program, and what
 * turns the direction of the text around it (Unicode's Bidi_Control).
 */
bool utf8_is_control(const char *src);

/* Whether @c is ASCII and no control character. */
static inline bool utf8_is_plain(char c)
{
	return c >= 0x20 && c < 0x7f;
}

#endif /* LIB_UTF8_H */
