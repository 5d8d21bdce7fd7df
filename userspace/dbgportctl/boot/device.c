// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/boot/device.h"
#include "dbgportctl/boot/setting.h"
#include "dbgportctl/cli/command.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/vm/reader.h"
#include "dbgportctl/vm/unheard.h"
#include "lib/record.h"
#include "words/stamp.h"
#include "words/storm.h"

/**
 * struct reading - what is read
 * @boots: where boots go
 * @codes: a table that names POST codes
 */
struct reading {
	struct boots *boots;
	const struct codes *codes;
};

/**
 * struct taken - a VM whose boot is read
 * @boot: where to
 * @done: all that it had written when reading began has come; a guest can write
 *	faster than it is read
 * @storm: its POST codes
 */
struct taken {
	struct boot *boot;
	bool done;
	struct storm storm;
};

static struct taken *take_vm(struct boots *boots, const struct known_vm *vm)
{
	const struct dbgport_vm_info *info = &vm->info;
	struct stamp_clock clock = { 0 };
	struct hostname host;
	struct taken *t = must(calloc(1, sizeof(*t)));

	stamp_clock_update(&clock);
	t->boot = boots_get(boots, info->vm, info->zero_ns);
	snprintf(t->boot->vm, sizeof(t->boot->vm), "%s", vm->name);
	t->boot->pid = info->pid;
	hostname_get(&host);
	memcpy(t->boot->host, host.name, sizeof(host.name));
	boot_add_setting(t->boot, &(struct setting){ .offset_ns = clock.offset_ns });
	t->boot->late = info->flags & DBGPORT_VM_LATE;
	t->boot->unheard = unheard_port(info);
	storm_init(&t->storm);
	return t;
}

static void put_storm(struct taken *t)
{
	struct storm *s = &t->storm;
	const struct mark mark = {
		.type = MARK_STORM,
		.port = DBGPORT_POST_PORT,
		.seq = s->seq,
		.count = s->count,
		.time_ns = s->begin_ns - t->boot->zero_ns,
	};

	if (s->count)
		boot_add(t->boot, &mark);
	s->count = 0;
}

static void put_code(const struct codes *codes, struct taken *t,
		     const struct dbgport_record *rec)
{
	const struct mark mark = {
		.type = MARK_CODE,
		.port = rec->port,
		.vcpu = rec->vcpu,
		.value = rec->value,
		.seq = rec->seq,
		.count = 1,
		.time_ns = rec->time_ns - t->boot->zero_ns,
		.component = (char *)code_component(codes, rec->value),
		.text = (char *)code_name(codes, rec->value),
	};

	if (storm_takes(&t->storm, rec->seq, rec->time_ns))
		return;
	put_storm(t);
	boot_add(t->boot, &mark);
}

static void put_write(const struct codes *codes, struct taken *t,
		      const struct dbgport_record *rec)
{
	const struct mark first = {
		.port = rec->port,
		.vcpu = rec->vcpu,
		.seq = rec->seq,
		.time_ns = rec->time_ns - t->boot->zero_ns,
	};
	char data[RECORD_BYTES];

	if (rec->port == DBGPORT_POST_PORT) {
		put_code(codes, t, rec);
		return;
	}
	boot_add_bytes(t->boot, &first, data, record_bytes(data, rec->value, rec->width));
}

static void put_lost(struct taken *t, const struct dbgport_record *rec)
{
	const struct mark mark = { .type = MARK_LOST, .seq = rec->seq, .count = rec->count };

	boot_add(t->boot, &mark);
}

/* Boots are of the VMs that there were when reading began, as far as they were. */
static void put_record(void *arg, struct known_vm *vm, const struct dbgport_record *rec)
{
	const struct reading *r = arg;
	struct taken *t = vm ? vm->state : NULL;

	if (!t || t->done)
		return;
	t->done = !vm->behind;
	if (rec->type == DBGPORT_WRITE)
		put_write(r->codes, t, rec);
	else if (rec->type == DBGPORT_LOST)
		put_lost(t, rec);
}

static int read_boots(struct reading *r, struct reader *reader)
{
	int err;

	for (size_t i = 0; i < reader->vms.count; i++) {
		struct known_vm *vm = &reader->vms.vm[i];

		if (vm->chosen)
			vm->state = take_vm(r->boots, vm);
	}
	err = reader_read_kept(reader, put_record, r);
	for (size_t i = 0; i < reader->vms.count; i++) {
		if (reader->vms.vm[i].state)
			put_storm(reader->vms.vm[i].state);
		free(reader->vms.vm[i].state);
	}
	return err;
}

int boots_read_device(struct boots *boots, const char *name, const struct codes *codes,
		      char *why, size_t size)
{
	char *const names[] = { (char *)name, NULL };
	const struct reader_wish wish = { .names = names };
	struct reading r = { .boots = boots, .codes = codes };
	struct reader reader;
	int err;

	if (reader_open(&reader, &wish, why, size))
		return -1;
	err = read_boots(&r, &reader);
	if (err)
		snprintf(why, size, "%s: %s", device_path, strerror(-err));
	reader_close(&reader);
	return err ? -1 : 0;
}
