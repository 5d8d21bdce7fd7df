// SPDX-License-Identifier: GPL-2.0
#include "dbgportctl/boot/moment.h"

/* One that is set as the host's was; it remembers the last second. */
static struct stamp_clock *clock_of(const struct boot *boot)
{
	static struct stamp_clock clock;

	clock.offset_ns = boot->real_ns - boot->zero_ns;
	return &clock;
}

const char *moment_text(char text[MOMENT_SIZE], const struct boot *boot, __s64 time_ns,
			enum time_style style)
{
	bool known = boot->real_ns || style == STAMP_MONOTONIC;

	return stamp_text(text, clock_of(boot), style, known ? boot->zero_ns + time_ns : 0);
}

int moment_width(enum time_style style)
{
	switch (style) {
	case STAMP_24H:
		return sizeof("07:19:42.019004") - 1;
	case STAMP_ISO8601:
		return sizeof("2026-11-23T07:19:42.019004+01:00") - 1;
	default:
		return sizeof("[1795418382.019004]") - 1;
	}
}

const char *moment_utc(char text[MOMENT_SIZE], const struct boot *boot)
{
	if (!boot->real_ns)
		return NULL;
	*stamp_utc(text, clock_of(boot), boot->zero_ns) = '\0';
	return text;
}
