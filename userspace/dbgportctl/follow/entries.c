// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportctl/follow/entries.h"
#include "lib/clock.h"
#include "lib/codes.h"
#include "lib/record.h"

static void emit(struct entries *e, const struct entry *entry)
{
	e->emit(e->arg, &e->formatter, entry);
}

static void tell_boot(struct entries *e)
{
	e->vm.boot = e->begins.state.number;
	e->vm.boot_seq = e->begins.state.seq;
}

void entries_begin_at(struct entries *e, const struct begins_state *state)
{
	e->begins.state = *state;
	tell_boot(e);
}

void entries_pass(struct entries *e, const struct dbgport_record *rec)
{
	if (begins_write(&e->begins, rec))
		tell_boot(e);
}

static void emit_line(void *arg, const struct entry *entry)
{
	emit(arg, entry);
}

void entries_init(struct entries *e, const struct form *form, const struct formatter *formatter,
		  struct lines_pending *pending, entries_emit *call, void *arg,
		  const struct entry_vm *vm, const struct begins_rule *rule,
		  const struct dbgport_record *rec)
{
	const struct entry attached = {
		.type = ENTRY_ATTACHED,
		.vm = &e->vm,
		.seq = rec->seq,
		.time_ns = rec->time_ns,
	};

	*e = (struct entries){
		.vm = *vm,
		.formatter = *formatter,
		.form = form,
		.emit = call,
		.arg = arg,
	};
	e->vm.zero_ns = rec->time_ns;
	e->vm.late = rec->flags & DBGPORT_LATE;
	begins_init(&e->begins, rule, e->vm.late);
	tell_boot(e);
	lines_init(&e->lines, pending, &e->vm, emit_line, e);
	storm_init(&e->storm);
	emit(e, &attached);
}

static struct entry entry_of(const struct entries *e, const struct dbgport_record *rec,
			     enum entry_type type)
{
	return (struct entry){
		.type = type,
		.vm = &e->vm,
		.port = rec->port,
		.vcpu = rec->vcpu,
		.width = rec->width,
		.value = rec->value,
		.claimed = rec->flags & DBGPORT_CLAIMED,
		.seq = rec->seq,
		.count = 1,
		.time_ns = rec->time_ns,
	};
}

static void emit_storm(struct entries *e)
{
	struct entry entry;

	if (!e->storm.count)
		return;
	entry = storm_report(&e->storm, &e->vm, e->storm_port);
	emit(e, &entry);
}

static void put_code(struct entries *e, const struct dbgport_record *rec)
{
	struct entry entry = entry_of(e, rec, ENTRY_CODE);

	if (e->form->style.storm == STORM_COUNT &&
	    storm_takes(&e->storm, rec->seq, rec->time_ns)) {
		e->storm_port = rec->port;
		return;
	}
	emit_storm(e);
	entry.component = code_component(e->form->codes, rec->value);
	entry.text = code_name(e->form->codes, rec->value);
	entry.len = entry.text ? strlen(entry.text) : 0;
	emit(e, &entry);
}

static bool wants_writes(const struct form *form)
{
	return form->format->per_write && form->format->per_write(&form->style);
}

static void put_write(struct entries *e, const struct dbgport_record *rec, __u64 now_ns)
{
	const struct entry write = entry_of(e, rec, ENTRY_WRITE);
	const struct form *form = e->form;
	char bytes[RECORD_BYTES];

	if (!form_has_port(form, rec->port))
		return;
	if (!form->format->raw && form_takes_codes(form, rec->port))
		put_code(e, rec);
	else if (form->format->raw || wants_writes(form))
		emit(e, &write);
	else
		lines_put(&e->lines, rec, bytes, record_bytes(bytes, rec->value, rec->width),
			  now_ns / NSEC_PER_MSEC);
}

static void put_lost(struct entries *e, const struct dbgport_record *rec)
{
	const struct entry entry = {
		.type = ENTRY_LOST,
		.vm = &e->vm,
		.seq = rec->seq,
		.count = rec->count,
	};

	emit_storm(e);
	emit(e, &entry);
	e->vm.lost += rec->count;
}

static void put_gone(struct entries *e, const struct dbgport_record *rec)
{
	const struct entry entry = {
		.type = ENTRY_GONE,
		.vm = &e->vm,
		.seq = rec->seq,
		.time_ns = rec->time_ns,
	};

	entries_end(e);
	emit(e, &entry);
}

void entries_put(struct entries *e, const struct dbgport_record *rec, __u64 now_ns)
{
	switch (rec->type) {
	case DBGPORT_WRITE:
		entries_pass(e, rec);
		put_write(e, rec, now_ns);
		break;
	case DBGPORT_LOST:
		begins_lost(&e->begins);
		put_lost(e, rec);
		break;
	case DBGPORT_GONE:
		put_gone(e, rec);
		break;
	}
}

bool entries_have_storm(const struct entries *e)
{
	return e->storm.count;
}

void entries_calm(struct entries *e, __u64 now_ns)
{
	if (storm_is_over(&e->storm, now_ns))
		emit_storm(e);
}

void entries_end(struct entries *e)
{
	lines_end(&e->lines);
	emit_storm(e);
	begins_end(&e->begins);
}
