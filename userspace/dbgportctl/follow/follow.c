// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/newest.h"
#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/follow/follow.h"
#include "dbgportctl/vm/reader.h"
#include "lib/array.h"
#include "lib/clock.h"
#include "lib/device.h"
#include "lib/vmname.h"
#include "libdbgport/libdbgport.h"

#define RETRY_MS	1000

/**
 * struct following - what is under way
 * @f: what is wanted
 * @wish: what that is for the reader
 * @reader: the device; closed while the module is not there
 * @retry_ns: when to look for it again, then
 * @now_ns: time of this turn, CLOCK_MONOTONIC
 * @until_ns: when it has taken too long; 0: never
 * @idle: there was nothing to read in the last turn
 * @output: standard output, where it can be seen whether it has a reader; else -1
 * @quiet: something waits for its VM to have been quiet for long enough
 * @pending: lines that wait for their end
 * @newest: the boots that VMs were at before, where that matters
 * @first: VMs that were met
 * @seen: how many these were, also those that ended
 * @several: there was more than one
 * @reports: what happens is told now
 */
struct following {
	const struct follow *f;
	struct reader_wish wish;
	struct reader reader;
	__u64 retry_ns;
	__u64 now_ns;
	__u64 until_ns;
	bool idle;
	int output;
	bool quiet;
	struct lines_pending pending;
	struct newest_boots newest;
	struct entries *first;
	unsigned int seen;
	bool several;
	bool reports;
};

static void see_several(struct following *g)
{
	g->several = true;
	for (struct entries *e = g->first; e; e = e->next)
		e->formatter.several = true;
}

static void report_coming(const struct following *g, const struct known_vm *vm)
{
	if (g->reports)
		fail("%s (VM %u) has come", vm->name, vm->info.vm);
}

static void report_end(const struct following *g, const struct known_vm *vm)
{
	struct dbgport_vm_info now;
	bool detached;

	if (!g->reports)
		return;
	detached = !dbgport_vm_info(g->reader.fd, vm->info.vm, &now) &&
		   now.flags & DBGPORT_VM_DETACHED;
	fail("%s (VM %u) %s; waiting for the next one of that name", vm->name, vm->info.vm,
	     detached ? "was detached" : "has ended");
}

static void add_vm(struct following *g, struct known_vm *vm, const struct dbgport_record *rec)
{
	const struct begins_state *boot = newest_boot_of(&g->newest, vm->info.vm);
	const struct follow *f = g->f;
	struct formatter formatter = f->formatter;
	struct entry_vm told = {
		.id = vm->info.vm,
		.pid = vm->info.pid,
		.uid = vm->info.uid,
		.restored = vm->info.flags & DBGPORT_VM_RESTORED,
		.started_ns = vm->info.started_ns,
		.created_ns = vm->info.created_ns,
	};
	struct entries *e;

	if (f->form->vm && !vmname_matches(vm->name, f->form->vm))
		return;
	if (++g->seen == 2)
		see_several(g);
	formatter.several = g->several;
	snprintf(told.name, sizeof(told.name), "%s", vm->name);
	e = must(malloc(sizeof(*e)));
	entries_init(e, f->form, &formatter, &g->pending, f->emit, f->arg, &told,
		     f->begins, rec);
	if (boot)
		entries_begin_at(e, boot);
	e->next = g->first;
	g->first = e;
	vm->state = e;
	report_coming(g, vm);
}

static void remove_vm(struct following *g, struct known_vm *vm)
{
	struct entries **p = &g->first;

	while (*p != vm->state)
		p = &(*p)->next;
	*p = (*p)->next;
	free(vm->state);
	vm->state = NULL;
}

/* Whether it was written before what is to be shown. */
static bool is_before(const struct following *g, const struct known_vm *vm,
		      const struct dbgport_record *rec)
{
	const struct begins_state *boot;

	if (rec->time_ns < g->f->since_ns)
		return true;
	if (!g->f->since_boot)
		return false;
	boot = newest_boot_of(&g->newest, vm->info.vm);
	return boot && rec->seq < boot->seq;
}

static void take(void *arg, struct known_vm *vm, const struct dbgport_record *rec)
{
	struct following *g = arg;
	__u64 count = rec->seq, writes = rec->count;

	if (!vm) {
		fail("%llu VMs with %llu writes came and went before they were read", count,
		     writes);
		return;
	}
	if (rec->type == DBGPORT_WRITE && is_before(g, vm, rec)) {
		if (vm->state)
			entries_pass(vm->state, rec);
		return;
	}
	if (rec->type == DBGPORT_ATTACHED && !vm->state)
		add_vm(g, vm, rec);
	else if (vm->state)
		entries_put(vm->state, rec, g->now_ns);
	if (rec->type == DBGPORT_GONE && vm->state) {
		remove_vm(g, vm);
		report_end(g, vm);
	}
}

/* The VMs that are there have not ended, but no more comes from them. */
static void end_vms(struct following *g)
{
	while (g->first) {
		struct entries *e = g->first;

		g->first = e->next;
		entries_end(e);
		free(e);
	}
}

static void lose_device(struct following *g)
{
	end_vms(g);
	reader_close(&g->reader);
	g->retry_ns = g->now_ns;
	if (g->reports)
		fail("the module was unplugged; waiting for it");
}

