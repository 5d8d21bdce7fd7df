// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportctl/boot/records.h"
#include "dbgportctl/boot/setting.h"
#include "dbgportctl/vm/unheard.h"
#include "lib/hostid.h"
#include "lib/record.h"
#include "words/stamp.h"

void boot_describe(struct boot *boot, const struct known_vm *vm)
{
	const struct dbgport_vm_info *info = &vm->info;
	struct stamp_clock clock = { 0 };
	struct hostname host;

	stamp_clock_update(&clock);
	snprintf(boot->vm, sizeof(boot->vm), "%s", vm->name);
	boot->vmm[escape(boot->vmm, info->comm, strnlen(info->comm, sizeof(info->comm)))] = '\0';
	boot->id = info->vm;
	boot->pid = info->pid;
	hostname_get(&host);
	memcpy(boot->host, host.name, sizeof(host.name));
	hostid_get(boot->host_id);
	boot_add_setting(boot, &(struct setting){ .offset_ns = clock.offset_ns });
	boot->late = info->flags & DBGPORT_VM_LATE;
	boot->running = !(info->flags & DBGPORT_VM_GONE);
	boot->restored = info->flags & DBGPORT_VM_RESTORED;
	if (info->started_ns)
		boot->started_ns = info->started_ns - info->zero_ns;
	if (info->created_ns)
		boot->created_ns = info->created_ns - info->zero_ns;
	boot->unheard = unheard_port(info);
}

void boot_records_begin(struct boot_records *records, struct boot *boot,
			const struct codes *codes)
{
	records->boot = boot;
	records->codes = codes;
	storm_init(&records->storm);
}

static void put_storm(struct boot_records *records)
{
	struct storm *s = &records->storm;
	const struct mark mark = {
		.type = MARK_STORM,
		.port = DBGPORT_POST_PORT,
		.seq = s->seq,
		.count = s->count,
		.time_ns = s->begin_ns - records->boot->zero_ns,
	};

	if (s->count)
		boot_add(records->boot, &mark);
	s->count = 0;
}

static void put_code(struct boot_records *records, const struct dbgport_record *rec)
{
	const struct mark mark = {
		.type = MARK_CODE,
		.port = rec->port,
		.vcpu = rec->vcpu,
		.value = rec->value,
		.seq = rec->seq,
		.count = 1,
		.time_ns = rec->time_ns - records->boot->zero_ns,
		.component = (char *)code_component(records->codes, rec->value),
		.text = (char *)code_name(records->codes, rec->value),
	};

	if (storm_takes(&records->storm, rec->seq, rec->time_ns))
		return;
	put_storm(records);
	boot_add(records->boot, &mark);
}

static void put_write(struct boot_records *records, const struct dbgport_record *rec)
{
	const struct mark first = {
		.port = rec->port,
		.vcpu = rec->vcpu,
		.seq = rec->seq,
		.time_ns = rec->time_ns - records->boot->zero_ns,
	};
	char data[RECORD_BYTES];

	if (rec->port == DBGPORT_POST_PORT) {
		put_code(records, rec);
		return;
	}
	boot_add_bytes(records->boot, &first, data,
		       record_bytes(data, rec->value, rec->width));
}

static void put_lost(struct boot_records *records, const struct dbgport_record *rec)
{
	const struct mark mark = { .type = MARK_LOST, .seq = rec->seq, .count = rec->count };

	boot_add(records->boot, &mark);
}

void boot_records_put(struct boot_records *records, const struct dbgport_record *rec)
{
	if (rec->type == DBGPORT_WRITE)
		put_write(records, rec);
	else if (rec->type == DBGPORT_LOST)
		put_lost(records, rec);
}

void boot_records_end(struct boot_records *records)
{
	put_storm(records);
}
