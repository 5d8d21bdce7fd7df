/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages of the program itself: one line each, on standard error, or where
 * the program says.
 *
 * What it keeps is static: there is one log in a process.
 */
#ifndef LIB_LOG_H
#define LIB_LOG_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* Worst first. */
enum log_level {
	LOG_LEVEL_ERROR,	/* something does not work */
	LOG_LEVEL_WARNING,	/* something is missing or lost */
	LOG_LEVEL_INFO,		/* what comes and goes */
	LOG_LEVEL_DEBUG,	/* what is done about it */
};

/* The longest message, with the program's name in front. */
#define LOG_MAX		1023

/* Their names on the command line, ending with NULL. */
extern const char *const log_levels[];

/**
 * log_set_level() - which messages are written
 * @name: of log_levels[]: less severe messages are left out; NULL: "info"
 *
 * Return: whether there is a level of that name.
 */
bool log_set_level(const char *name);

/* Which program it is that speaks; a string that stays. */
void log_as(const char *name);

/**
 * log_to() - where messages go from now on
 * @write: takes one message of @n bytes, at most LOG_MAX, without line end; NULL:
 *	they go straight to standard error, which may block, as at the very
 *	beginning and end
 * @arg: what @write is called with
 */
void log_to(void (*write)(void *arg, const char *text, size_t n), void *arg);

/*
 * Whether @fd is a stream to the journal, which takes "<3>" at a line's
 * beginning as its priority: no line may begin with what a guest chose.
 */
bool log_is_journal(int fd);

/* One message, without line end; what is beyond LOG_MAX bytes is cut off. */
void log_at(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...)		log_at(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...)	log_at(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_line(...)		log_at(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...)		log_at(LOG_LEVEL_DEBUG, __VA_ARGS__)

/*
 * So many messages of one place in the code, in so long a time: a host that
 * starts 1,000 VMs at once hears of each.
 */
#define LOG_LIMIT_LINES		2000
#define LOG_LIMIT_MS		60000

/**
 * struct log_limit - of one place in the code
 * @since: when the span of LOG_LIMIT_MS began: CLOCK_MONOTONIC in milliseconds
 * @lines: in that span
 * @skipped: messages that were too many, and that the log has not counted yet
 */
struct log_limit {
	__u64 since;
	unsigned int lines;
	unsigned int skipped;
};

/* Whether one more message may be written; says how many were not. */
bool log_may(struct log_limit *limit, enum log_level level);

/* For what VMs, VMMs and clients can cause without end. */
#define log_limited(level, ...) do {					\
	static struct log_limit limit_;					\
									\
	if (log_may(&limit_, level))					\
		log_at(level, __VA_ARGS__);				\
} while (0)

#endif /* LIB_LOG_H */
