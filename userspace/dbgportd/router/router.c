// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/config/routes.h"
#include "dbgportd/loop/clock.h"
#include "dbgportd/router/output.h"
#include "dbgportd/router/outputs.h"
#include "dbgportd/router/port_counts.h"
#include "dbgportd/router/positions.h"
#include "dbgportd/router/reload.h"
#include "dbgportd/router/router.h"
#include "dbgportd/router/shared_sink.h"
#include "dbgportd/router/vm_table.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/sink.h"
#include "lib/device.h"
#include "lib/log.h"
#include "lib/port.h"
#include "lib/vmname.h"

/* How often a VM's losses are logged; a flood loses at every read. */
#define LOST_LOG_MS	60000

static struct route *routes;
static struct name *names;
/* What begins a boot; NULL: it is recognised. */
static const struct begins_rule *begins_rule;
static struct router_totals totals;
/* There has been more than one VM. */
static bool several;

int router_init(struct route *list, char *why, size_t size)
{
	routes = list;
	for (struct route *r = routes; r; r = r->next) {
		if (shared_sink_open(r, why, size))
			return -1;
	}
	return 0;
}

int router_reload(struct route *list, char *why, size_t size)
{
	return reload_routes(&routes, list, several, why, size);
}

void router_set_names(struct name *list)
{
	names_free(names);
	names = list;
}

void router_set_begins(const struct begins_rule *rule)
{
	begins_rule = rule;
}

/* What is wrong with how the module has a route's port, and how to fix it; 0: nothing. */
static int check_port(__u16 port, const struct dbgport_info *info, char *why, size_t size)
{
	char ports[DEVICE_PORTS_SIZE];
	bool serial = port_is_serial(port);
	__u16 flags;

	if (device_has_port(info, port, &flags)) {
		if (!serial || flags)
			return 0;
		/* Reads of data give 0xe9, and a guest that waits for an interrupt gets none. */
		snprintf(why, size,
			 "the module takes port 0x%x as a plain port, which makes half a UART of it; load it with uart=0x%x instead",
			 port, port);
	} else if (serial && info->features & DBGPORT_F_UART) {
		device_uarts(ports, info);
		snprintf(why, size,
			 "the module does not take port 0x%x; load it with uart=%s%s0x%x",
			 port, ports, ports[0] ? "," : "", port);
	} else {
		device_ports(ports, info);
		snprintf(why, size,
			 "the module does not take port 0x%x; load it with ports=%s%s0x%x%s",
			 port, ports, ports[0] ? "," : "", port, serial ? "/tee" : "");
	}
	return -1;
}

int router_check_ports(const struct route *list, const struct dbgport_info *info,
		       char *why, size_t size)
{
	char reason[DEVICE_PORTS_SIZE + 256];

	for (size_t i = 0; i < info->nports; i++)
		port_counts_own(info->ports[i]);
	for (const struct route *r = list ?: routes; r; r = r->next) {
		if (r->port == PORT_ANY || !check_port(r->port, info, reason, sizeof(reason)))
			continue;
		snprintf(why, size, "%s: %s", r->where, reason);
		if (r->given)
			return -1;
		log_warning("%s", why);
	}
	return 0;
}

__u32 router_holder(const char *own)
{
	const struct vm *vm = vm_table_find_name(names_find(names, own) ?: own);

	return vm ? vm->info.id : 0;
}

/* As the daemon before us called it, or as the user or the VMM does. */
static void name_vm(struct vm *vm, const struct dbgport_vm_info *info, const char *own)
{
	char after_vmm[VMNAME_OWN_SIZE];
	__u64 seq;
	bool done;

	if (!own) {
		vmname_make(after_vmm, NULL, info, vm->info.id);
		own = after_vmm;
	}
	snprintf(vm->plain_name, sizeof(vm->plain_name), "%s", names_find(names, own) ?: own);
	if (positions_of_vm(vm->info.id, &seq, vm->info.name, &done) && vm->info.name[0] &&
	    !vm_table_has_name(vm->info.name))
		return;
	vmname_number(vm->info.name, vm->plain_name, vm_table_has_name);
}

void router_show_labels(void)
{
	struct vm *vm = NULL;

	several = true;
	while ((vm = vm_table_next(vm)))
		outputs_show_labels(vm);
}

