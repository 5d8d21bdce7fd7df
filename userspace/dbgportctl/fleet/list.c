// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cli/table.h"
#include "dbgportctl/cli/terminal.h"
#include "dbgportctl/cli/writer.h"
#include "dbgportctl/fleet/heard.h"
#include "dbgportctl/fleet/jetstream.h"
#include "dbgportctl/fleet/list.h"
#include "lib/array.h"
#include "lib/clock.h"
#include "lib/duration.h"
#include "words/stamp.h"

static const char *state_of(const struct heard_vm *vm)
{
	if (vm->ended)
		return "ended";
	if (!vm->wrote)
		return NULL;
	return vm->claimed ? "claimed" : "tee";
}

/* By this host's clock, which may be behind. */
static __u64 age_of(const struct heard_vm *vm, __u64 ns)
{
	__u64 now_ns = clock_ns(CLOCK_REALTIME), then_ns = ns + vm->clock_ns;

	return then_ns < now_ns ? now_ns - then_ns : 0;
}

static void add_time(struct table *t, const struct heard_vm *vm, __u64 ns, enum time_style time)
{
	struct stamp_clock clock = { .offset_ns = vm->clock_ns };
	char text[STAMP_MAX], age[DURATION_SIZE];

	if (time == STAMP_NONE)
		table_add(t, "%s", duration_age(age, age_of(vm, ns)));
	else
		table_add(t, "%s", stamp_text(text, &clock, time, ns));
}

static void add_number(struct table *t, __u64 n)
{
	if (n)
		table_add(t, "%llu", n);
	else
		table_add(t, "-");
}

static void add_row(struct table *t, const struct heard_vm *vm, enum time_style time)
{
	table_add(t, "%s", *vm->host ? vm->host : "-");
	table_add(t, "%s", vm->name);
	add_number(t, vm->id);
	add_number(t, vm->pid);
	table_add(t, "%s", state_of(vm) ?: "-");
	add_number(t, vm->boot);
	add_time(t, vm, vm->zero_ns, time);
	add_time(t, vm, vm->last_ns, time);
	table_add(t, "%llu", vm->writes);
}

static void print_table(const struct heard *heard, const struct list_wish *wish)
{
	const char *began = wish->time == STAMP_NONE ? "AGE" : "BEGAN";
	const char *const heads[] = {
		"HOST", "NAME", "ID", "PID", "STATE", "BOOT", began, "LAST", "WRITES",
	};
	struct table t = {
		.columns = ARRAY_SIZE(heads),
		.right = { [2] = true, [3] = true, [5] = true, [6] = true, [7] = true,
			   [8] = true },
		.most = terminal_columns(TERMINAL_WIDTH),
		.cut = 1,
	};

	for (size_t i = 0; i < t.columns; i++)
		table_add(&t, "%s", heads[i]);
	for (size_t i = 0; i < heard->count; i++)
		add_row(&t, &heard->vm[i], wish->time);
	table_print(&t);
}

static void print_names(const struct heard *heard)
{
	for (size_t i = 0; i < heard->count; i++)
		printf("%s/%s\n", *heard->vm[i].host ? heard->vm[i].host : "-",
		       heard->vm[i].name);
}

static void print_object(const struct heard_vm *vm)
{
	struct stamp_clock clock = { .offset_ns = vm->clock_ns };
	char realtime[STAMP_MAX + 1];

	*stamp_utc(realtime, &clock, vm->last_ns) = '\0';
	json_open(NULL, '{');
	json_text("host", *vm->host ? vm->host : NULL);
	json_text("name", vm->name);
	json_number_or_none("id", vm->id);
	json_number_or_none("pid", vm->pid);
	json_text("state", state_of(vm));
	json_number_or_none("boot", vm->boot);
	json_number("zero_ns", vm->zero_ns);
	json_seconds("age", age_of(vm, vm->zero_ns));
	json_number("last_ns", vm->last_ns);
	json_seconds("last_age", age_of(vm, vm->last_ns));
	json_text("realtime", realtime);
	json_number("writes", vm->writes);
	json_close('}');
}

static void print_json(const struct heard *heard)
{
	json_open(NULL, '[');
	for (size_t i = 0; i < heard->count; i++)
		print_object(&heard->vm[i]);
	json_close(']');
}

int fleet_list(const struct list_wish *wish, const void *fleet)
{
	char why[JETSTREAM_WHY];
	struct heard heard;
	int err = heard_read(&heard, fleet, why);

	if (!err && wish->form == LIST_JSON)
		print_json(&heard);
	else if (!err && wish->form == LIST_NAMES)
		print_names(&heard);
	else if (!err)
		print_table(&heard, wish);
	heard_free(&heard);
	return err ? fail("%s", why) : output_flush();
}
