// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/log.h"

const char *const log_levels[] = { "error", "warning", "info", "debug", NULL };

/* As in syslog(3), which is how the journal knows them. */
static const char *const prefixes[] = { "<3>", "<4>", "<6>", "<7>" };

static void (*write_message)(void *arg, const char *text, size_t n);
static void *write_arg;
static enum log_level most = LOG_LEVEL_INFO;
static const char *program = "dbgportd";

bool log_set_level(const char *name)
{
	for (int i = 0; log_levels[i]; i++) {
		if (strcmp(log_levels[i], name ?: "info"))
			continue;
		most = i;
		return true;
	}
	return false;
}

void log_as(const char *name)
{
	program = name;
}

void log_to(void (*write)(void *arg, const char *text, size_t n), void *arg)
{
	write_message = write;
	write_arg = arg;
}

bool log_is_journal(int fd)
{
	const char *env = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	return env && sscanf(env, "%llu:%llu", &dev, &ino) == 2 && !fstat(fd, &st) &&
	       st.st_dev == dev && st.st_ino == ino;
}

void log_at(enum log_level level, const char *fmt, ...)
{
	char text[LOG_MAX + 1];
	va_list args;
	int len;

	if (level > most)
		return;
	len = snprintf(text, sizeof(text), "%s%s: ",
		       log_is_journal(STDERR_FILENO) ? prefixes[level] : "", program);
	va_start(args, fmt);
	vsnprintf(text + len, sizeof(text) - len, fmt, args);
	va_end(args);

	if (write_message)
		write_message(write_arg, text, strlen(text));
	else
		dprintf(STDERR_FILENO, "%s\n", text);
}

bool log_may(struct log_limit *limit, enum log_level level)
{
	__u64 now = clock_ns(CLOCK_MONOTONIC) / NSEC_PER_MSEC;

	if (now - limit->since >= LOG_LIMIT_MS) {
		if (limit->skipped)
			log_at(level, "messages like the next that were left out: %u",
			       limit->skipped);
		*limit = (struct log_limit){ .since = now };
	}
	if (limit->lines < LOG_LIMIT_LINES) {
		limit->lines++;
		return true;
	}
	limit->skipped++;
	return false;
}
