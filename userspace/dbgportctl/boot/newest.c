// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/newest.h"
#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/memory.h"

static void take(void *arg, struct known_vm *vm, const struct dbgport_record *rec)
{
	const struct begins_rule *rule = arg;

	if (!vm)
		return;
	if (!vm->state) {
		vm->state = must(malloc(sizeof(struct begins)));
		begins_init(vm->state, rule, vm->info.flags & DBGPORT_VM_LATE);
	}
	if (rec->type == DBGPORT_WRITE)
		begins_write(vm->state, rec);
	else if (rec->type == DBGPORT_LOST)
		begins_lost(vm->state);
}

static void keep(struct newest_boots *newest, struct known_vm *vm)
{
	struct begins *begins = vm->state;

	if (!begins)
		return;
	newest->boot = grow(newest->boot, newest->count, sizeof(*newest->boot));
	newest->boot[newest->count++] = (struct newest_boot){ vm->info.vm, begins->state };
	begins_end(begins);
	free(begins);
	vm->state = NULL;
}

int newest_boots_read(struct newest_boots *newest, const struct reader_wish *wish,
		      const struct begins_rule *rule, char *why, size_t size)
{
	struct reader reader;
	int err;

	*newest = (struct newest_boots){ 0 };
	if (reader_open(&reader, wish, why, size))
		return -1;
	err = reader_read_kept(&reader, take, (void *)rule);
	for (size_t i = 0; i < reader.vms.count; i++)
		keep(newest, &reader.vms.vm[i]);
	reader_close(&reader);
	if (!err)
		return 0;
	newest_boots_free(newest);
	snprintf(why, size, "%s: %s", device_path, strerror(-err));
	return -1;
}

void newest_boots_free(struct newest_boots *newest)
{
	free(newest->boot);
	*newest = (struct newest_boots){ 0 };
}

const struct begins_state *newest_boot_of(const struct newest_boots *newest, __u32 id)
{
	for (size_t i = 0; i < newest->count; i++) {
		if (newest->boot[i].id == id)
			return &newest->boot[i].state;
	}
	return NULL;
}