static void log_attached(const struct vm *vm, const struct dbgport_vm_info *info)
{
	const char *late = vm->info.late ? " late, times count from now" : "";

	if (vm->info.pid > 0)
		log_limited(LOG_LEVEL_INFO, "%s: attached%s; VM %u, pid %d, uid %u", vm->info.name,
			    late, vm->info.id, vm->info.pid, vm->info.uid);
	else if (info && !(info->flags & DBGPORT_VM_GONE))
		log_limited(LOG_LEVEL_INFO,
			    "%s: attached%s; VM %u, uid %u, its VMM is in another pid namespace",
			    vm->info.name, late, vm->info.id, vm->info.uid);
	else
		log_limited(LOG_LEVEL_INFO, "%s: attached; VM %u, its VMM has ended already",
			    vm->info.name, vm->info.id);
}

static void tell_boot(struct vm *vm)
{
	const struct begins_state *state = vm_boots_state(&vm->boots);

	vm->info.boot = state->number;
	vm->info.boot_seq = state->seq;
}

static void vm_attached(const struct dbgport_record *rec, const struct dbgport_vm_info *info,
			const char *own)
{
	struct vm *vm = vm_table_find(rec->vm);

	if (vm)
		return;
	vm = calloc(1, sizeof(*vm));
	if (!vm) {
		log_limited(LOG_LEVEL_ERROR, "VM %u: no memory: its output is dropped", rec->vm);
		return;
	}
	vm->info.load = positions_load();
	vm->info.id = rec->vm;
	vm->info.pid = info ? info->pid : 0;
	vm->info.uid = info ? info->uid : 0;
	vm->has_uid = info;
	vm->info.late = rec->flags & DBGPORT_LATE;
	vm->info.restored = info && info->flags & DBGPORT_VM_RESTORED;
	vm->info.started_ns = info ? info->started_ns : 0;
	vm->info.created_ns = info ? info->created_ns : 0;
	vm->info.zero_ns = rec->time_ns;
	vm_boots_begin(&vm->boots, vm->info.id, begins_rule, vm->info.late);
	tell_boot(vm);
	name_vm(vm, info, own);
	vm_table_add(vm);
	totals.changes++;
	if (++totals.vms == 2)
		router_show_labels();
	log_attached(vm, info);
	vm_position_begin(&vm->position, vm->info.id, vm->info.name, rec->seq);
	outputs_open(vm, routes, several);
}

static void close_vm(struct vm *vm, bool gone)
{
	outputs_close(vm);
	vm_boots_end(&vm->boots, gone);
	vm_position_end(&vm->position, gone);
	vm_table_remove(vm);
	totals.changes++;
	free(vm);
}

static void log_lost(struct vm *vm)
{
	if (!vm->lost_unlogged)
		return;
	log_limited(LOG_LEVEL_WARNING, "%s: %llu writes lost", vm->info.name, vm->lost_unlogged);
	vm->lost_unlogged = 0;
	vm->lost_logged_at = loop_now();
}

static void vm_gone(const struct dbgport_record *rec)
{
	struct vm *vm = vm_table_find(rec->vm);
	__u64 writes = rec->seq;
	struct entry entry;

	if (!vm)
		return;
	entry = (struct entry){
		.type = ENTRY_GONE,
		.vm = &vm->info,
		.seq = rec->seq,
		.time_ns = rec->time_ns,
	};
	log_limited(LOG_LEVEL_INFO, "%s: gone; writes: %llu, lost: %llu", vm->info.name, writes,
		    vm->info.lost);
	outputs_end(vm);
	outputs_event(vm, &entry);
	close_vm(vm, true);
}

static void writes_lost(const struct dbgport_record *rec)
{
	__u64 count = rec->count, unseen = rec->seq;
	struct vm *vm = vm_table_find(rec->vm);
	struct entry entry;

	totals.lost += count;
	if (!rec->vm) {
		log_limited(LOG_LEVEL_WARNING, "%llu VMs with %llu writes came and went unseen",
			    unseen, count);
		return;
	}
	if (!vm)
		return;
	vm_position_move(&vm->position, rec->seq + count);
	vm_boots_lost(&vm->boots);
	entry = (struct entry){
		.type = ENTRY_LOST,
		.vm = &vm->info,
		.seq = rec->seq,
		.count = count,
	};
	outputs_event(vm, &entry);
	vm->info.lost += count;
	vm->lost_unlogged += count;
	if (!vm->lost_logged_at || loop_now() - vm->lost_logged_at >= LOST_LOG_MS)
		log_lost(vm);
}

