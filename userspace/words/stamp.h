/* SPDX-License-Identifier: GPL-2.0 */
/* When something was written, as text. */
#ifndef WORDS_STAMP_H
#define WORDS_STAMP_H

#include <linux/types.h>
#include <time.h>

#include "words/style.h"

/* Most that either function writes. */
#define STAMP_MAX	48

/**
 * struct stamp_second - the last second that was made text: a flood has many lines in each
 * @second: since 1970, UTC
 * @date: its text; empty: none was made yet
 * @zone: local time's offset from UTC then
 */
struct stamp_second {
	time_t second;
	char date[sizeof("2026-01-02T03:04:05")];
	char zone[sizeof("+01:00")];
};

/**
 * struct stamp_clock - what makes a wall clock's time of CLOCK_MONOTONIC
 * @offset_ns: CLOCK_REALTIME less CLOCK_MONOTONIC, modulo 2^64
 * @local, @utc: private
 *
 * Begins zeroed, and with stamp_clock_update().
 */
struct stamp_clock {
	__u64 offset_ns;
	struct stamp_second local;
	struct stamp_second utc;
};

/* Take over how the host's clock is set now; once a turn will do. */
void stamp_clock_update(struct stamp_clock *clock);

/**
 * stamp() - the time at a line's beginning
 * @dst: STAMP_MAX bytes; not NUL-terminated
 * @clock: of the styles that show the wall clock
 * @style: enum time_style
 * @ns: CLOCK_MONOTONIC; 0: not known
 * @zero_ns: of STAMP_VM: when the VM began; of STAMP_DELTA: the line before
 *
 * Six digits of a second, the rest is cut off; a space at the end.
 *
 * Return: the end of it.
 */
char *stamp(char *dst, struct stamp_clock *clock, enum time_style style, __u64 ns,
	    __u64 zero_ns);

/**
 * stamp_text() - the same as a string, without the space
 * @text: STAMP_MAX bytes
 * @clock, @ns: as there
 * @style: STAMP_24H, STAMP_ISO8601, STAMP_EPOCH or STAMP_MONOTONIC
 *
 * Return: @text.
 */
char *stamp_text(char *text, struct stamp_clock *clock, enum time_style style, __u64 ns);

/**
 * stamp_utc() - a point of time as ISO 8601 has it, in UTC with nine digits
 * @dst: STAMP_MAX bytes; not NUL-terminated
 * @clock: how the wall clock is set
 * @ns: CLOCK_MONOTONIC
 *
 * Return: the end of it.
 */
char *stamp_utc(char *dst, struct stamp_clock *clock, __u64 ns);

/**
 * stamp_utc_parse() - the opposite
 * @text: what stamp_utc() writes, and nothing else
 * @real_ns: set to the time, CLOCK_REALTIME
 *
 * Return: 0, or -1 if it is none from 1970 to 2261.
 */
int stamp_utc_parse(const char *text, __u64 *real_ns);

#endif /* WORDS_STAMP_H */
