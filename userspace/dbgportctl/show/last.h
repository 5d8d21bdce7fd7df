/* SPDX-License-Identifier: GPL-2.0 */
/* What a VM wrote last: in a sentence, and in lines. */
#ifndef DBGPORTCTL_SHOW_LAST_H
#define DBGPORTCTL_SHOW_LAST_H

#include <dbgport.h>
#include <stdbool.h>
#include <stddef.h>

#include "dbgportctl/follow/entries.h"
#include "dbgportctl/follow/form.h"
#include "dbgportctl/follow/print.h"
#include "dbgportctl/vm/vms.h"

/* Bytes of a line that the sentence has, with its end. */
#define LAST_TEXT_SIZE	200

/**
 * struct last_said - a line or a code
 * @port, @vcpu: where it was written
 * @time_ns: when it began, CLOCK_MONOTONIC
 * @before_ns: when the one before began; 0: there is none
 * @text: it, harmless, perhaps cut
 */
struct last_said {
	__u16 port;
	__u16 vcpu;
	__u64 time_ns;
	__u64 before_ns;
	char text[LAST_TEXT_SIZE];
};

/**
 * struct last - one VM
 * @form, @print, @formatter, @pending, @entries: private: what its records become
 * @began: private: @entries is set up
 * @write: private: the last write so far
 * @said: private: the last line that is not empty, or code, that came with its last write
 * @said_ns: private: when the last one of all began
 */
struct last {
	struct form form;
	struct print print;
	struct formatter formatter;
	struct lines_pending pending;
	struct entries entries;
	bool began;
	struct dbgport_record write;
	struct last_said said;
	__u64 said_ns;
};

/**
 * last_init() - begin with nothing
 * @last: filled in; must not be moved
 * @lines: how many lines last_print_lines() prints at most
 * @time: what stands before them; STAMP_NONE: what tail has by itself
 */
void last_init(struct last *last, size_t lines, enum time_style time);

/**
 * last_add() - take one record
 * @last: of the VM
 * @vm: the VM
 * @rec: in their order; anything may stand in a write
 */
void last_add(struct last *last, const struct known_vm *vm, const struct dbgport_record *rec);

/* No more comes; frees all but the lines. */
void last_end(struct last *last);

/**
 * last_print_sentence() - say on standard output when it wrote last, where, and what
 * @last: after last_end()
 * @vm: the VM, with its last write
 * @time: STAMP_NONE: how long ago; else when, in this style
 */
void last_print_sentence(const struct last *last, const struct known_vm *vm,
			 enum time_style time);

/* Whether there is a line to be printed. */
bool last_has_lines(const struct last *last);

/* Print the last lines and codes as tail does, and free them. */
void last_print_lines(struct last *last);

#endif /* DBGPORTCTL_SHOW_LAST_H */
