// SPDX-License-Identifier: GPL-2.0
/* What all ways to show figures share. */
#include <stdio.h>

#include "dbgportctl/boots/boots.h"
#include "lib/clock.h"

const char *change_text(char text[CHANGE_SIZE], __s64 before, __s64 now)
{
	double percent = before ? 100.0 * (now - before) / before : 0;

	if (before && percent < 100000)
		snprintf(text, CHANGE_SIZE, "%+.1f%%", percent);
	else
		snprintf(text, CHANGE_SIZE, "new");
	return text;
}

const char *ms_text(char text[DURATION_SIZE], __s64 ns)
{
	return duration_in(text, ns, NSEC_PER_MSEC, 3);
}
