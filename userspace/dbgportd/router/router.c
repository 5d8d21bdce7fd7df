// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/config/routes.h"
#include "dbgportd/loop/clock.h"
#include "dbgportd/loop/loop.h"
#include "dbgportd/router/output.h"
#include "dbgportd/router/positions.h"
#include "dbgportd/router/router.h"
#include "dbgportd/sink/sink.h"
#include "dbgportd/stream/stream.h"
#include "lib/device.h"
#include "lib/log.h"
#include "lib/vmname.h"

#define BUCKETS		256
/* How often a VM's losses are logged; a flood loses at every read. */
#define LOST_LOG_MS	1000

static struct route *routes;
static struct name *names;
static struct vm *vms[BUCKETS];
static struct router_totals totals;
/* There has been more than one VM. */
static bool labels;

static int open_shared(struct route *r, char *why, size_t size)
{
	struct sink_request rq;
	char path[PATH_MAX];

	if (r->shared || route_is_per_vm(r))
		return 0;
	if (route_sink_request(&rq, path, r, NULL, why, size))
		return -1;
	r->shared = sink_get(&rq, why, size);
	return r->shared ? 0 : -1;
}

static void close_shared(struct route *r)
{
	if (r->shared)
		sink_release(r->kind, r->shared);
	r->shared = NULL;
}

static void close_all_shared(struct route *list)
{
	for (struct route *r = list; r; r = r->next)
		close_shared(r);
}

int router_init(struct route *list, char *why, size_t size)
{
	routes = list;
	for (struct route *r = routes; r; r = r->next) {
		if (open_shared(r, why, size))
			return -1;
	}
	return 0;
}

void router_set_names(struct name *list)
{
	names_free(names);
	names = list;
}

/* "0x80,0xe9," */
static void list_ports(char *dst, size_t size, const struct dbgport_info *info)
{
	size_t len = 0;

	*dst = '\0';
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++)
		len += snprintf(dst + len, size - len, "0x%x,", info->ports[i]);
}

int router_check_ports(const struct route *list, const struct dbgport_info *info,
		       char *why, size_t size)
{
	char ports[DBGPORT_MAX_PORTS * 7 + 1];

	list_ports(ports, sizeof(ports), info);
	for (const struct route *r = list ?: routes; r; r = r->next) {
		if (r->port == PORT_ANY || device_has_port(info, r->port))
			continue;
		snprintf(why, size,
			 "%s: the module does not take port 0x%x; load it with ports=%s0x%x",
			 r->where, r->port, ports, r->port);
		if (r->given)
			return -1;
		log_warning("%s", why);
	}
	return 0;
}

static struct vm *find(__u32 id)
{
	struct vm *vm = vms[id % BUCKETS];

	while (vm && vm->info.id != id)
		vm = vm->next;
	return vm;
}

const struct vm *router_next_vm(const struct vm *vm)
{
	unsigned int i = vm ? vm->info.id % BUCKETS + 1 : 0;

	if (vm && vm->next)
		return vm->next;
	while (i < BUCKETS && !vms[i])
		i++;
	return i < BUCKETS ? vms[i] : NULL;
}

static bool name_is_taken(const char *name)
{
	const struct vm *vm = NULL;

	while ((vm = router_next_vm(vm))) {
		if (!strcmp(vm->info.name, name))
			return true;
	}
	return false;
}

/* As the daemon before us called it, or as the user or the VMM does. */
static void name_vm(struct vm *vm, const struct dbgport_vm_info *info, const char *own)
{
	char after_vmm[VMNAME_OWN_SIZE];
	__u64 seq;
	bool done;

	if (positions_of_vm(vm->info.id, &seq, vm->info.name, &done) && vm->info.name[0] &&
	    !name_is_taken(vm->info.name))
		return;
	if (!own) {
		vmname_make(after_vmm, NULL, info, vm->info.id);
		own = after_vmm;
	}
	vmname_number(vm->info.name, names_find(names, own) ?: own, name_is_taken);
}

static bool matches(const struct vm *vm, const struct route *r)
{
	return !r->set.vm || vmname_matches(vm->info.name, r->set.vm);
}

static struct output *output_of(const struct vm *vm, const struct route *r)
{
	struct output *out = vm->outputs;

	while (out && out->route != r)
		out = out->next;
	return out;
}

/* What several outputs of a VM would tell on one sink is told once. */
static bool is_told_before(const struct vm *vm, const struct output *out, enum entry_type type)
{
	for (const struct output *o = vm->outputs; o != out; o = o->next) {
		if (o->sink == out->sink && output_tells(o, type))
			return true;
	}
	return false;
}

