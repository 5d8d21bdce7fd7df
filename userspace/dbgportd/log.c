// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dbgportd/lines.h"
#include "dbgportd/log.h"

static struct sink *log_sink;

void log_to(struct sink *sink)
{
	log_sink = sink;
}

void log_line(const char *fmt, ...)
{
	char text[1024] = "dbgportd: ";
	size_t len = strlen(text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(text + len, sizeof(text) - len, fmt, args);
	va_end(args);

	if (log_sink)
		lines_note(log_sink, NULL, text, strlen(text));
	else
		dprintf(STDERR_FILENO, "%s\n", text);
}
