/* SPDX-License-Identifier: GPL-2.0 */
/* When something was written, as text. */
#ifndef WORDS_STAMP_H
#define WORDS_STAMP_H

#include <linux/types.h>

#include "words/style.h"

/* Most that either function writes. */
#define STAMP_MAX	48

/**
 * stamp() - the time at a line's beginning
 * @dst: STAMP_MAX bytes; not NUL-terminated
 * @style: enum time_style
 * @ns: CLOCK_MONOTONIC; 0: not known
 * @zero_ns: of TIME_VM: when the VM began; of TIME_DELTA: the line before
 *
 * Six digits of a second, the rest is cut off; a space at the end.
 *
 * Return: the end of it.
 */
char *stamp(char *dst, enum time_style style, __u64 ns, __u64 zero_ns);

/**
 * stamp_utc() - a point of time as ISO 8601 has it, in UTC with nine digits
 * @dst: STAMP_MAX bytes; not NUL-terminated
 * @ns: CLOCK_MONOTONIC
 *
 * Return: the end of it.
 */
char *stamp_utc(char *dst, __u64 ns);

#endif /* WORDS_STAMP_H */