static void tell(const struct vm *vm, const struct entry *entry)
{
	for (struct output *out = vm->outputs; out; out = out->next) {
		if (output_tells(out, entry->type) && !is_told_before(vm, out, entry->type))
			output_event(out, entry);
	}
}

static struct entry attached_entry(const struct vm *vm)
{
	return (struct entry){
		.type = ENTRY_ATTACHED,
		.vm = &vm->info,
		.seq = vm->position.next_seq,
		.time_ns = vm->info.zero_ns,
	};
}

/* Open what the routes want and the VM has not. */
static void open_outputs(struct vm *vm)
{
	struct output **end = &vm->outputs;
	const struct entry entry = attached_entry(vm);

	for (const struct route *r = routes; r; r = r->next) {
		struct output *out;

		if (!matches(vm, r) || output_of(vm, r))
			continue;
		out = output_open(vm, r);
		if (!out) {
			log_limited(LOG_LEVEL_ERROR, "%s: no memory: its output is dropped",
				    vm->info.name);
			return;
		}
		while (*end)
			end = &(*end)->next;
		*end = out;
		if (labels)
			output_show_labels(out);
		if (output_tells(out, ENTRY_ATTACHED) && !is_told_before(vm, out, ENTRY_ATTACHED))
			output_event(out, &entry);
	}
}

void router_show_labels(void)
{
	const struct vm *vm = NULL;

	labels = true;
	while ((vm = router_next_vm(vm))) {
		for (struct output *out = vm->outputs; out; out = out->next)
			output_show_labels(out);
	}
}

static void log_attached(const struct vm *vm, bool known)
{
	if (known)
		log_limited(LOG_LEVEL_INFO, "%s: attached%s; VM %u, pid %d, uid %u", vm->info.name,
			    vm->info.late ? " late, times count from now" : "", vm->info.id,
			    vm->info.pid, vm->info.uid);
	else
		log_limited(LOG_LEVEL_INFO, "%s: attached; VM %u, its VMM has ended already",
			    vm->info.name, vm->info.id);
}

static void vm_attached(const struct dbgport_record *rec, const struct dbgport_vm_info *info,
			const char *own)
{
	struct vm *vm = find(rec->vm);

	if (vm)
		return;
	vm = calloc(1, sizeof(*vm));
	if (!vm) {
		log_limited(LOG_LEVEL_ERROR, "VM %u: no memory: its output is dropped", rec->vm);
		return;
	}
	vm->info.id = rec->vm;
	vm->info.pid = info ? info->pid : 0;
	vm->info.uid = info ? info->uid : 0;
	vm->info.late = rec->flags & DBGPORT_LATE;
	vm->info.zero_ns = rec->time_ns;
	name_vm(vm, info, own);
	vm->next = vms[vm->info.id % BUCKETS];
	vms[vm->info.id % BUCKETS] = vm;

	if (++totals.vms == 2)
		router_show_labels();
	log_attached(vm, vm->info.pid > 0);
	vm_position_begin(&vm->position, vm->info.id, vm->info.name, rec->seq);
	open_outputs(vm);
}

static void close_vm(struct vm *vm, bool gone)
{
	struct vm **p = &vms[vm->info.id % BUCKETS];

	while (vm->outputs) {
		struct output *out = vm->outputs;

		vm->outputs = out->next;
		output_close(out);
	}
	vm_position_end(&vm->position, gone);
	while (*p != vm)
		p = &(*p)->next;
	*p = vm->next;
	free(vm);
}

static void log_lost(struct vm *vm)
{
	if (!vm->lost_unsaid)
		return;
	log_warning("%s: %llu writes lost", vm->info.name, vm->lost_unsaid);
	vm->lost_unsaid = 0;
	vm->lost_said_at = loop_now();
}

static void vm_gone(const struct dbgport_record *rec)
{
	struct vm *vm = find(rec->vm);
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
	for (struct output *out = vm->outputs; out; out = out->next)
		output_end(out);
	tell(vm, &entry);
	close_vm(vm, true);
}

static void writes_lost(const struct dbgport_record *rec)
{
	__u64 count = rec->count, unseen = rec->seq;
	struct vm *vm = find(rec->vm);
	struct entry entry;

	totals.lost += count;
	if (!rec->vm) {
		log_warning("%llu VMs with %llu writes came and went unseen", unseen, count);
		return;
	}
	if (!vm)
		return;
	vm_position_move(&vm->position, rec->seq + count);
	entry = (struct entry){
		.type = ENTRY_LOST,
		.vm = &vm->info,
		.seq = rec->seq,
		.count = count,
	};
	tell(vm, &entry);
	vm->info.lost += count;
	vm->lost_unsaid += count;
	if (!vm->lost_said_at || loop_now() - vm->lost_said_at >= LOST_LOG_MS)
		log_lost(vm);
}

