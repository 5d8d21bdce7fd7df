/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Boots that are under way, out of the module's records as they come.
 *
 * A boot is over when the next one of its VM begins, when the VM has ended, when it came
 * to the code that boots end with, or when its VM has written nothing for some time.
 * What comes after that belongs to no boot until the next one begins.
 *
 * Records are kept until their boot is over, LIVE_RECORDS of each at most.
 */
#ifndef DBGPORTCTL_OTLP_LIVE_H
#define DBGPORTCTL_OTLP_LIVE_H

#include <dbgport.h>

#include "dbgportctl/boot/boot.h"
#include "dbgportctl/boot/rules.h"
#include "dbgportctl/vm/vms.h"
#include "words/begins.h"

/* 8 MiB of them; what a boot writes after that counts as lost. */
#define LIVE_RECORDS	(256 * 1024)

/**
 * live_over - called with each boot that is over
 * @arg: the caller's
 * @boot: finished; freed when this returns
 */
typedef void live_over(void *arg, const struct boot *boot);

/**
 * struct live_rules - when boots begin and end
 * @begins: what begins one; NULL: it is recognised
 * @rules: what they are made of, and the code they end with
 * @quiet_ns: for so long nothing was written
 * @over: called with each boot that is over
 * @arg: what it is called with
 */
struct live_rules {
	const struct begins_rule *begins;
	const struct boot_rules *rules;
	__u64 quiet_ns;
	live_over *over;
	void *arg;
};

struct live_vm;

/* Take a record of @vm, whose @state is a struct live_vm or, at first, NULL. */
void live_put(const struct live_rules *rules, struct known_vm *vm,
	      const struct dbgport_record *rec);

/*
 * Look whether the boot of @vm is over at @now_ns, CLOCK_MONOTONIC.  Return: nanoseconds
 * until it is to be looked again; 0: it has none.
 */
__u64 live_look(const struct live_rules *rules, struct known_vm *vm, __u64 now_ns);

/* Free what is kept of @vm; a boot that is under way is forgotten. */
void live_forget(struct known_vm *vm);

#endif /* DBGPORTCTL_OTLP_LIVE_H */
