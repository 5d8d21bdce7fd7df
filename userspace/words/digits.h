/* SPDX-License-Identifier: GPL-2.0 */
/* What lines are made of, without printf(3), which would cost more than all else in them. */
#ifndef WORDS_DIGITS_H
#define WORDS_DIGITS_H

#include <linux/types.h>
#include <string.h>

/* Most that digits() writes. */
#define DIGITS_MAX	20

/* Each writes @n at @dst, not NUL-terminated, and returns the end of it. */
char *digits(char *dst, __u64 n);
/* Hexadecimal, lowercase, without 0x. */
char *digits_hex(char *dst, __u32 n);
/* The last @width digits, zeros in front. */
char *digits_fixed(char *dst, __u32 n, int width);

/* The same with a constant string. */
#define put_const(d, s)	((char *)memcpy(d, s, sizeof(s) - 1) + sizeof(s) - 1)

#endif /* WORDS_DIGITS_H */
