// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>

#include "dbgportctl/cli/fail.h"

static void print_message(const char *fmt, va_list args)
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
	print_message(fmt, args);
	va_end(args);
	return STATUS_FAILED;
}

void fail_warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_message(fmt, args);
	va_end(args);
}

int fail_usage(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_message(fmt, args);
	va_end(args);
	return STATUS_USAGE;
}
