/* SPDX-License-Identifier: GPL-2.0 */
/* How things are written for people to read. */
#ifndef DBGPORTD_FORMAT_H
#define DBGPORTD_FORMAT_H

#include <linux/types.h>
#include <stddef.h>

/* Longest that format_harmless() makes of one byte. */
#define FORMAT_HARMLESS_MAX	4
/* Enough for format_post() and format_lost(), whatever the numbers. */
#define FORMAT_LINE_MAX		96

/**
 * format_harmless() - show what a terminal would obey
 * @dst: room for FORMAT_HARMLESS_MAX times @n; not NUL-terminated
 * @src: the guest's bytes, without the line end
 * @n: how many
 *
 * Text stays as it is: printable ASCII, tab and valid UTF-8.  Control
 * characters (C0, DEL, and C1 also where they are valid UTF-8) and bytes that
 * are no UTF-8 become their hexadecimal value, as in <1b>.
 *
 * Return: bytes written to @dst.
 */
size_t format_harmless(char *dst, const char *src, size_t n);

/**
 * format_unfinished() - bytes at the end that only make sense with what follows
 * @src: the guest's bytes
 * @n: how many
 *
 * Return: the length of the carriage return or the beginning of a UTF-8
 * sequence that ends @src: 0 to 3.
 */
size_t format_unfinished(const char *src, size_t n);

/**
 * format_post() - the line of one POST code
 * @dst: FORMAT_LINE_MAX bytes
 * @code: the full value
 * @ns: nanoseconds since the VM's zero
 *
 * Return: bytes written, without NUL or line end.
 */
size_t format_post(char *dst, __u32 code, __u64 ns);

/**
 * format_lost() - the note that stands where writes are missing
 * @dst: FORMAT_LINE_MAX bytes
 * @count: how many writes
 *
 * Return: bytes written, without NUL or line end.
 */
size_t format_lost(char *dst, __u64 count);

#endif /* DBGPORTD_FORMAT_H */
