/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the boots of one VM begin.
 *
 * A guest that is reset goes on as the same VM, and nothing in its records says so.
 * What is seen is that its firmware begins anew: the first POST code or the first line
 * of the first boot comes again.  A boot begins
 *
 *	with the banner of a known firmware, if that was the first line (SeaBIOS, OVMF);
 *	SeaBIOS's second one, after "Turning on vga text mode console", is no beginning
 *
 *	with the first code or line, whichever came first, once a later phase was
 *	reached: a code of a higher range of cloud-hypervisor's (0x20, 0x40, 0x60), or,
 *	where a line came first, one of Linux's that tells its start or that of init
 *
 * What comes again before a later phase was reached is no beginning at all, nor is a
 * code of 0x80 and above, one of a storm (storm.h), or one that comes within
 * BEGINS_QUIET_NS after another: Linux's io_delay writes such.
 *
 * Of a VM whose beginning is not known, as it was attached late or its first writes
 * were lost, only the banner of a known firmware begins a boot, and what is before it is
 * the first boot.
 *
 * Lines are looked at per port and vCPU, without colours, blanks at both ends, and what
 * is beyond BEGINS_TEXT bytes.
 */
#ifndef WORDS_BEGINS_H
#define WORDS_BEGINS_H

#include <dbgport.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "words/storm.h"

/* Bytes of a line that are looked at. */
#define BEGINS_TEXT	256
/* Ports and vCPUs whose lines are followed at once. */
#define BEGINS_LINES	8
#define BEGINS_QUIET_NS	1000000ULL

/**
 * struct begins_rule - what begins a boot, as the user says
 * @text: a line that has this in it; NULL: @code
 * @code: a POST code
 */
struct begins_rule {
	const char *text;
	__u32 code;
};

/**
 * begins_rule_parse() - understand "0x40" or "SeaBIOS (version"
 * @rule: filled in
 * @value: a number is a code, all else a text; must stay
 * @why: on failure, one line for the user, beginning with @value
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int begins_rule_parse(struct begins_rule *rule, const char *value, char *why, size_t size);

/**
 * struct begins_first - the first code or line of the first boot
 * @seen: there was one
 * @usable: it can begin a boot
 * @seq: number of its first write
 * @what: the code; of a line, a hash
 * @port: where it was written
 * @initial: of a line: its first character
 * @rank: the phase it belongs to, from 0
 * @banner: of a known firmware: which, from 1; 0: none
 */
struct begins_first {
	bool seen;
	bool usable;
	__u16 port;
	char initial;
	__s8 rank;
	__u8 banner;
	__u64 seq;
	__u64 what;
};

/**
 * struct begins_state - what is known of a VM, for the program that goes on with it
 * @number: of the present boot, from 1
 * @seq, @time_ns: of its first write; of the first boot: 0
 * @next_seq: what is before it has been taken
 * @any: there was a write: the first one had number @first_seq
 * @whole: what comes is known from its first write on
 * @matched: what the user's rule says has come
 * @banner_due: the port that SeaBIOS's second banner is to come on; 0: none
 * @rank: the highest phase of this boot, from 0; -1: none
 * @code, @line: the first of each
 */
struct begins_state {
	__u32 number;
	bool any;
	bool whole;
	bool matched;
	__u16 banner_due;
	__s8 rank;
	__u64 seq;
	__u64 time_ns;
	__u64 first_seq;
	__u64 next_seq;
	struct begins_first code;
	struct begins_first line;
};

/**
 * struct begins_line - a line that has not ended
 * @port, @vcpu: whose
 * @over: the rest of it is of no interest
 * @seq, @time_ns: of its first byte
 * @len: bytes in @buf
 */
struct begins_line {
	__u16 port;
	__u16 vcpu;
	bool over;
	__u64 seq;
	__u64 time_ns;
	size_t len;
	char buf[BEGINS_TEXT];
};

/**
 * struct begins_codes - how POST codes come
 * @storm: of all of them
 * @last_ns: when the last one came
 */
struct begins_codes {
	struct storm storm;
	__u64 last_ns;
};

/**
 * struct begins - the boots of one VM
 * @state: how far it has come
 * @rule: what begins a boot; NULL: as told above
 * @codes: how POST codes come; NULL until there is one
 * @changed: @state says something else than before the last write, but for @next_seq
 * @line, @lines: lines that have not ended, and how many; NULL until there is text;
 *	@last: written to last; @oldest: the next one to be given up
 */
struct begins {
	struct begins_state state;
	const struct begins_rule *rule;
	bool changed;
	__u8 lines;
	__u8 last;
	__u8 oldest;
	struct begins_codes *codes;
	struct begins_line *line;
};

/**
 * begins_init() - before the first write of a VM
 * @b: filled in; to be freed by begins_end()
 * @rule: what begins a boot; must stay; NULL: as told above
 * @late: the VM was running before it was attached
 */
void begins_init(struct begins *b, const struct begins_rule *rule, bool late);

/* No more comes: free what is there. */
void begins_end(struct begins *b);

/**
 * begins_writes() - take writes, until a boot has begun
 * @b: the VM's
 * @rec: the first of them; each once and in their order; what was taken already is passed
 *	over
 * @count: how many, at least 1: to one port and of the same width
 * @begun: set to whether a boot has begun: @b->state says with which write, which may be
 *	some before @rec, as a line is known only at its end
 *
 * Return: how many were taken: all, or up to the one by which a boot has begun.
 */
size_t begins_writes(struct begins *b, const struct dbgport_record *rec, size_t count,
		     bool *begun);

/* The same with one write.  Return: whether a boot has begun. */
static inline bool begins_write(struct begins *b, const struct dbgport_record *rec)
{
	bool begun;

	begins_writes(b, rec, 1, &begun);
	return begun;
}

/**
 * begins_code() - the same, for a POST code
 * @b: the VM's
 * @seq, @time_ns: of the write
 * @value: the code
 *
 * Return: whether a boot has begun.
 */
bool begins_code(struct begins *b, __u64 seq, __u64 time_ns, __u32 value);

/**
 * begins_text() - the same, for text with its line ends
 * @b: the VM's
 * @rec: a write, of which only port, vCPU, number and time count
 * @text: the bytes
 * @n: how many
 *
 * Return: whether a boot has begun.
 */
bool begins_text(struct begins *b, const struct dbgport_record *rec, const char *text, size_t n);

/* Some writes are missing here: the lines that have not ended are no lines. */
void begins_lost(struct begins *b);

#endif /* WORDS_BEGINS_H */