/* How many of @count writes are of one VM to one port, alike, and without a gap. */
static size_t run_length(const struct dbgport_record *rec, size_t count)
{
	size_t n = 1;

	while (n < count && rec[n].type == rec->type && rec[n].vm == rec->vm &&
	       rec[n].port == rec->port && rec[n].width == rec->width &&
	       rec[n].flags == rec->flags && rec[n].seq == rec->seq + n)
		n++;
	return n;
}

size_t router_writes(const struct dbgport_record *rec, size_t count)
{
	size_t n = run_length(rec, count), claimed = rec->flags & DBGPORT_CLAIMED ? n : 0;
	struct vm *vm = find(rec->vm);
	bool taken = false;

	totals.writes += n;
	totals.claimed += claimed;
	if (vm) {
		vm->writes += n;
		vm->bytes += n * rec->width;
		vm->claimed += claimed;
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

/* Take the route whose text is @text out of @list; NULL if there is none. */
static struct route *take_route(struct route **list, const char *text)
{
	struct route *r;

	while (*list && strcmp((*list)->text, text))
		list = &(*list)->next;
	r = *list;
	if (r)
		*list = r->next;
	return r;
}

static bool has_route(const struct route *list, const char *text)
{
	while (list && strcmp(list->text, text))
		list = list->next;
	return list;
}

/* Its path is open, with other settings. */
static bool is_open_otherwise(const struct route *r)
{
	struct sink_request rq;
	char path[PATH_MAX], why[512];

	return !route_sink_request(&rq, path, r, NULL, why, sizeof(why)) &&
	       sink_is_open_otherwise(&rq);
}

/*
 * So that a mistake leaves all as it was.  Where the same path is open with
 * other settings, that one has to be closed first.
 */
static int open_before(struct route *list, char *why, size_t size)
{
	for (struct route *r = list; r; r = r->next) {
		if (route_is_per_vm(r) || has_route(routes, r->text) || is_open_otherwise(r))
			continue;
		if (open_shared(r, why, size)) {
			close_all_shared(list);
			return -1;
		}
	}
	return 0;
}

/* The new list, with the routes of ours that are in it; ours keeps the others. */
static struct route *merge(struct route *list)
{
	struct route *merged = NULL, *next;

	for (struct route *r = list; r; r = next) {
		struct route *had = take_route(&routes, r->text);

		next = r->next;
		routes_append(&merged, had ?: r);
		if (had) {
			char *where = had->where;

			had->where = r->where;
			r->where = where;
			route_free(r);
		}
	}
	return merged;
}

/* Outputs of routes that go, and those without a sink: it may be there now. */
static void close_outputs(struct vm *vm, const struct route *gone)
{
	struct output **p = &vm->outputs;

	while (*p) {
		struct output *out = *p;

		if (out->sink && !has_route(gone, out->route->text)) {
			p = &out->next;
			continue;
		}
		*p = out->next;
		output_close(out);
	}
}

int router_reload(struct route *list, char *why, size_t size)
{
	struct route *merged;

	if (open_before(list, why, size))
		return -1;
	merged = merge(list);
	for (int i = 0; i < BUCKETS; i++) {
		for (struct vm *vm = vms[i]; vm; vm = vm->next)
			close_outputs(vm, routes);
	}
	close_all_shared(routes);
	routes_free(routes);
	/* Before the same path is written to by another sink. */
	streams_flush();

	routes = merged;
	for (struct route *r = routes; r; r = r->next) {
		if (open_shared(r, why, size))
			log_error("%s: its output is dropped", why);
	}
	for (int i = 0; i < BUCKETS; i++) {
		for (struct vm *vm = vms[i]; vm; vm = vm->next)
			open_outputs(vm);
	}
	return 0;
}

void router_unplug(void)
{
	for (int i = 0; i < BUCKETS; i++) {
		while (vms[i])
			close_vm(vms[i], false);
	}
}

void router_exit(void)
{
	router_unplug();
	close_all_shared(routes);
	routes_free(routes);
	routes = NULL;
	router_set_names(NULL);
}

bool router_has_sink(void)
{
	for (const struct route *r = routes; r; r = r->next) {
		if (route_is_per_vm(r) || (r->shared && !r->shared->stream.dead))
			return true;
	}
	return false;
}

const struct router_totals *router_totals(void)
{
	return &totals;
}
