/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Line assembly: what the vCPUs of one VM write becomes entries of type
 * ENTRY_LINE on one output.
 *
 * Each port of each vCPU has a line of its own, so partial lines never mix.  A
 * line that stays unfinished for LINES_QUIET_MS, or that grows over LINES_MAX
 * bytes, is told as far as it goes, and more of it later.
 */
#ifndef WORDS_LINES_H
#define WORDS_LINES_H

#include <dbgport.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

/* Most bytes that one entry has. */
#define LINES_MAX	1024
#define LINES_QUIET_MS	200
/* The torn end of a line, such as half a character, waits longer for the rest. */
#define LINES_TORN_MS	1000
/*
 * Lines that one VM has on one output.  A vCPU beyond that ends the line that
 * has been open the longest.
 */
#define LINES_COUNT	1024
#define LINES_BUCKETS	64

struct line;
struct output;

/**
 * struct lines - the lines of one output
 * @age: the one that began the longest ago first
 * @out: whose
 * @last: written to last; NULL: none
 * @bucket: by port and vCPU; NULL until something is written, as most outputs
 *	of many VMs have nothing to say
 * @count: how many
 */
struct lines {
	TAILQ_HEAD(, line) age;
	struct output *out;
	struct line *last;
	struct line **bucket;
	size_t count;
};

/* @out must stay as long as @lines does. */
void lines_init(struct lines *lines, struct output *out);

/**
 * lines_put() - take one write
 * @lines: the output's
 * @rec: the write; anything may stand in it
 * @data: its bytes
 * @n: how many
 */
void lines_put(struct lines *lines, const struct dbgport_record *rec,
	       const char *data, size_t n);

/* No more comes: tell and finish every line, and free all. */
void lines_end(struct lines *lines);

/* Tell the unfinished lines that have been quiet long enough at @now, in ms. */
void lines_quiet(__u64 now);

/**
 * lines_oldest() - what has been taken and not been told
 * @lines: the output's
 * @seq: set to the number of the first such write
 *
 * Return: whether there is one.
 */
bool lines_oldest(const struct lines *lines, __u64 *seq);

#endif /* WORDS_LINES_H */
