// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportd/router/vm_table.h"
#include "lib/hash.h"

#define BUCKETS		256
/* More: each of N VMs of one name asks for N names until it finds one that is free. */
#define NAMES		4096

static struct vm *buckets[BUCKETS];
static struct vm *names[NAMES];

static struct vm **bucket_of_name(const char *name)
{
	return &names[hash(name, strlen(name)) % NAMES];
}

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

	struct vm **of_name = bucket_of_name(vm->info.name);

	vm->next = *bucket;
	*bucket = vm;
	vm->next_of_name = *of_name;
	*of_name = vm;
}

void vm_table_remove(struct vm *vm)
{
	struct vm **p = &buckets[vm->info.id % BUCKETS];

	while (*p != vm)
		p = &(*p)->next;
	*p = vm->next;
	p = bucket_of_name(vm->info.name);
	while (*p != vm)
		p = &(*p)->next_of_name;
	*p = vm->next_of_name;
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

const struct vm *vm_table_find_name(const char *name)
{
	const struct vm *vm = *bucket_of_name(name);

	while (vm && strcmp(vm->info.name, name))
		vm = vm->next_of_name;
	return vm;
}

bool vm_table_has_name(const char *name)
{
	return vm_table_find_name(name);
}
