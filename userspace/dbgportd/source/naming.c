// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/loop/clock.h"
#include "dbgportd/loop/loop.h"
#include "dbgportd/source/naming.h"
#include "lib/asker.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/vmname.h"

/**
 * struct waiting - a VM that has no name yet, or not its own
 * @next: in the list, the oldest first
 * @attached: its first record
 * @info: what the module told of it
 * @rec: what came since
 * @count, @size: of @rec: records, and room for records
 * @asked: its name has been asked for
 * @own: the name; "": not known
 * @deadline: loop_now() at which it goes on as it is
 */
struct waiting {
	struct waiting *next;
	struct dbgport_record attached;
	struct dbgport_vm_info info;
	struct dbgport_record *rec;
	size_t count;
	size_t size;
	bool asked;
	char own[VMNAME_OWN_SIZE];
	__u64 deadline;
};

static void answered(struct event *ev, int res);
static void time_is_up(struct event *ev, int res);

static const struct naming *naming;
static struct waiting *waiting;
static size_t kept;
static struct event answers = { .done = answered };
static struct event deadline = { .done = time_is_up };

static void go_on(struct waiting *w)
{
	struct waiting **link = &waiting;

	while (*link != w)
		link = &(*link)->next;
	*link = w->next;
	kept -= w->count;
	if (!*w->own)
		vmname_make(w->own, NULL, &w->info, w->info.vm);
	naming->go_on(&w->attached, &w->info, w->own, w->rec, w->count);
	free(w->rec);
	free(w);
}

static bool may_go_on(const struct waiting *w)
{
	__u32 holder;

	if (!*w->own)
		return false;
	holder = naming->holder(w->own);
	return !holder || !naming->has_ended(holder);
}

/* All that can; what one does can let another one go on. */
static void let_go_on(void)
{
	struct waiting *w = waiting;

	while (w) {
		if (may_go_on(w)) {
			go_on(w);
			w = waiting;
		} else {
			w = w->next;
		}
	}
}

static void wait_for_the_first(void)
{
	__u64 now = loop_now();

	if (!waiting || deadline.busy)
		return;
	loop_timeout(&deadline, waiting->deadline > now ? waiting->deadline - now : 0);
}

static void time_is_up(struct event *ev, int res)
{
	(void)ev;
	if (res == -ECANCELED)
		return;
	while (waiting && waiting->deadline <= loop_now()) {
		if (!*waiting->own)
			log_limited(LOG_LEVEL_WARNING,
				    "VM %u: its VMM, process %d, did not let its name be read in time",
				    waiting->info.vm, waiting->info.pid);
		go_on(waiting);
	}
	wait_for_the_first();
}

static void ask_for_names(void)
{
	for (struct waiting *w = waiting; w; w = w->next) {
		if (w->asked || *w->own)
			continue;
		if (asker_name(&w->info) == -EAGAIN)
			return;
		w->asked = true;
	}
}

static void take_answer(const struct answer *a)
{
	struct waiting *w = waiting;

	if (a->to == ASKED_RUNNING) {
		if (a->result < 0)
			log_warning("/proc: %s: VMs that are running already are not attached",
				    strerror(-a->result));
		return;
	}
	while (w && w->info.vm != a->vm)
		w = w->next;
	if (!w || *w->own)
		return;
	naming->settle(a, &w->info, w->own);
}

static void take_answers(void)
{
	struct answer a;

	while (asker_answer(&a))
		take_answer(&a);
	ask_for_names();
	let_go_on();
}

static void answered(struct event *ev, int res)
{
	if (res < 0)
		return;
	take_answers();
	if (res & POLLHUP) {
		log_warning("the process that asks for names has been ended: VMs that come are called after their VMMs");
		loop_cancel(ev);
	}
}

void naming_start(const struct naming *n)
{
	naming = n;
	loop_watch(&answers, asker_fd(), POLLIN);
}

void naming_attached(const struct dbgport_record *rec, const struct dbgport_vm_info *info)
{
	struct waiting *w = calloc(1, sizeof(*w)), **end = &waiting;
	char own[VMNAME_OWN_SIZE];

	if (!w) {
		vmname_make(own, NULL, info, info->vm);
		naming->go_on(rec, info, own, NULL, 0);
		return;
	}
	w->attached = *rec;
	w->info = *info;
	w->deadline = loop_now() + NAMING_MS;
	/* It is known, or no one is there to be asked. */
	if (*info->name || info->pid <= 0 || info->flags & DBGPORT_VM_GONE)
		vmname_make(w->own, NULL, info, info->vm);
	while (*end)
		end = &(*end)->next;
	*end = w;
	ask_for_names();
	let_go_on();
	wait_for_the_first();
}

static struct waiting *find(__u32 vm)
{
	struct waiting *w = waiting;

	while (w && w->info.vm != vm)
		w = w->next;
	return w;
}

static struct waiting *longest(void)
{
	struct waiting *l = waiting;

	for (struct waiting *w = waiting; w; w = w->next) {
		if (w->count > l->count)
			l = w;
	}
	return l;
}

static bool keep(struct waiting *w, const struct dbgport_record *rec)
{
	if (w->count == w->size) {
		size_t size = w->size ? 2 * w->size : 64;
		struct dbgport_record *more = reallocarray(w->rec, size, sizeof(*more));

		if (!more)
			return false;
		w->rec = more;
		w->size = size;
	}
	w->rec[w->count++] = *rec;
	kept++;
	return true;
}

bool naming_keeps(const struct dbgport_record *rec)
{
	struct waiting *w = find(rec->vm);

	if (!w)
		return false;
	if (keep(w, rec)) {
		if (kept > NAMING_RECORDS)
			go_on(longest());
		return true;
	}
	go_on(w);
	return false;
}

void naming_gone(void)
{
	let_go_on();
}

bool naming_waits(void)
{
	return waiting;
}

void naming_finish(unsigned int ms)
{
	__u64 end = clock_ns(CLOCK_MONOTONIC) + ms * NSEC_PER_MSEC, now;
	struct pollfd pfd = { .fd = asker_fd(), .events = POLLIN };

	while (waiting && (now = clock_ns(CLOCK_MONOTONIC)) < end &&
	       poll(&pfd, 1, (end - now) / NSEC_PER_MSEC + 1) > 0 && !(pfd.revents & POLLHUP))
		take_answers();
	while (waiting)
		go_on(waiting);
}

void naming_stop(void)
{
	loop_cancel(&answers);
	loop_cancel(&deadline);
}

bool naming_is_idle(void)
{
	return !answers.busy && !deadline.busy;
}
