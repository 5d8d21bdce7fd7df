/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers as people write them.  Never with a sign or with white space before
 * them, and a zero in front makes no number octal, which is never meant.
 */
#ifndef LIB_NUMBER_H
#define LIB_NUMBER_H

#include <linux/types.h>

enum number_kind {
	NUMBER_ANY,		/* decimal, or hexadecimal after 0x or 0X: "233", "0xe9" */
	NUMBER_DECIMAL,		/* "233" */
	NUMBER_OCTAL,		/* "0640", "640" */
	NUMBER_HEX,		/* hexadecimal without a prefix: "e9" */
	NUMBER_0X,		/* hexadecimal, and 0x must be there: "0xe9" */
	NUMBER_BYTES,		/* decimal, with K, M, G or T for powers of 1024: "64K" */
};

/**
 * number_scan() - read the number that a text begins with
 * @text: the text
 * @kind: how it may be written
 * @number: set to it, from 0 to 2^64 - 1
 *
 * Return: what follows the number, or NULL if there is none or it is too large;
 * @number is not touched then.
 */
const char *number_scan(const char *text, enum number_kind kind, __u64 *number);

/**
 * number_parse() - read a text that is a number and nothing else
 * @text: the text
 * @kind: how it may be written
 * @min: the lowest that is taken
 * @max: the highest that is taken
 * @number: set to it
 *
 * Return: 0, or -1 with @number untouched.
 */
int number_parse(const char *text, enum number_kind kind, __u64 min, __u64 max, __u64 *number);

#endif /* LIB_NUMBER_H */
