/* SPDX-License-Identifier: GPL-2.0 */
/*
 * No more than so many bytes a second of what one VM writes to one place; what comes
 * faster is cut.
 *
 * A bucket fills by the times of the writes themselves, so the same writes are cut
 * however late they are read.  A line that was begun goes on to its end, or for LINES_MAX
 * bytes, and what is cut comes in long pieces, of whole lines if there are any: nothing
 * passes until half of the burst may.  Time that goes back fills nothing.
 */
#ifndef WORDS_RATE_H
#define WORDS_RATE_H

#include <dbgport.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "words/entry.h"

/* What is cut is told when nothing was cut for this long ... */
#define RATE_QUIET_NS		200000000ULL
/* ... or, where that goes on, in parts. */
#define RATE_PART_NS		10000000000ULL
/* The largest burst. */
#define RATE_BURST_MAX		(1ULL << 30)

/**
 * struct rate - of one VM's writes to one place
 * @per_s: bytes a second
 * @burst: bytes at once
 * @credit: what may pass now, in 10^-9 bytes; negative: of a line that was begun, more did
 * @filled_ns: when @credit was last added to
 * @within_line: the last write has not ended its line
 * @cutting: what comes is cut
 * @seq, @count, @bytes, @begin_ns, @end_ns: of the writes that were cut and have not been
 *	reported; @count 0: none
 * @total: bytes that were ever cut
 */
struct rate {
	__u64 per_s;
	__u64 burst;
	__s64 credit;
	__u64 filled_ns;
	bool within_line;
	bool cutting;
	__u64 seq;
	__u64 count;
	__u64 bytes;
	__u64 begin_ns;
	__u64 end_ns;
	__u64 total;
};

/* @per_s at least 1, @burst at most RATE_BURST_MAX; the whole burst may pass. */
void rate_init(struct rate *r, __u64 per_s, __u64 burst);

/**
 * rate_take() - what becomes of some writes
 * @r: the VM's
 * @rec: the first of them; anything may stand in it
 * @count: how many, at least 1: of the same width, and their numbers without a gap
 * @lines: they are bytes of lines; POST codes are whole by themselves
 * @cut: set to whether they are cut, and counted; else they are to be shown, after what is
 *	still to be reported
 *
 * Return: how many share that: at least 1.
 */
size_t rate_take(struct rate *r, const struct dbgport_record *rec, size_t count, bool lines,
		 bool *cut);

/**
 * rate_is_due() - whether there is something to be reported now
 * @r: the VM's
 * @ns: time now
 */
bool rate_is_due(const struct rate *r, __u64 ns);

/**
 * rate_report() - what was cut, which is reported by this
 * @r: the VM's, with a @count
 * @vm: the VM
 * @port: where it wrote; 0: to several
 */
struct entry rate_report(struct rate *r, const struct entry_vm *vm, __u16 port);

#endif /* WORDS_RATE_H */
