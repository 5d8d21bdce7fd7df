/* SPDX-License-Identifier: GPL-2.0 */
/* Lengths of time, as people write them. */
#ifndef LIB_DURATION_H
#define LIB_DURATION_H

#include <linux/types.h>
#include <stddef.h>

#define DURATION_SIZE	32

/* "1.234 s", "12.345 ms", "1.000 µs", "12 ns": in @text, which is returned. */
const char *duration_text(char text[DURATION_SIZE], __s64 ns);

/* "1.234567": seconds to the microsecond, cut and not rounded. */
const char *duration_seconds(char text[DURATION_SIZE], __s64 ns);

/**
 * duration_parse() - read a length of time
 * @text: a number, which may have a point in it, and ns, us, µs, ms, s or min
 * @end: set to what follows, if it is not NULL
 * @ns: nanoseconds, up to ten years of them
 *
 * Return: 0, or -1 if there is no such thing at @text, or something behind it
 * where @end is NULL.
 */
int duration_parse(const char *text, const char **end, __s64 *ns);

#endif /* LIB_DURATION_H */
