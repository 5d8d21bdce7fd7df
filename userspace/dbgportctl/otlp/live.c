// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/before.h"
#include "dbgportctl/boot/finish.h"
#include "dbgportctl/boot/records.h"
#include "dbgportctl/boot/setting.h"
#include "dbgportctl/boot/split.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/otlp/live.h"
#include "words/storm.h"

/*
 * Behind a boot that is over, so many are kept or twice as many: what begins the next one
 * is a code or a line, which is known at its end.
 */
#define BETWEEN_RECORDS	4096

/**
 * struct live_vm - a VM's boot
 * @begins: where boots begin
 * @storm: of POST codes, which are none then
 * @rec, @count: what it wrote
 * @lost: writes that had no room
 * @last_ns: when it wrote last
 * @over: the boot is; what comes is between two
 */
struct live_vm {
	struct begins begins;
	struct storm storm;
	struct dbgport_record *rec;
	size_t count;
	__u64 lost;
	__u64 last_ns;
	bool over;
};

static struct live_vm *live_of(const struct live_rules *rules, struct known_vm *vm)
{
	struct live_vm *live = vm->state;

	if (live)
		return live;
	live = must(calloc(1, sizeof(*live)));
	begins_init(&live->begins, rules->begins, vm->info.flags & DBGPORT_VM_LATE);
	storm_init(&live->storm);
	vm->state = live;
	return live;
}

static void fill(struct boot *boot, const struct boot_rules *rules, const struct live_vm *live,
		 size_t count)
{
	const struct dbgport_record lost = {
		.type = DBGPORT_LOST,
		.seq = live->rec[count - 1].seq + 1,
		.count = live->lost,
	};
	struct boot_records records;

	boot_records_begin(&records, boot, boot_rules_codes(rules));
	for (size_t i = 0; i < count; i++)
		boot_records_put(&records, &live->rec[i]);
	if (live->lost)
		boot_records_put(&records, &lost);
	boot_records_end(&records);
}

/* Boot number @number is over: the first @count records, which begin with it. */
static void end_boot(const struct live_rules *rules, const struct known_vm *vm, __u32 number,
		     size_t count)
{
	struct live_vm *live = vm->state;
	struct boot *boot;

	if (live->over || !count)
		return;
	boot = must(calloc(1, sizeof(*boot)));
	boot_describe(boot, vm);
	boot->number = number;
	/* The first one counts from the VM's zero. */
	boot->zero_ns = number > 1 ? live->rec[0].time_ns : vm->info.zero_ns;
	boot->late = boot->late && number == 1;
	if (number > 1)
		boot_forget_before(boot);
	boot_set_label(boot, false);
	fill(boot, rules->rules, live, count);
	if (boot_order(boot)) {
		fail("a boot of VM %s (id %u) is left out: its times contradict its numbers",
		     boot->vm, boot->id);
	} else {
		boots_set_clock(&boot, 1);
		boot_rules_apply(rules->rules, boot);
		rules->over(rules->arg, boot);
	}
	boot_free(boot);
}

/* Without the first @count records. */
static void drop(struct live_vm *live, size_t count)
{
	live->count -= count;
	if (live->count) {
		memmove(live->rec, live->rec + count, live->count * sizeof(*live->rec));
		return;
	}
	/* A VM may be silent for good. */
	free(live->rec);
	live->rec = NULL;
}

static void end_now(const struct live_rules *rules, struct known_vm *vm)
{
	struct live_vm *live = vm->state;

	end_boot(rules, vm, live->begins.state.number, live->count);
	live->over = true;
	live->lost = 0;
	drop(live, live->count);
}

static void keep(struct live_vm *live, const struct dbgport_record *rec)
{
	if (live->over && live->count == 2 * BETWEEN_RECORDS)
		drop(live, BETWEEN_RECORDS);
	if (live->count == LIVE_RECORDS) {
		live->lost += rec->type == DBGPORT_LOST ? rec->count : 1;
		return;
	}
	live->rec = grow(live->rec, live->count, sizeof(*rec));
	live->rec[live->count++] = *rec;
}

/* A boot has begun with write @seq: what is before it is the one before. */
static void begin_boot(const struct live_rules *rules, struct known_vm *vm,
		       const struct begins_state *state)
{
	struct live_vm *live = vm->state;
	size_t before = live->count;

	while (before && live->rec[before - 1].seq >= state->seq)
		before--;
	end_boot(rules, vm, state->number - 1, before);
	live->over = false;
	live->lost = 0;
	drop(live, before);
}

/* Whether boots end with the code that @rec writes. */
static bool is_end(const struct live_rules *rules, struct live_vm *live,
		   const struct dbgport_record *rec)
{
	return rec->port == DBGPORT_POST_PORT &&
	       !storm_takes(&live->storm, rec->seq, rec->time_ns) &&
	       rec->value == rules->rules->until;
}

static void put_write(const struct live_rules *rules, struct known_vm *vm,
		      const struct dbgport_record *rec)
{
	struct live_vm *live = vm->state;
	bool ends;

	live_look(rules, vm, rec->time_ns);
	keep(live, rec);
	live->last_ns = rec->time_ns;
	ends = is_end(rules, live, rec);
	if (begins_write(&live->begins, rec))
		begin_boot(rules, vm, &live->begins.state);
	if (ends && !live->over)
		end_now(rules, vm);
}

void live_put(const struct live_rules *rules, struct known_vm *vm,
	      const struct dbgport_record *rec)
{
	struct live_vm *live = live_of(rules, vm);

	if (rec->type == DBGPORT_WRITE) {
		put_write(rules, vm, rec);
	} else if (rec->type == DBGPORT_LOST) {
		begins_lost(&live->begins);
		keep(live, rec);
	} else if (rec->type == DBGPORT_GONE) {
		end_now(rules, vm);
		live_forget(vm);
	}
}

__u64 live_look(const struct live_rules *rules, struct known_vm *vm, __u64 now_ns)
{
	struct live_vm *live = vm->state;
	__u64 end_ns;

	if (!live || live->over || !live->last_ns)
		return 0;
	end_ns = live->last_ns + rules->quiet_ns;
	if (now_ns < end_ns)
		return end_ns - now_ns;
	end_now(rules, vm);
	return 0;
}

void live_forget(struct known_vm *vm)
{
	struct live_vm *live = vm->state;

	if (!live)
		return;
	begins_end(&live->begins);
	free(live->rec);
	free(live);
	vm->state = NULL;
}