static void look_for_device(struct following *g)
{
	char why[512];

	if (g->now_ns < g->retry_ns)
		return;
	if (reader_open(&g->reader, &g->wish, why, sizeof(why)))
		g->retry_ns = g->now_ns + RETRY_MS * NSEC_PER_MSEC;
	else if (g->reports)
		fail("the module is there again");
}

static void emit_quiet(struct following *g)
{
	lines_quiet(&g->pending, g->now_ns / NSEC_PER_MSEC);
	g->quiet = lines_are_pending(&g->pending);
	for (struct entries *e = g->first; e; e = e->next) {
		entries_calm(e, g->now_ns);
		g->quiet = g->quiet || entries_have_storm(e);
	}
}

/* The sooner of both, in ms; -1: never. */
static int sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* In ms, and not before. */
static int time_to(const struct following *g, __u64 ns)
{
	return ns > g->now_ns ? (ns - g->now_ns + NSEC_PER_MSEC - 1) / NSEC_PER_MSEC : 0;
}

/* In ms, for poll(2). */
static int time_to_wait(const struct following *g)
{
	int timeout = g->quiet ? LINES_QUIET_MS : -1;

	if (!g->idle)
		return 0;
	if (g->until_ns)
		timeout = sooner(timeout, time_to(g, g->until_ns));
	if (g->reader.fd < 0)
		timeout = sooner(timeout, time_to(g, g->retry_ns));
	return timeout;
}

/*
 * Until there is something to read, or to do.  Return: false if no one reads what we
 * print: the next write may never come.
 */
static bool wait_for_more(const struct following *g)
{
	struct pollfd pfd[] = {
		{ .fd = g->reader.fd, .events = POLLIN },
		{ .fd = g->output },
	};

	return poll(pfd, ARRAY_SIZE(pfd), time_to_wait(g)) <= 0 ||
	       !(pfd[1].revents & (POLLERR | POLLHUP));
}

static bool is_over(const struct following *g, enum follow_end *end)
{
	const struct follow *f = g->f;

	*end = FOLLOW_READ;
	if (f->is_done && f->is_done(f->arg))
		*end = FOLLOW_DONE;
	else if (g->until_ns && g->now_ns >= g->until_ns)
		*end = FOLLOW_TIMEOUT;
	else if (!ferror(stdout) && (f->by_name || g->reader.living || !*f->names))
		return false;
	return true;
}

/* One turn.  Return: false if that failed, which has been said. */
static bool turn(struct following *g)
{
	bool by_name = g->f->by_name;
	int n = 0;

	if (g->reader.fd < 0)
		look_for_device(g);
	if (g->reader.fd >= 0)
		n = reader_read(&g->reader, take, g);
	if (n < 0 && !by_name) {
		fail("%s: %s", device_path,
		     n == -ENODEV ? "the module was unplugged" : strerror(-n));
		return false;
	}
	if (n < 0)
		lose_device(g);
	emit_quiet(g);
	g->f->turn(g->f->arg);
	g->idle = n <= 0;
	return true;
}

static enum follow_end go_on(struct following *g)
{
	enum follow_end end;

	if (g->f->timeout_ms >= 0)
		g->until_ns = g->now_ns + g->f->timeout_ms * NSEC_PER_MSEC;
	g->reports = g->f->reports;
	if (g->reports && !g->reader.living)
		fail("no VM of that name is running; waiting for one");
	/* It may be over by what a turn makes of the quiet. */
	while (!is_over(g, &end)) {
		if (!wait_for_more(g)) {
			output_unread();
			return FOLLOW_FAILED;
		}
		g->now_ns = clock_ns(CLOCK_MONOTONIC);
		if (!turn(g))
			return FOLLOW_FAILED;
	}
	return end;
}

static enum follow_end read_all(struct following *g)
{
	const struct follow *f = g->f;
	int err;

	if (g->reader.living > 1)
		see_several(g);
	err = reader_read_kept(&g->reader, take, g);
	if (err) {
		fail("%s: %s", device_path, strerror(-err));
		return FOLLOW_FAILED;
	}
	if (f->caught_up)
		f->caught_up(f->arg);
	if (f->go_on)
		return go_on(g);
	return f->is_done && f->is_done(f->arg) ? FOLLOW_DONE : FOLLOW_READ;
}

/* What is not read tells its boots first, for those who want to know. */
static int read_boots(struct following *g, char *why, size_t size)
{
	struct reader_wish wish = g->wish;

	if (!g->f->since_boot && (!g->f->newest || !g->f->form->format->events))
		return 0;
	wish.newest = false;
	return newest_boots_read(&g->newest, &wish, g->f->begins, why, size);
}

enum follow_end follow(const struct follow *f)
{
	struct following g = {
		.f = f,
		.wish = {
			.names = f->names,
			.by_name = f->by_name,
			.living = f->living,
			.newest = f->newest,
			.by_time = true,
		},
		.now_ns = clock_ns(CLOCK_MONOTONIC),
		.output = output_reader_fd(),
		.pending = LINES_PENDING_INIT(g.pending),
	};
	enum follow_end end;
	char why[512];

	if (read_boots(&g, why, sizeof(why)) ||
	    reader_open(&g.reader, &g.wish, why, sizeof(why))) {
		newest_boots_free(&g.newest);
		fail("%s", why);
		return FOLLOW_FAILED;
	}
	end = read_all(&g);
	end_vms(&g);
	newest_boots_free(&g.newest);
	if (g.reader.fd >= 0)
		reader_close(&g.reader);
	return end;
}
