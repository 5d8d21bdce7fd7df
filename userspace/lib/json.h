/* SPDX-License-Identifier: GPL-2.0 */
/* JSON's strings. */
#ifndef LIB_JSON_H
#define LIB_JSON_H

#include <stdbool.h>
#include <stddef.h>

/* Room that the string of @n bytes needs. */
#define JSON_STRING_MAX(n)	(6 * (n) + 2)

/**
 * json_quote() - any bytes as a JSON string
 * @dst: room for JSON_STRING_MAX(@n); not NUL-terminated
 * @src: the bytes
 * @n: how many
 *
 * What utf8_is_control() is escaped, so the string is harmless on a terminal too,
 * and on one line for every program; bytes that are no UTF-8 become U+FFFD.
 *
 * Return: bytes written to @dst, the quotes included.
 */
size_t json_quote(char *dst, const char *src, size_t n);

/* As json_quote(); @exact: cleared if the string does not tell what @src was. */
size_t json_guest_string(char *dst, const char *src, size_t n, bool *exact);

#endif /* LIB_JSON_H */
