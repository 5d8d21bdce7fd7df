// SPDX-License-Identifier: GPL-2.0
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/table.h"
#include "dbgportctl/cli/terminal.h"
#include "dbgportctl/vm/columns.h"
#include "dbgportctl/vm/describe.h"
#include "lib/array.h"
#include "lib/choice.h"
#include "lib/duration.h"

/* Room for any cell. */
#define CELL_SIZE	(DESCRIBE_SIZE + VMNAME_SIZE)

/**
 * struct column - one column, in the order of COLUMNS_KEYS
 * @head: what stands above it
 * @main: it is shown without being asked for
 * @low_first: of numbers, the lowest comes first
 * @text: what stands in it: in @cell, which is returned, or elsewhere
 * @number: the number in it, to sort by; NULL: it is text
 * @when: what it is the age of, CLOCK_MONOTONIC; 0: nothing; NULL: it is no age
 * @when_head: what stands above that
 */
struct column {
	const char *head;
	bool main;
	bool low_first;
	const char *(*text)(char cell[CELL_SIZE], const struct known_vm *vm);
	__s64 (*number)(const struct known_vm *vm);
	__u64 (*when)(const struct known_vm *vm);
	const char *when_head;
};

static const char *in_cell(char cell[CELL_SIZE], __s64 n)
{
	snprintf(cell, CELL_SIZE, "%lld", n);
	return cell;
}

static const char *in_cell_or_dash(char cell[CELL_SIZE], __s64 n)
{
	return n < 0 ? "-" : in_cell(cell, n);
}

static __s64 id(const struct known_vm *vm)
{
	return vm->info.vm;
}

static const char *id_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	return in_cell(cell, id(vm));
}

static const char *name_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	(void)cell;
	return vm->name;
}

static const char *vmm_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	(void)cell;
	return vm->info.comm;
}

static __s64 pid(const struct known_vm *vm)
{
	return vm->info.pid > 0 ? vm->info.pid : -1;
}

static const char *pid_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	return in_cell_or_dash(cell, pid(vm));
}

static const char *user_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	return describe_user(cell, vm->info.uid);
}

static const char *state_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	(void)cell;
	return describe_state(&vm->info);
}

static __s64 boot(const struct known_vm *vm)
{
	return vm->boot ? (__s64)vm->boot : -1;
}

static const char *boot_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	return in_cell_or_dash(cell, boot(vm));
}

static __s64 age(const struct known_vm *vm)
{
	return describe_age(&vm->info);
}

static const char *age_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	return duration_age(cell, age(vm));
}

static __u64 began(const struct known_vm *vm)
{
	return vm->info.zero_ns;
}

/* One that never wrote has been silent for longer than any other. */
static __s64 last(const struct known_vm *vm)
{
	__s64 ns = describe_silence(vm);

	return ns < 0 ? INT64_MAX : ns;
}

static const char *last_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	__s64 ns = describe_silence(vm);

	return ns < 0 ? "-" : duration_age(cell, ns);
}

static __u64 wrote(const struct known_vm *vm)
{
	return vm->wrote_ns;
}

static const char *ports_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	return describe_ports(cell, &vm->info);
}

static const char *backend_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	(void)cell;
	return describe_backend(vm->info.backend);
}

static __s64 writes(const struct known_vm *vm)
{
	return vm->info.written;
}

static const char *writes_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	return in_cell(cell, writes(vm));
}

static __s64 lost(const struct known_vm *vm)
{
	return vm->lost;
}

static const char *lost_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	return in_cell_or_dash(cell, lost(vm));
}

static __s64 saved(const struct known_vm *vm)
{
	return describe_saved(&vm->info);
}

static const char *saved_text(char cell[CELL_SIZE], const struct known_vm *vm)
{
	return in_cell(cell, saved(vm));
}

static const struct column columns[] = {
	{ "ID", .main = true, .low_first = true, .text = id_text, .number = id },
	{ "NAME", .main = true, .text = name_text },
	{ "VMM", .text = vmm_text },
	{ "PID", .main = true, .low_first = true, .text = pid_text, .number = pid },
	{ "USER", .text = user_text },
	{ "STATE", .main = true, .text = state_text },
	{ "BOOT", .main = true, .text = boot_text, .number = boot },
	{ "AGE", .main = true, .text = age_text, .number = age,
	  .when = began, .when_head = "BEGAN" },
	{ "LAST", .main = true, .text = last_text, .number = last,
	  .when = wrote, .when_head = "LAST" },
	{ "PORTS", .text = ports_text },
	{ "BACKEND", .text = backend_text },
	{ "WRITES", .main = true, .text = writes_text, .number = writes },
	{ "LOST", .main = true, .text = lost_text, .number = lost },
	{ "SAVED", .text = saved_text, .number = saved },
};

/* For compare(). */
static const struct column *sorting;
static bool backwards;

static int by_column(const struct known_vm *a, const struct known_vm *b)
{
	char cell[2][CELL_SIZE];
	__s64 x, y;

	if (!sorting->number)
		return strverscmp(sorting->text(cell[0], a), sorting->text(cell[1], b));
	x = sorting->number(a);
	y = sorting->number(b);
	if (x == y)
		return 0;
	return (x < y) == sorting->low_first ? -1 : 1;
}

static int compare(const void *a, const void *b)
{
	const struct known_vm *const *x = a, *const *y = b;
	int order = by_column(*x, *y);

	if (order)
		return backwards ? -order : order;
	return (*x)->info.vm < (*y)->info.vm ? -1 : 1;
}

int columns_find(const char *key)
{
	return choice_find(COLUMNS_KEYS, '|', key);
}

void columns_sort(const struct known_vm **vm, size_t count, int column, bool reverse)
{
	sorting = &columns[column];
	backwards = reverse;
	qsort(vm, count, sizeof(*vm), compare);
}

static bool is_shown(const struct column *column, bool all)
{
	return all || column->main;
}

static const char *text_of(char cell[CELL_SIZE], const struct column *column,
			   const struct known_vm *vm, enum time_style time)
{
	if (time == STAMP_NONE || !column->when)
		return column->text(cell, vm);
	return column->when(vm) ? describe_moment(cell, time, column->when(vm)) : "-";
}

static const char *head_of(const struct column *column, enum time_style time)
{
	return time != STAMP_NONE && column->when ? column->when_head : column->head;
}

static void print_row(struct table *t, const struct known_vm *vm, bool all,
		      enum time_style time)
{
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		char cell[CELL_SIZE];

		if (is_shown(&columns[i], all))
			table_add(t, "%s", text_of(cell, &columns[i], vm, time));
	}
}

void columns_print(const struct known_vm *const *vm, size_t count, bool all,
		   enum time_style time)
{
	struct table t = { .most = all ? 0 : terminal_columns(TERMINAL_WIDTH) };

	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		if (!is_shown(&columns[i], all))
			continue;
		if (columns[i].text == name_text)
			t.cut = t.columns;
		t.right[t.columns++] = columns[i].number;
	}
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		if (is_shown(&columns[i], all))
			table_add(&t, "%s", head_of(&columns[i], time));
	}
	for (size_t i = 0; i < count; i++)
		print_row(&t, vm[i], all, time);
	table_print(&t);
}
