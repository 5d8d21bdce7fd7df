/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Line assembly: what the vCPUs of one VM write becomes entries of type
 * ENTRY_LINE.
 *
 * Each port of each vCPU has a line of its own, so partial lines never mix.  A
 * line that stays unfinished for LINES_QUIET_MS, or that grows over LINES_MAX
 * bytes, is emitted as far as it goes, and more of it later.
 *
 * Time comes in as milliseconds of any clock that never goes back.
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

struct entry;
struct entry_vm;
struct line;

/**
 * struct lines_pending - lines with bytes that were not emitted, of any number of struct lines
 * @list: in the order in which they began to wait
 */
struct lines_pending {
	TAILQ_HEAD(, line) list;
};

#define LINES_PENDING_INIT(pending)	{ TAILQ_HEAD_INITIALIZER((pending).list) }

/* Whether there are any: lines_quiet() is due in LINES_QUIET_MS at the latest. */
bool lines_are_pending(const struct lines_pending *pending);

/**
 * struct lines - the lines of one VM, as far as they go to one place
 * @age: the one that began the longest ago first
 * @pending: where they wait
 * @vm: of which VM the entries are
 * @emit: called with each entry; must not put anything in
 * @arg: what @emit is called with
 * @last: written to last; NULL: none
 * @bucket: by port and vCPU; NULL until something is written, as most outputs
 *	of many VMs stay silent
 * @count: how many
 */
struct lines {
	TAILQ_HEAD(, line) age;
	struct lines_pending *pending;
	const struct entry_vm *vm;
	void (*emit)(void *arg, const struct entry *entry);
	void *arg;
	struct line *last;
	struct line **bucket;
	size_t count;
};

/**
 * lines_init() - begin without a line
 * @lines: what to set
 * @pending: the list that they share with others; must stay
 * @vm: of which VM the entries are; must stay
 * @emit: called with each entry, which is gone when it returns
 * @arg: what @emit is called with
 */
void lines_init(struct lines *lines, struct lines_pending *pending, const struct entry_vm *vm,
		void (*emit)(void *arg, const struct entry *entry), void *arg);

/**
 * lines_put() - take one write
 * @lines: the VM's
 * @rec: the write; anything may stand in it
 * @data: its bytes
 * @n: how many
 * @now: time, in ms
 */
void lines_put(struct lines *lines, const struct dbgport_record *rec, const char *data, size_t n,
	       __u64 now);

/* No more comes: emit and finish every line, and free all. */
void lines_end(struct lines *lines);

/* Emit the unfinished lines that have been quiet long enough at @now, in ms. */
void lines_quiet(struct lines_pending *pending, __u64 now);

/**
 * lines_oldest() - what has been taken and not been emitted
 * @lines: the VM's
 * @seq: set to the number of the first such write
 *
 * Return: whether there is one.
 */
bool lines_oldest(const struct lines *lines, __u64 *seq);

#endif /* WORDS_LINES_H */
