// SPDX-License-Identifier: GPL-2.0
#include <linux/types.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "dbgportd/router/output.h"
#include "dbgportd/router/port_counts.h"
#include "dbgportd/router/router.h"
#include "dbgportd/router/vm_table.h"
#include "dbgportd/service/metrics_text.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/sink.h"
#include "lib/array.h"
#include "lib/label.h"
#include "lib/port.h"

#define COUNTER		"counter"
#define GAUGE		"gauge"

static void put_head(FILE *f, const char *name, const char *type, const char *help)
{
	fprintf(f, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_one(FILE *f, const char *name, const char *type, __u64 value, const char *help)
{
	put_head(f, name, type, help);
	fprintf(f, "%s %llu\n", name, value);
}

static void put_daemon(FILE *f)
{
	put_head(f, "dbgport_build_info", GAUGE, "The dbgportd that runs.");
	fprintf(f, "dbgport_build_info{version=\"" DBGPORTD_VERSION "\"} 1\n");
	put_one(f, "dbgport_metrics_timestamp_seconds", GAUGE, time(NULL),
		"When dbgportd wrote this, in seconds since 1970.");
}

static void put_ports(FILE *f)
{
	const struct port_count *c;
	char port[PORT_TEXT_SIZE];

	put_head(f, "dbgport_writes_total", COUNTER,
		 "Writes read from the module, by port, and by whether the VMM saw them, too (tee).");
	for (size_t i = 0; (c = port_counts(i)); i++) {
		port_text(port, c->port);
		fprintf(f, "dbgport_writes_total{port=\"%s\",state=\"claimed\"} %llu\n",
			c->port == PORT_ANY ? "other" : port, c->claimed);
		fprintf(f, "dbgport_writes_total{port=\"%s\",state=\"tee\"} %llu\n",
			c->port == PORT_ANY ? "other" : port, c->writes - c->claimed);
	}
	put_head(f, "dbgport_written_bytes_total", COUNTER, "Bytes of these writes.");
	for (size_t i = 0; (c = port_counts(i)); i++) {
		port_text(port, c->port);
		fprintf(f, "dbgport_written_bytes_total{port=\"%s\"} %llu\n",
			c->port == PORT_ANY ? "other" : port, c->bytes);
	}
}

static void put_totals(FILE *f)
{
	const struct router_totals *t = router_totals();

	put_one(f, "dbgport_lost_total", COUNTER, t->lost,
		"Writes that were overwritten in the module before dbgportd read them.");
	put_one(f, "dbgport_unrouted_total", COUNTER, t->unrouted, "Writes that no sink took.");
	put_one(f, "dbgport_dropped_bytes_total", COUNTER, streams_dropped(),
		"Bytes that sinks dropped, as their readers or disks were too slow.");
	put_one(f, "dbgport_cut_bytes_total", COUNTER, limits_cut(),
		"Bytes of VMs that came faster than rate= lets pass.");
	put_one(f, "dbgport_vms_seen_total", COUNTER, t->vms, "VMs that have come.");
}

/* How a sink fares; the worst counts. */
static const char *const sink_states[] = { "ok", "held", "stalled", "dead" };

static unsigned int sink_state(const struct stream *s)
{
	return s->dead ? 3 : s->stalled || s->unserved ? 2 : s->held ? 1 : 0;
}

/* Of all sinks of one kind. */
struct sinks {
	const struct sink_ops *kind;
	unsigned int in_state[ARRAY_SIZE(sink_states)];
	__u64 waiting;
};

static void count_sink(const struct sink_ops *kind, const char *path, const struct sink *sink,
		       int users, void *arg)
{
	struct sinks *sinks = arg;

	(void)path;
	(void)users;
	if (kind != sinks->kind)
		return;
	sinks->in_state[sink_state(&sink->stream)]++;
	sinks->waiting += stream_all_waiting(&sink->stream);
}

static void put_sinks(FILE *f)
{
	put_head(f, "dbgport_sinks", GAUGE,
		 "Open sinks, by mode and state: held without a reader, stalled by an error that may pass, or dead.");
	for (int i = 0; sink_kinds[i]; i++) {
		struct sinks sinks = { .kind = sink_kinds[i] };

		sinks_each(count_sink, &sinks);
		for (size_t state = 0; state < ARRAY_SIZE(sink_states); state++)
			fprintf(f, "dbgport_sinks{mode=\"%s\",state=\"%s\"} %u\n",
				sinks.kind->name, sink_states[state], sinks.in_state[state]);
	}
	put_head(f, "dbgport_sink_queue_bytes", GAUGE, "Bytes that wait in sinks, by mode.");
	for (int i = 0; sink_kinds[i]; i++) {
		struct sinks sinks = { .kind = sink_kinds[i] };

		sinks_each(count_sink, &sinks);
		fprintf(f, "dbgport_sink_queue_bytes{mode=\"%s\"} %llu\n", sinks.kind->name,
			sinks.waiting);
	}
}

/* What all VMs that there are have in common. */
struct vms {
	unsigned int silent, claimed, tee;
	unsigned int unrouted;
	unsigned int unopened;
};

static void count_vm(struct vms *vms, const struct vm *vm)
{
	if (!vm->writes)
		vms->silent++;
	else if (vm->is_claimed)
		vms->claimed++;
	else
		vms->tee++;
	if (!vm->outputs)
		vms->unrouted++;
	for (const struct output *out = vm->outputs; out; out = out->next)
		vms->unopened += !out->sink;
}

static void put_vms(FILE *f, const struct vms *vms, unsigned int unlisted)
{
	put_head(f, "dbgport_vms", GAUGE,
		 "VMs, by whether they have written (silent: not), and whether the VMM saw the last write, too (tee).");
	fprintf(f, "dbgport_vms{state=\"silent\"} %u\n", vms->silent);
	fprintf(f, "dbgport_vms{state=\"claimed\"} %u\n", vms->claimed);
	fprintf(f, "dbgport_vms{state=\"tee\"} %u\n", vms->tee);
	put_one(f, "dbgport_vms_unrouted", GAUGE, vms->unrouted, "VMs that no route is for.");
	put_one(f, "dbgport_vms_unlisted", GAUGE, unlisted,
		"VMs without metrics of their own, beyond metrics-vms.");
	put_one(f, "dbgport_outputs_unopened", GAUGE, vms->unopened,
		"Routes of VMs whose file, pty or socket cannot be opened.");
}

static __u64 vm_writes(const struct vm *vm)
{
	return vm->writes;
}

static __u64 vm_claimed(const struct vm *vm)
{
	return vm->claimed;
}

static __u64 vm_lost(const struct vm *vm)
{
	return vm->info.lost;
}

static __u64 vm_boots(const struct vm *vm)
{
	return vm->info.boot;
}

/* One that no other VM writes to; of several outputs that share it, the first. */
static const struct stream *own_stream(const struct vm *vm, const struct output *out)
{
	if (!out->sink || out->sink->shared)
		return NULL;
	for (const struct output *o = vm->outputs; o != out; o = o->next) {
		if (o->sink == out->sink)
			return NULL;
	}
	return &out->sink->stream;
}

static __u64 vm_dropped(const struct vm *vm)
{
	__u64 n = 0;

	for (const struct output *out = vm->outputs; out; out = out->next) {
		const struct stream *s = own_stream(vm, out);

		n += s ? s->dropped : 0;
	}
	return n;
}

static __u64 vm_queue(const struct vm *vm)
{
	__u64 n = 0;

	for (const struct output *out = vm->outputs; out; out = out->next) {
		const struct stream *s = own_stream(vm, out);

		n += s && !s->dead ? stream_waiting(s) : 0;
	}
	return n;
}

static __u64 vm_cut(const struct vm *vm)
{
	__u64 n = 0;

	for (const struct output *out = vm->outputs; out; out = out->next)
		n += out->limit ? out->limit->rate.total : 0;
	return n;
}

/* A reload may close routes, so that of what was cut and dropped there is less. */
static const struct {
	const char *name;
	const char *type;
	const char *help;
	__u64 (*value)(const struct vm *vm);
} of_vm[] = {
	{ "dbgport_vm_writes_total", COUNTER, "Writes of the VM.", vm_writes },
	{ "dbgport_vm_claimed_total", COUNTER, "Those that the VMM did not see.", vm_claimed },
	{ "dbgport_vm_lost_total", COUNTER, "Writes of the VM that were lost.", vm_lost },
	{ "dbgport_vm_boots_total", COUNTER, "Boots of the VM: each reset begins one.", vm_boots },
	{ "dbgport_vm_cut_bytes", GAUGE, "Bytes of the VM that rate= cut.", vm_cut },
	{ "dbgport_vm_dropped_bytes", GAUGE, "Bytes that the open sinks of the VM alone dropped.",
	  vm_dropped },
	{ "dbgport_vm_queue_bytes", GAUGE, "Bytes that wait in these.", vm_queue },
};

static void put_of_vms(FILE *f, const struct vm *const vms[], size_t count)
{
	for (size_t i = 0; i < ARRAY_SIZE(of_vm); i++) {
		put_head(f, of_vm[i].name, of_vm[i].type, of_vm[i].help);
		for (size_t k = 0; k < count; k++) {
			fprintf(f, "%s{vm=\"", of_vm[i].name);
			label_print(f, vms[k]->info.name);
			fprintf(f, "\"} %llu\n", of_vm[i].value(vms[k]));
		}
	}
}

/* Numbers of VMs are never used twice, and only grow. */
static int by_age(const void *a, const void *b)
{
	const struct vm *const *x = a, *const *y = b;

	return (*x)->info.id < (*y)->info.id ? -1 : 1;
}

/* Those that there are, the oldest first; NULL without memory, or if there are none. */
static const struct vm **list_vms(size_t *count, struct vms *common)
{
	const struct vm **list, *vm = NULL;
	size_t n = 0;

	while ((vm = vm_table_next(vm))) {
		count_vm(common, vm);
		n++;
	}
	*count = n;
	list = calloc(n, sizeof(*list));
	for (size_t i = 0; list && (vm = vm_table_next(vm)); i++)
		list[i] = vm;
	if (list)
		qsort(list, n, sizeof(*list), by_age);
	return list;
}

void metrics_print(FILE *f, unsigned int max)
{
	struct vms common = { 0 };
	size_t count;
	const struct vm **list = list_vms(&count, &common);
	size_t own = !list ? 0 : count < max ? count : max;

	put_daemon(f);
	put_ports(f);
	put_totals(f);
	put_sinks(f);
	put_vms(f, &common, count - own);
	put_of_vms(f, list, own);
	free(list);
}
