// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/say.h"

static void say(const char *fmt, va_list args)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, args);
	/* After what was printed before, where both go to one terminal. */
	fflush(stdout);
	fprintf(stderr, "dbgportctl: %s\n", text);
}

int fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	return STATUS_FAILED;
}

int fail_usage(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	return STATUS_USAGE;
}

bool has_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb") && isatty(STDOUT_FILENO);
}

int end_output(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return STATUS_OK;
	return fail("standard output: %s", strerror(errno));
}
