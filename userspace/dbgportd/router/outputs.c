// SPDX-License-Identifier: GPL-2.0
#include "dbgportd/config/condition.h"
#include "dbgportd/loop/loop.h"
#include "dbgportd/router/opening.h"
#include "dbgportd/router/output.h"
#include "dbgportd/router/outputs.h"
#include "dbgportd/router/vm_table.h"
#include "lib/log.h"

/* How often those that wait for a sink are tried again. */
#define RETRY_MS	1000

static void retry_done(struct event *ev, int res);

static struct event retry = { .done = retry_done };

static bool is_for(const struct route *r, const struct vm *vm)
{
	/*
	 * A VM that is started again may come before the end of the one that had its
	 * name: the routes for that name are for both.
	 */
	return condition_has_name(r->set.vm, vm->info.name, vm->plain_name) &&
	       condition_has_user(r->set.uid, vm->has_uid ? &vm->info.uid : NULL);
}

static struct output *output_of(const struct vm *vm, const struct route *r)
{
	struct output *out = vm->outputs;

	while (out && out->route != r)
		out = out->next;
	return out;
}

/* What several outputs of a VM would show on one sink is shown once. */
static bool shows(const struct vm *vm, const struct output *out, enum entry_type type)
{
	if (!output_shows(out, type))
		return false;
	for (const struct output *o = vm->outputs; o != out; o = o->next) {
		if (o->sink == out->sink && output_shows(o, type))
			return false;
	}
	return true;
}

void outputs_event(struct vm *vm, const struct entry *event)
{
	for (struct output *out = vm->outputs; out; out = out->next) {
		if (shows(vm, out, event->type))
			output_event(out, event);
	}
}

/* What a new sink begins with. */
static void show_attached(struct vm *vm, struct output *out)
{
	const struct entry attached = {
		.type = ENTRY_ATTACHED,
		.vm = &vm->info,
		.seq = vm->position.next_seq,
		.time_ns = vm->info.zero_ns,
	};

	if (shows(vm, out, ENTRY_ATTACHED))
		output_event(out, &attached);
}

/* Whether some of them still wait. */
static bool try_again(struct vm *vm)
{
	bool wait = false;

	for (struct output *out = vm->outputs; out; out = out->next) {
		if (out->waits && output_try_again(out))
			show_attached(vm, out);
		wait |= out->waits;
	}
	return wait;
}

static void retry_done(struct event *ev, int res)
{
	struct vm *vm = NULL;
	bool wait = false;

	(void)res;
	while ((vm = vm_table_next(vm)))
		wait |= try_again(vm);
	if (wait)
		loop_timeout(ev, RETRY_MS);
}

void outputs_open(struct vm *vm, const struct route *routes, bool several)
{
	struct output **end = &vm->outputs;

	for (const struct route *r = routes; r; r = r->next) {
		struct output *out;

		if (!is_for(r, vm) || output_of(vm, r))
			continue;
		out = output_open(vm, r);
		if (!out) {
			log_limited(LOG_LEVEL_ERROR, "%s: no memory: its output is dropped",
				    vm->info.name);
			return;
		}
		while (*end)
			end = &(*end)->next;
		*end = out;
		if (several)
			output_show_labels(out);
		show_attached(vm, out);
		if (out->waits && !retry.busy)
			loop_timeout(&retry, RETRY_MS);
	}
}

void outputs_show_labels(struct vm *vm)
{
	for (struct output *out = vm->outputs; out; out = out->next)
		output_show_labels(out);
}

void outputs_end(struct vm *vm)
{
	for (struct output *out = vm->outputs; out; out = out->next)
		output_end(out);
}

static bool is_in(const struct route *list, const struct route *r)
{
	while (list && list != r)
		list = list->next;
	return list;
}

void outputs_close_some(struct vm *vm, const struct route *gone)
{
	struct output **p = &vm->outputs;

	while (*p) {
		struct output *out = *p;

		if (out->sink && !is_in(gone, out->route)) {
			p = &out->next;
			continue;
		}
		*p = out->next;
		output_close(out);
	}
}

void outputs_close(struct vm *vm)
{
	while (vm->outputs) {
		struct output *out = vm->outputs;

		vm->outputs = out->next;
		output_close(out);
	}
}
