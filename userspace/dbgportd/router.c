// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/format.h"
#include "dbgportd/lines.h"
#include "dbgportd/log.h"
#include "dbgportd/path.h"
#include "dbgportd/router.h"
#include "lib/device.h"
#include "lib/vmname.h"

#define BUCKETS		256
/* How often a VM's losses are logged; a flood loses at every read. */
#define LOST_LOG_MS	1000

/**
 * struct output - one route of one VM
 * @sink: NULL: nowhere
 * @own: only this VM writes to it
 * @lines: of sinks that take lines
 */
struct output {
	struct sink *sink;
	bool own;
	struct lines lines;
};

/**
 * struct vm - one VM that has been attached and is not gone yet
 * @next: in its bucket
 * @id: the module's number
 * @name: unique among these
 * @zero_ns: the VM's zero, CLOCK_MONOTONIC
 * @lost: writes lost in all
 * @lost_unsaid: those of them that the log has not told yet
 * @lost_said_at: loop_now() when it did
 * @out: where its ports go
 */
struct vm {
	struct vm *next;
	__u32 id;
	char name[VMNAME_SIZE];
	__u64 zero_ns;
	__u64 lost;
	__u64 lost_unsaid;
	__u64 lost_said_at;
	struct output out[ROLES];
};

const char *const role_name[ROLES] = {
	[ROLE_CONSOLE] = "console",
	[ROLE_FIRMWARE] = "firmware",
	[ROLE_POST] = "post",
};

static const struct route *routes;
static struct sink *shared[ROLES];
static struct vm *vms[BUCKETS];
static struct router_totals totals;

static bool is_per_vm(const struct route *r)
{
	return r->kind->per_vm || (r->kind->takes_path && path_is_per_vm(r->path));
}

static struct sink *open_sink(enum port_role role, const char *vm, char *why, size_t size)
{
	const struct sink_request rq = {
		.path = routes[role].path,
		.vm = vm,
		.role = role_name[role],
	};

	return routes[role].kind->open(&rq, why, size);
}

int router_init(const struct route r[ROLES], char *why, size_t size)
{
	routes = r;
	for (int i = 0; i < ROLES; i++) {
		if (!routes[i].kind || is_per_vm(&routes[i]))
			continue;
		shared[i] = open_sink(i, NULL, why, size);
		if (!shared[i])
			return -1;
	}
	return 0;
}

/* "0x80,0xe9," */
static void list_ports(char *dst, size_t size, const struct dbgport_info *info)
{
	size_t len = 0;

	*dst = '\0';
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++)
		len += snprintf(dst + len, size - len, "0x%x,", info->ports[i]);
}

int router_check_ports(const struct dbgport_info *info, char *why, size_t size)
{
	char ports[DBGPORT_MAX_PORTS * 7 + 1];

	list_ports(ports, sizeof(ports), info);
	for (int i = 0; i < ROLES; i++) {
		const struct route *r = &routes[i];

		if (!r->kind || device_has_port(info, r->port))
			continue;
		snprintf(why, size,
			 "--%s: the module does not take port 0x%x; load it with ports=%s0x%x",
			 role_name[i], r->port, ports, r->port);
		if (r->given)
			return -1;
		log_line("%s", why);
	}
	return 0;
}

static struct vm *find(__u32 id)
{
	struct vm *vm = vms[id % BUCKETS];

	while (vm && vm->id != id)
		vm = vm->next;
	return vm;
}

static bool name_is_taken(const char *name)
{
	for (int i = 0; i < BUCKETS; i++) {
		for (struct vm *vm = vms[i]; vm; vm = vm->next) {
			if (!strcmp(vm->name, name))
				return true;
		}
	}
	return false;
}

static void open_output(struct vm *vm, enum port_role role)
{
	struct output *out = &vm->out[role];
	char why[512];

	if (!routes[role].kind)
		return;
	out->sink = shared[role];
	out->own = !out->sink;
	if (out->own) {
		out->sink = open_sink(role, vm->name, why, sizeof(why));
		if (!out->sink) {
			log_line("%s: %s: its output is dropped", vm->name, why);
			return;
		}
	}
	lines_init(&out->lines, out->sink, vm->name);
}

static void vm_attached(const struct dbgport_record *rec, const struct dbgport_vm_info *info,
			const char *given)
{
	struct vm *vm = find(rec->vm);

	if (vm)
		return;
	vm = calloc(1, sizeof(*vm));
	if (!vm) {
		log_line("VM %u: no memory: its output is dropped", rec->vm);
		return;
	}
	vm->id = rec->vm;
	vm->zero_ns = rec->time_ns;
	vmname_make(vm->name, given, info, vm->id, name_is_taken);
	vm->next = vms[vm->id % BUCKETS];
	vms[vm->id % BUCKETS] = vm;

	if (++totals.vms == 2)
		lines_show_labels();
	if (info && info->pid > 0)
		log_line("%s: attached%s; VM %u, pid %d, uid %u", vm->name,
			 rec->flags & DBGPORT_LATE ? " late, times count from now" : "",
			 vm->id, info->pid, info->uid);
	else
		log_line("%s: attached; VM %u, its VMM has ended already", vm->name, vm->id);
	for (int i = 0; i < ROLES; i++)
		open_output(vm, i);
}

