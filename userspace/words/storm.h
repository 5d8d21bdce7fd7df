/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Linux's io_delay writes whatever is in AL to port 0x80, thousands of times a
 * second, just to wait.  Firmware's codes come by the dozen.  So codes that
 * come faster than a budget refills are counted and not shown.
 */
#ifndef WORDS_STORM_H
#define WORDS_STORM_H

#include <linux/types.h>
#include <stdbool.h>

#include "words/entry.h"

/* Codes shown at once before any is left out, and how fast they come back. */
#define STORM_BURST		256
#define STORM_REFILL_NS		10000000ULL
/* A storm ends when no code came for this long ... */
#define STORM_QUIET_NS		200000000ULL
/* ... or when they come so slowly that this much may be shown again. */
#define STORM_CALM		(STORM_BURST / 2)
/* One that goes on is reported in parts, so that people see it, and positions move. */
#define STORM_PART_NS		10000000000ULL

/**
 * struct storm - the codes of one output
 * @budget: codes that may be shown now
 * @raging: codes are counted, until the storm has ended
 * @refilled_ns: when @budget was last added to
 * @seq, @end_seq, @count, @begin_ns, @end_ns: of the codes that were counted and have not
 *	been reported; @count 0: none
 */
struct storm {
	unsigned int budget;
	bool raging;
	__u64 refilled_ns;
	__u64 seq;
	__u64 end_seq;
	__u64 count;
	__u64 begin_ns;
	__u64 end_ns;
};

void storm_init(struct storm *s);

/**
 * storm_takes() - whether a code belongs to a storm
 * @s: the output's
 * @seq: the write's number
 * @ns: its time
 *
 * Return: true: it was counted, and must not be shown; false: it is to be
 * shown, after what is still to be reported of a storm before it.
 */
bool storm_takes(struct storm *s, __u64 seq, __u64 ns);

/**
 * storm_is_over() - whether there are counted codes to be reported now
 * @s: the output's
 * @ns: time now
 */
bool storm_is_over(const struct storm *s, __u64 ns);

/**
 * storm_report() - what was counted, which is reported by this
 * @s: the output's, with a @count
 * @vm: of which VM
 * @port: where the codes were written
 */
struct entry storm_report(struct storm *s, const struct entry_vm *vm, __u16 port);

#endif /* WORDS_STORM_H */