/* Type, VM, port and width stand side by side: as one number, they are compared at once. */
static __u64 kind_of(const struct dbgport_record *rec)
{
	__u64 kind;

	static_assert(offsetof(struct dbgport_record, value) -
		      offsetof(struct dbgport_record, vm) == sizeof(kind), "all four");
	memcpy(&kind, (const char *)rec + offsetof(struct dbgport_record, vm), sizeof(kind));
	return kind;
}

/* How many of @count writes are of one VM to one port, alike, and without a gap. */
static size_t run_length(const struct dbgport_record *rec, size_t count)
{
	const __u64 kind = kind_of(rec);
	size_t n = 1;

	while (n < count && kind_of(&rec[n]) == kind && rec[n].flags == rec->flags &&
	       rec[n].seq == rec->seq + n)
		n++;
	return n;
}

/* How many of @count writes may go on at once: up to the one by which a boot has begun. */
static size_t follow_boots(struct vm *vm, const struct dbgport_record *rec, size_t count)
{
	bool begun;
	size_t n = vm_boots_writes(&vm->boots, rec, count, &begun);

	if (begun) {
		tell_boot(vm);
		log_limited(LOG_LEVEL_INFO, "%s: reset; boot %u begins", vm->info.name,
			    vm->info.boot);
	}
	return n;
}

size_t router_writes(const struct dbgport_record *rec, size_t count)
{
	struct vm *vm = vm_table_find(rec->vm);
	size_t n = run_length(rec, count), claimed;
	bool taken = false;

	if (vm)
		n = follow_boots(vm, rec, n);
	claimed = rec->flags & DBGPORT_CLAIMED ? n : 0;
	totals.writes += n;
	totals.claimed += claimed;
	port_counts_add(rec->port, n, claimed, n * rec->width);
	if (vm) {
		vm->writes += n;
		vm->bytes += n * rec->width;
		vm->claimed += claimed;
		vm->is_claimed = claimed;
		vm_position_move(&vm->position, rec->seq + n);
		for (struct output *out = vm->outputs; out; out = out->next) {
			if (route_has_port(out->route, rec->port) && output_writes(out, rec, n))
				taken = true;
		}
	}
	if (!taken)
		totals.unrouted += n;
	return n;
}

void router_record(const struct dbgport_record *rec, const struct dbgport_vm_info *info,
		   const char *own)
{
	switch (rec->type) {
	case DBGPORT_WRITE:
		router_writes(rec, 1);
		break;
	case DBGPORT_ATTACHED:
		vm_attached(rec, info, own);
		break;
	case DBGPORT_GONE:
		vm_gone(rec);
		break;
	case DBGPORT_LOST:
		writes_lost(rec);
		break;
	}
}

bool router_serves(__u32 vm)
{
	const struct vm *served = vm_table_find(vm);

	return served && served->outputs;
}

bool router_serves_any(void)
{
	const struct vm *vm = NULL;

	while ((vm = vm_table_next(vm))) {
		if (vm->outputs)
			return true;
	}
	return false;
}

void router_unplug(void)
{
	struct vm *vm;

	while ((vm = vm_table_next(NULL)))
		close_vm(vm, false);
}

void router_exit(void)
{
	router_unplug();
	shared_sinks_close(routes);
	routes_free(routes);
	routes = NULL;
	router_set_names(NULL);
}

static bool has_live_sink(const struct route *r)
{
	return route_is_per_vm(r) || (r->shared && !r->shared->stream.dead);
}

/* POST codes among the messages, which are there by default. */
static bool is_aside(const struct route *r)
{
	return r->kind == &sink_log && !r->given;
}

static bool has_lost_reader(const struct route *r)
{
	return r->shared && r->shared->stream.dead && r->shared->stream.last_error == EPIPE;
}

bool router_has_sink(void)
{
	bool has_aside = false, reader_left = false;

	for (const struct route *r = routes; r; r = r->next) {
		bool is_live = has_live_sink(r);

		if (!is_aside(r)) {
			if (is_live)
				return true;
			reader_left |= has_lost_reader(r);
		}
		has_aside |= is_live;
	}
	return has_aside && !reader_left;
}

const struct router_totals *router_totals(void)
{
	return &totals;
}
