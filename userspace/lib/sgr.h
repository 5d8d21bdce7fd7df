/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sequences by which terminals are told colours and other looks of text: ESC [,
 * digits, semicolons and colons, and m (ECMA-48, "select graphic rendition").
 */
#ifndef LIB_SGR_H
#define LIB_SGR_H

#include <stddef.h>

/* The longest that is known as one. */
#define SGR_MAX	32

/* The length of the one at the beginning of @n bytes; 0: there is none. */
size_t sgr_length(const char *src, size_t n);

/* How many of @n bytes at their end may be the beginning of one: 0 to SGR_MAX - 1. */
size_t sgr_cut(const char *src, size_t n);

/* Take all of them out of @n bytes; returns how many are left. */
size_t sgr_drop(char *text, size_t n);

#endif /* LIB_SGR_H */
