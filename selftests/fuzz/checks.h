/* SPDX-License-Identifier: GPL-2.0 */
/* What output must be like; written anew, not to believe what is tested. */
#ifndef FUZZ_CHECKS_H
#define FUZZ_CHECKS_H

#include <stdbool.h>
#include <stddef.h>

bool is_utf8(const char *s, size_t n);

/* UTF-8 without control characters, but tabs: fit for any terminal. */
bool is_harmless(const char *s, size_t n);

/* One JSON value, and nothing behind it. */
bool is_json(const char *s, size_t n);

/**
 * json_decode() - what a JSON string stands for
 * @dst: room for @n bytes
 * @s: the string, with its quotes
 * @n: its length
 *
 * Return: bytes at @dst, or -1 if it is no JSON string.
 */
long json_decode(char *dst, const char *s, size_t n);

#endif /* FUZZ_CHECKS_H */
