// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/cli/colour.h"
#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/cli/writer.h"
#include "dbgportctl/vm/columns.h"
#include "dbgportctl/vm/describe.h"
#include "dbgportctl/vm/list.h"
#include "dbgportctl/vm/reader.h"

static void print_names(const struct known_vm *const *vm, size_t count)
{
	for (size_t i = 0; i < count; i++)
		puts(vm[i]->name);
}

static void print_json(const struct known_vm *const *vm, size_t count)
{
	json_open(NULL, '[');
	for (size_t i = 0; i < count; i++) {
		json_open(NULL, '{');
		describe_json(vm[i]);
		json_close('}');
	}
	json_close(']');
}

static void note_write(void *arg, struct known_vm *vm, const struct dbgport_record *rec)
{
	(void)arg;
	if (vm && rec->type == DBGPORT_WRITE)
		vm->wrote_ns = rec->time_ns;
}

static void print(const struct known_vm *const *vm, size_t count, const struct list_wish *wish)
{
	switch (wish->form) {
	case LIST_JSON:
		print_json(vm, count);
		break;
	case LIST_NAMES:
		print_names(vm, count);
		break;
	default:
		columns_print(vm, count, wish->form == LIST_LONG, wish->time);
		break;
	}
}

/* The device is opened anew each time: a reader is given a VM's end once only. */
int list_vms(const struct list_wish *wish, const void *arg)
{
	char *const names[] = { NULL };
	const struct reader_wish all = { .names = names, .last = true };
	const struct known_vm **vm;
	struct reader r;
	char why[512];
	int err;

	(void)arg;
	if (reader_open(&r, &all, why, sizeof(why)))
		return fail("%s", why);
	err = reader_read_kept(&r, note_write, NULL);
	if (err) {
		reader_close(&r);
		return fail("%s: %s", device_path, strerror(-err));
	}
	vm = must(calloc(r.vms.count + 1, sizeof(*vm)));
	for (size_t i = 0; i < r.vms.count; i++)
		vm[i] = &r.vms.vm[i];
	columns_sort(vm, r.vms.count, wish->column, wish->reverse);
	print(vm, r.vms.count, wish);
	free(vm);
	reader_close(&r);
	return output_flush();
}

int list_repeat(const struct list_wish *wish,
		int (*show)(const struct list_wish *wish, const void *arg), const void *arg)
{
	int status;

	for (;;) {
		if (wish->watch && isatty(STDOUT_FILENO))
			fputs(CLEAR_SCREEN, stdout);
		status = show(wish, arg);
		if (status || !wish->watch)
			return status;
		sleep(1);
	}
}
