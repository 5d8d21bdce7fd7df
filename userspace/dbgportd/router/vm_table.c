// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportd/router/vm_table.h"

#define BUCKETS		256

static struct vm *buckets[BUCKETS];

struct vm *vm_table_find(__u32 id)
{
	struct vm *vm = buckets[id % BUCKETS];

	while (vm && vm->info.id != id)
		vm = vm->next;
	return vm;
}

void vm_table_add(struct vm *vm)
{
	struct vm **bucket = &buckets[vm->info.id % BUCKETS];

	vm->next = *bucket;
	*bucket = vm;
}

void vm_table_remove(struct vm *vm)
{
	struct vm **p = &buckets[vm->info.id % BUCKETS];

	while (*p != vm)
		p = &(*p)->next;
	*p = vm->next;
}

struct vm *vm_table_next(const struct vm *vm)
{
	unsigned int i = vm ? vm->info.id % BUCKETS + 1 : 0;

	if (vm && vm->next)
		return vm->next;
	while (i < BUCKETS && !buckets[i])
		i++;
	return i < BUCKETS ? buckets[i] : NULL;
}

bool vm_table_has_name(const char *name)
{
	const struct vm *vm = NULL;

	while ((vm = vm_table_next(vm))) {
		if (!strcmp(vm->info.name, name))
			return true;
	}
	return false;
}
