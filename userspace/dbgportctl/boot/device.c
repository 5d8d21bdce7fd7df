// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/device.h"
#include "dbgportctl/boot/records.h"
#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/vm/reader.h"

/**
 * struct taken - a VM whose boot is read
 * @records: where to
 * @done: all that it had written when reading began has come; a guest can write
 *	faster than it is read
 */
struct taken {
	struct boot_records records;
	bool done;
};

static struct taken *take_vm(struct boots *boots, const struct known_vm *vm,
			     const struct codes *codes)
{
	struct taken *t = must(calloc(1, sizeof(*t)));
	struct hostname host;
	struct boot *boot;

	hostname_get(&host);
	boot = boots_get(boots, host.name, vm->info.vm, vm->info.zero_ns);
	boot_describe(boot, vm);
	boot_records_begin(&t->records, boot, codes);
	return t;
}

/* Boots are of the VMs that there were when reading began, as far as they were. */
static void put_record(void *arg, struct known_vm *vm, const struct dbgport_record *rec)
{
	struct taken *t = vm ? vm->state : NULL;

	(void)arg;
	if (!t || t->done)
		return;
	t->done = !vm->behind;
	boot_records_put(&t->records, rec);
}

static int read_boots(struct boots *boots, const struct codes *codes, struct reader *reader)
{
	int err;

	for (size_t i = 0; i < reader->vms.count; i++) {
		struct known_vm *vm = &reader->vms.vm[i];

		if (vm->chosen)
			vm->state = take_vm(boots, vm, codes);
	}
	err = reader_read_kept(reader, put_record, NULL);
	for (size_t i = 0; i < reader->vms.count; i++) {
		struct taken *t = reader->vms.vm[i].state;

		if (t)
			boot_records_end(&t->records);
		free(t);
	}
	return err;
}

int boots_read_device(struct boots *boots, const char *name, const struct codes *codes,
		      char *why, size_t size)
{
	char *const names[] = { (char *)name, NULL };
	const struct reader_wish wish = { .names = names };
	struct reader reader;
	int err;

	if (reader_open(&reader, &wish, why, size))
		return -1;
	err = read_boots(boots, codes, &reader);
	if (err)
		snprintf(why, size, "%s: %s", device_path, strerror(-err));
	reader_close(&reader);
	return err ? -1 : 0;
}