static void close_vm(struct vm *vm)
{
	struct vm **p = &vms[vm->id % BUCKETS];

	for (int i = 0; i < ROLES; i++) {
		struct output *out = &vm->out[i];

		if (!out->sink)
			continue;
		lines_end(&out->lines);
		if (out->own)
			out->sink->ops->close(out->sink);
	}
	while (*p != vm)
		p = &(*p)->next;
	*p = vm->next;
	free(vm);
}

static void log_lost(struct vm *vm)
{
	if (!vm->lost_unsaid)
		return;
	log_line("%s: %llu writes lost", vm->name, vm->lost_unsaid);
	vm->lost_unsaid = 0;
	vm->lost_said_at = loop_now();
}

static void vm_gone(const struct dbgport_record *rec)
{
	struct vm *vm = find(rec->vm);
	__u64 writes = rec->seq;

	if (!vm)
		return;
	log_line("%s: gone; writes: %llu, lost: %llu", vm->name, writes, vm->lost);
	close_vm(vm);
}

static void show_lost(struct vm *vm, enum port_role role, const char *text, size_t len)
{
	struct sink *sink = vm->out[role].sink;

	if (!sink || !sink->ops->notes)
		return;
	/* Only once on a sink that several of the VM's ports lead to. */
	for (int i = 0; i < (int)role; i++) {
		if (vm->out[i].sink == sink)
			return;
	}
	if (!sink->ops->lines)
		sink->ops->put(sink, sink->eol, strlen(sink->eol));
	lines_note(sink, vm->name, text, len);
}

static void writes_lost(const struct dbgport_record *rec)
{
	__u64 count = rec->count, unseen = rec->seq;
	struct vm *vm = find(rec->vm);
	char text[FORMAT_LINE_MAX];
	size_t len;

	totals.lost += count;
	if (!rec->vm) {
		log_line("%llu VMs with %llu writes came and went unseen",
			 unseen, count);
		return;
	}
	if (!vm)
		return;
	len = format_lost(text, count);
	for (int i = 0; i < ROLES; i++)
		show_lost(vm, i, text, len);
	vm->lost += count;
	vm->lost_unsaid += count;
	if (!vm->lost_said_at || loop_now() - vm->lost_said_at >= LOST_LOG_MS)
		log_lost(vm);
}

static void put_code(struct vm *vm, struct output *out, const struct dbgport_record *rec)
{
	__u64 ns = rec->time_ns > vm->zero_ns ? rec->time_ns - vm->zero_ns : 0;
	char text[FORMAT_LINE_MAX];

	lines_note(out->sink, vm->name, text, format_post(text, rec->value, ns));
}

static void put_bytes(struct output *out, const struct dbgport_record *rec)
{
	char bytes[sizeof(rec->value)];
	size_t n = rec->width < sizeof(bytes) ? rec->width : sizeof(bytes);

	for (size_t i = 0; i < n; i++)
		bytes[i] = rec->value >> (8 * i);
	if (out->sink->ops->lines)
		lines_put(&out->lines, rec->vcpu, bytes, n);
	else
		out->sink->ops->put(out->sink, bytes, n);
}

static void vm_wrote(const struct dbgport_record *rec)
{
	struct vm *vm = find(rec->vm);

	totals.writes++;
	if (rec->flags & DBGPORT_CLAIMED)
		totals.claimed++;
	for (int i = 0; vm && i < ROLES; i++) {
		struct output *out = &vm->out[i];

		if (routes[i].port != rec->port || !out->sink)
			continue;
		if (i == ROLE_POST)
			put_code(vm, out, rec);
		else
			put_bytes(out, rec);
		return;
	}
	totals.unrouted++;
}

void router_record(const struct dbgport_record *rec, const struct dbgport_vm_info *info,
		   const char *given)
{
	switch (rec->type) {
	case DBGPORT_WRITE:
		vm_wrote(rec);
		break;
	case DBGPORT_ATTACHED:
		vm_attached(rec, info, given);
		break;
	case DBGPORT_GONE:
		vm_gone(rec);
		break;
	case DBGPORT_LOST:
		writes_lost(rec);
		break;
	}
}

void router_unplug(void)
{
	for (int i = 0; i < BUCKETS; i++) {
		while (vms[i])
			close_vm(vms[i]);
	}
}

void router_exit(void)
{
	router_unplug();
	for (int i = 0; i < ROLES; i++) {
		/* The kind that opened it: several lead to standard output. */
		if (shared[i])
			routes[i].kind->close(shared[i]);
		shared[i] = NULL;
	}
}

bool router_has_sink(void)
{
	for (int i = 0; i < ROLES; i++) {
		if (routes[i].kind && !(shared[i] && shared[i]->stream.dead))
			return true;
	}
	return false;
}

const struct router_totals *router_totals(void)
{
	return &totals;
}
