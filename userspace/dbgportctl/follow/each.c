// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/follow/each.h"

/**
 * struct each_vm - what is kept of one VM
 * @id: its id
 * @print: it; where its lines stand no others do
 */
struct each_vm {
	__u32 id;
	struct print *print;
};

struct formatter each_init(struct each *each, const struct form *form, size_t lines)
{
	*each = (struct each){ .lines = lines };
	return print_init(&each->print, form);
}

static struct print *print_of(struct each *each, __u32 id)
{
	struct each_vm *vm;

	for (size_t i = 0; i < each->vms; i++) {
		if (each->vm[i].id == id)
			return each->vm[i].print;
	}
	each->vm = grow(each->vm, each->vms, sizeof(*each->vm));
	vm = &each->vm[each->vms++];
	vm->id = id;
	vm->print = must(malloc(sizeof(*vm->print)));
	print_init(vm->print, each->print.form);
	print_keep(vm->print, each->lines);
	return vm->print;
}

void each_entry(void *arg, struct formatter *f, const struct entry *entry)
{
	struct each *each = arg;
	struct print *print = each->kept ? &each->print : print_of(each, entry->vm->id);

	f->unfinished = &print->unfinished;
	print_entry(print, f, entry);
}

void each_turn(void *arg)
{
	struct each *each = arg;

	print_turn(&each->print);
}

static int by_id(const void *a, const void *b)
{
	const struct each_vm *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

void each_kept(void *arg)
{
	struct each *each = arg;

	if (each->vms)
		qsort(each->vm, each->vms, sizeof(*each->vm), by_id);
	for (size_t i = 0; i < each->vms; i++) {
		struct print *print = each->vm[i].print;

		print_kept(print);
		/* What it goes on with stands behind other VMs' lines. */
		if (print->unfinished)
			puts("…");
		free(print);
	}
	free(each->vm);
	each->vm = NULL;
	each->vms = 0;
	each->kept = true;
}
