// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "lib/clock.h"
#include "lib/number.h"
#include "words/digits.h"
#include "words/stamp.h"

void stamp_clock_update(struct stamp_clock *clock)
{
	clock->offset_ns = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
}

static bool is_made(const struct stamp_second *s, time_t second)
{
	return s->second == second && *s->date;
}

static const struct stamp_second *local_second(struct stamp_clock *clock, time_t second)
{
	struct stamp_second *s = &clock->local;
	char zone[sizeof("+0100")] = "";
	struct tm tm;

	if (is_made(s, second))
		return s;
	localtime_r(&second, &tm);
	strftime(s->date, sizeof(s->date), "%FT%T", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	memcpy(s->zone, zone, 3);
	s->zone[3] = ':';
	memcpy(s->zone + 4, zone + 3, 2);
	s->second = second;
	return s;
}

static const struct stamp_second *utc_second(struct stamp_clock *clock, time_t second)
{
	struct stamp_second *s = &clock->utc;
	struct tm tm;

	if (is_made(s, second))
		return s;
	gmtime_r(&second, &tm);
	strftime(s->date, sizeof(s->date), "%FT%T", &tm);
	s->second = second;
	return s;
}

static char *put(char *dst, const char *s, size_t n)
{
	memcpy(dst, s, n);
	return dst + n;
}

/* "[    1.234567] ", as in dmesg. */
static char *bracketed(char *dst, __u64 ns, __u64 zero_ns)
{
	bool negative = (__s64)(ns - zero_ns) < 0;
	char text[DIGITS_MAX + 1], *t = text;
	__u64 diff = ns - zero_ns;

	if (zero_ns && negative) {
		diff = -diff;
		*t++ = '-';
	}
	t = digits(t, diff / NSEC_PER_SEC);
	*dst++ = '[';
	for (int pad = 5 - (t - text); pad > 0; pad--)
		*dst++ = ' ';
	dst = put(dst, text, t - text);
	*dst++ = '.';
	dst = digits_fixed(dst, diff % NSEC_PER_SEC / 1000, 6);
	return put(dst, "] ", 2);
}

static char *wall(char *dst, struct stamp_clock *clock, enum time_style style, __u64 ns)
{
	const struct stamp_second *s = local_second(clock, ns / NSEC_PER_SEC);

	if (style == STAMP_24H)
		dst = put(dst, s->date + 11, 8);
	else
		dst = put(dst, s->date, 19);
	*dst++ = '.';
	dst = digits_fixed(dst, ns % NSEC_PER_SEC / 1000, 6);
	if (style == STAMP_ISO8601)
		dst = put(dst, s->zone, 6);
	*dst++ = ' ';
	return dst;
}

char *stamp(char *dst, struct stamp_clock *clock, enum time_style style, __u64 ns,
	    __u64 zero_ns)
{
	bool is_wall = style == STAMP_24H || style == STAMP_ISO8601;

	if (style == STAMP_NONE)
		return dst;
	if (!ns)
		return is_wall ? put(dst, "? ", 2) : put(dst, "[           ?] ", 15);
	if (is_wall)
		return wall(dst, clock, style, ns + clock->offset_ns);
	if (style == STAMP_EPOCH)
		return bracketed(dst, ns + clock->offset_ns, 0);
	if (style == STAMP_MONOTONIC)
		return bracketed(dst, ns, 0);
	return bracketed(dst, ns, zero_ns);
}

char *stamp_text(char *text, struct stamp_clock *clock, enum time_style style, __u64 ns)
{
	stamp(text, clock, style, ns, 0)[-1] = '\0';
	return text;
}

char *stamp_utc(char *dst, struct stamp_clock *clock, __u64 ns)
{
	__u64 real = ns + clock->offset_ns;

	dst = put(dst, utc_second(clock, real / NSEC_PER_SEC)->date, 19);
	*dst++ = '.';
	dst = digits_fixed(dst, real % NSEC_PER_SEC, 9);
	*dst++ = 'Z';
	return dst;
}

int stamp_utc_parse(const char *text, __u64 *real_ns)
{
	const char *end, *rest;
	struct tm tm = { 0 };
	time_t second;
	__u64 ns;

	end = strptime(text, "%FT%T", &tm);
	if (!end || *end != '.')
		return -1;
	rest = number_scan(end + 1, NUMBER_DECIMAL, &ns);
	if (!rest || rest - end != 10 || strcmp(rest, "Z"))
		return -1;
	second = timegm(&tm);
	if (second < 0 || second > (time_t)(LLONG_MAX / NSEC_PER_SEC - 1))
		return -1;
	*real_ns = second * NSEC_PER_SEC + ns;
	return 0;
}
