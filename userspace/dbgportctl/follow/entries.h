/* SPDX-License-Identifier: GPL-2.0 */
/* The records of one VM as entries: lines, codes, storms, writes, events. */
#ifndef DBGPORTCTL_FOLLOW_ENTRIES_H
#define DBGPORTCTL_FOLLOW_ENTRIES_H

#include <dbgport.h>
#include <stdbool.h>

#include "dbgportctl/follow/form.h"
#include "words/begins.h"
#include "words/entry.h"
#include "words/format.h"
#include "words/lines.h"
#include "words/storm.h"

/**
 * entries_emit - called with each entry
 * @arg: the caller's
 * @formatter: of the VM, for the one that renders the entry
 * @entry: gone when this returns
 */
typedef void entries_emit(void *arg, struct formatter *formatter, const struct entry *entry);

/**
 * struct entries - one VM
 * @next: in a list of the caller's
 * @vm: what entries tell of it
 * @formatter: what they are rendered with
 * @form: which ports are looked at, and what they carry
 * @begins: its boots, of which @vm tells the present one
 * @lines: what vCPUs have begun to write
 * @storm: recognises Linux's io_delay; @storm_port: where the last of it was written
 * @emit, @arg: where entries go
 */
struct entries {
	struct entries *next;
	struct entry_vm vm;
	struct formatter formatter;
	const struct form *form;
	struct begins begins;
	struct lines lines;
	struct storm storm;
	__u16 storm_port;
	entries_emit *emit;
	void *arg;
};

/**
 * entries_init() - begin with a VM, and emit that it was attached
 * @e: filled in, but for @next; must not be moved
 * @form: what to look at; must stay
 * @formatter: copied
 * @pending: lines that wait, for lines_quiet(); must stay
 * @emit: called with each entry
 * @arg: what @emit is called with
 * @vm: what is known of the VM, besides @rec
 * @rule: what begins a boot; NULL: it is recognised
 * @rec: DBGPORT_ATTACHED
 */
void entries_init(struct entries *e, const struct form *form, const struct formatter *formatter,
		  struct lines_pending *pending, entries_emit *emit, void *arg,
		  const struct entry_vm *vm, const struct begins_rule *rule,
		  const struct dbgport_record *rec);

/**
 * entries_begin_at() - all before this has been read by others
 * @e: the VM; nothing has come yet
 * @state: how far it has come
 */
void entries_begin_at(struct entries *e, const struct begins_state *state);

/* Take a write that is not shown, for the number of the boot. */
void entries_pass(struct entries *e, const struct dbgport_record *rec);

/**
 * entries_put() - take a record of the VM
 * @e: the VM
 * @rec: what came; anything may stand in a write
 * @now_ns: time, CLOCK_MONOTONIC
 */
void entries_put(struct entries *e, const struct dbgport_record *rec, __u64 now_ns);

/* Whether there are codes that were not shown: entries_calm() is due in STORM_QUIET_NS. */
bool entries_have_storm(const struct entries *e);

/* Emit them, if their storm is over at @now_ns. */
void entries_calm(struct entries *e, __u64 now_ns);

/* No more comes: emit what is unfinished, and free all. */
void entries_end(struct entries *e);

#endif /* DBGPORTCTL_FOLLOW_ENTRIES_H */
