/* SPDX-License-Identifier: GPL-2.0 */
/* The guest's bytes made fit to be shown. */
#ifndef LIB_ESCAPE_H
#define LIB_ESCAPE_H

#include <stddef.h>

/* Longest that escape() makes of one byte. */
#define ESCAPE_MAX	4

/**
 * escape() - show what a terminal would obey, but drop colours
 * @dst: room for ESCAPE_MAX times @n; not NUL-terminated
 * @src: the guest's bytes, without the line end
 * @n: how many
 *
 * Text stays as it is: printable ASCII, tab and valid UTF-8.  The bytes of what
 * utf8_is_control() and bytes that are no UTF-8 become their hexadecimal value,
 * as in <1b>.  Of colour sequences (sgr.h) nothing is left.
 *
 * Return: bytes written to @dst.
 */
size_t escape(char *dst, const char *src, size_t n);

/* The same, with colour sequences shown as all else. */
size_t escape_all(char *dst, const char *src, size_t n);

/**
 * escape_unfinished() - bytes at the end that only make sense with what follows
 * @src: the guest's bytes
 * @n: how many
 *
 * Return: the length of the carriage return, or of the beginning of a UTF-8
 * sequence or of a colour sequence, that ends @src: 0 to SGR_MAX - 1.
 */
size_t escape_unfinished(const char *src, size_t n);

#endif /* LIB_ESCAPE_H */
