// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/fleet/entry.h"
#include "dbgportctl/fleet/heard.h"

static bool is_write(const struct entry *entry)
{
	return entry->type == ENTRY_LINE || entry->type == ENTRY_CODE ||
	       entry->type == ENTRY_WRITE;
}

/* What one message tells. */
static void add(struct heard *heard, const struct fleet_entry *e)
{
	const struct entry *entry = &e->entry;
	const struct entry_vm *vm = &e->vm;
	struct heard_vm *h;

	/* What is lost has no time. */
	if (!entry->time_ns)
		return;
	heard->vm = grow(heard->vm, heard->count, sizeof(*heard->vm));
	h = &heard->vm[heard->count++];
	*h = (struct heard_vm){
		.id = vm->id,
		.pid = vm->pid,
		.boot = vm->boot,
		.zero_ns = vm->zero_ns,
		.last_ns = entry->time_ns,
		.clock_ns = e->clock_ns,
		.writes = entry->seq + entry->count,
		.wrote = is_write(entry),
		.claimed = entry->claimed,
		.ended = entry->type == ENTRY_GONE,
	};
	snprintf(h->host, sizeof(h->host), "%s", e->host.name);
	snprintf(h->name, sizeof(h->name), "%s", vm->name);
}

/* The last one of a VM comes last; its end comes behind what has the same time. */
static int compare(const void *a, const void *b)
{
	const struct heard_vm *x = a, *y = b;
	int order = strcmp(x->host, y->host) ?: strcmp(x->name, y->name);

	if (order)
		return order;
	if (heard_real_ns(x) != heard_real_ns(y))
		return heard_real_ns(x) < heard_real_ns(y) ? -1 : 1;
	return x->ended - y->ended ?: x->wrote - y->wrote;
}

/* @to is what was heard before of a VM of that name on that host. */
static void merge(struct heard_vm *to, const struct heard_vm *later)
{
	struct heard_vm before = *to;

	*to = *later;
	if (before.id != later->id)
		return;
	if (before.boot > to->boot)
		to->boot = before.boot;
	if (before.writes > to->writes)
		to->writes = before.writes;
	if (!later->wrote) {
		to->wrote = before.wrote;
		to->claimed = before.claimed;
	}
}

static void merge_all(struct heard *heard, __u64 since_ns)
{
	size_t kept = 0;

	if (heard->count)
		qsort(heard->vm, heard->count, sizeof(*heard->vm), compare);
	for (size_t i = 0; i < heard->count; i++) {
		struct heard_vm *h = &heard->vm[i], *last = kept ? &heard->vm[kept - 1] : NULL;

		if (last && !strcmp(last->host, h->host) && !strcmp(last->name, h->name))
			merge(last, h);
		else
			heard->vm[kept++] = *h;
	}
	heard->count = kept;
	kept = 0;
	for (size_t i = 0; i < heard->count; i++) {
		if (heard_real_ns(&heard->vm[i]) >= since_ns)
			heard->vm[kept++] = heard->vm[i];
	}
	heard->count = kept;
}

static int read_messages(struct heard *heard, struct fleet_messages *m, char *why)
{
	struct fleet_entry e = { 0 };
	struct fleet_message msg;
	int n = fleet_begin(m, JETSTREAM_LAST_OF_EACH, 0, why) ? -1 : 1;

	while (n > 0) {
		n = fleet_next(m, &msg, why);
		/* What is no object tells nothing. */
		if (n > 0 && !fleet_entry_read(&e, &msg) && e.entry.vm)
			add(heard, &e);
	}
	fleet_entry_free(&e);
	return n;
}

int heard_read(struct heard *heard, const struct fleet *fleet, char *why)
{
	static char *const all[] = { NULL };
	struct fleet_messages m;
	int err;

	*heard = (struct heard){ 0 };
	err = fleet_open(&m, fleet, all, why) ?: read_messages(heard, &m, why);
	merge_all(heard, fleet->since_ns);
	if (!err && !heard->count) {
		fleet_explain_none(&m, why);
		err = -1;
	}
	jetstream_close();
	return err;
}

void heard_free(struct heard *heard)
{
	free(heard->vm);
}
