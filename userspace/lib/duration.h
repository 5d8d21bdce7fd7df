/* SPDX-License-Identifier: GPL-2.0 */
/* Lengths of time, as people write them. */
#ifndef LIB_DURATION_H
#define LIB_DURATION_H

#include <linux/types.h>

/* Room for what each of these writes. */
#define DURATION_SIZE	32

/*
 * All of them write to @text, which they return, and cut what they do not show
 * instead of rounding it.
 */

/**
 * duration_in() - a length of time in a given unit, without the unit's name
 * @text: where it goes
 * @ns: nanoseconds
 * @unit_ns: the unit: a power of ten, at least 10^@places
 * @places: digits behind the point; 0: no point either
 */
const char *duration_in(char text[DURATION_SIZE], __s64 ns, __s64 unit_ns, int places);

/* "1.234567": seconds to the microsecond. */
const char *duration_seconds(char text[DURATION_SIZE], __s64 ns);

/* In the unit that fits best: "1.234 s", "12.345 ms", "1.000 µs", "12 ns". */
const char *duration_text(char text[DURATION_SIZE], __s64 ns);

/* The whole units in it that duration_text() would show @scale in: "2 s", "400 ms". */
const char *duration_on_scale(char text[DURATION_SIZE], __s64 ns, __s64 scale);

/* Two units at most, as duration_parse() takes them: "7s", "3min20s", "5h07min", "12d03h". */
const char *duration_age(char text[DURATION_SIZE], __s64 ns);

/* Whole seconds in the longest unit that they are a whole number of: "90s", "36h", "30d". */
const char *duration_whole(char text[DURATION_SIZE], __u64 s);

/* What duration_parse() takes, for messages to the user. */
#define DURATION_TAKES	"a number and ns, us, ms, s, min, h or d"

/**
 * duration_parse() - read a length of time
 * @text: a number, which may have a point in it, and ns, us, µs, ms, s, min, h or d;
 *	shorter units may follow, each with its number: "1h30min"
 * @end: set to what follows, if it is not NULL
 * @ns: nanoseconds, up to a hundred years of them; what is below one is cut
 *
 * Return: 0, or -1 if there is no such thing at @text, or something behind it
 * where @end is NULL.
 */
int duration_parse(const char *text, const char **end, __s64 *ns);

/**
 * duration_parse_seconds() - the same where a number alone means something, too
 * @text: the whole of it: as for duration_parse(), or a whole number
 * @unit_s: seconds that such a number counts
 * @s: seconds, up to a hundred years of them
 *
 * Return: 0, or -1 if that is none, or no whole number of seconds.
 */
int duration_parse_seconds(const char *text, __u64 unit_s, __u64 *s);

#endif /* LIB_DURATION_H */
