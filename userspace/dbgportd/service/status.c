// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportd/loop/clock.h"
#include "dbgportd/loop/loop.h"
#include "dbgportd/router/output.h"
#include "dbgportd/router/port_counts.h"
#include "dbgportd/router/router.h"
#include "dbgportd/router/vm_table.h"
#include "dbgportd/service/notify.h"
#include "dbgportd/service/rundir.h"
#include "dbgportd/service/status.h"
#include "dbgportd/source/source.h"
#include "lib/hash.h"
#include "lib/json.h"
#include "lib/log.h"
#include "lib/port.h"
#include "lib/replace.h"

#define FILE_NAME	RUNDIR_STATUS

static void tick(struct event *ev, int res);
static void soon_due(struct event *ev, int res);

static struct event timer = { .done = tick };
static struct event soon = { .done = soon_due };
static const char *dir;
static __u64 started;
/* Hash of what the file has, but for what changes by itself; 0: it has nothing. */
static __u64 last;

/* "key": "any bytes" */
static void put_string(FILE *f, const char *key, const char *text)
{
	char small[JSON_STRING_MAX(256)], *dst = small;
	size_t n = text ? strlen(text) : 0;

	fprintf(f, "\"%s\": ", key);
	if (n > 256)
		dst = malloc(JSON_STRING_MAX(n));
	if (text && dst)
		fwrite(dst, 1, json_quote(dst, text, n), f);
	else
		fputs("null", f);
	if (dst != small)
		free(dst);
}

static void put_number(FILE *f, const char *key, __u64 n)
{
	fprintf(f, ", \"%s\": %llu", key, n);
}

static void put_bool(FILE *f, const char *key, bool b)
{
	fprintf(f, ", \"%s\": %s", key, b ? "true" : "false");
}

/* How a sink fares; all 0 where it writes nowhere. */
static void put_sink(FILE *f, const struct sink *sink)
{
	static const struct sink none;
	const struct stream *s = sink ? &sink->stream : &none.stream;

	put_number(f, "written", s->written);
	put_number(f, "dropped", s->dropped);
	put_number(f, "queue", stream_all_waiting(s));
	put_bool(f, "held", s->held);
	put_bool(f, "stalled", s->stalled || s->unserved);
	put_bool(f, "dead", !sink || s->dead);
	fputs(", ", f);
	put_string(f, "last_error", s->last_error ? strerror(s->last_error) : NULL);
}

static void put_output(FILE *f, const struct output *out)
{
	fputs("\n        {", f);
	put_string(f, "route", out->route->text);
	put_number(f, "records", out->records);
	put_number(f, "bytes", out->bytes);
	put_number(f, "cut", out->limit ? out->limit->rate.total : 0);
	put_sink(f, out->sink);
	fputc('}', f);
}

static void put_vm(FILE *f, const struct vm *vm)
{
	fputs("\n    {", f);
	put_string(f, "name", vm->info.name);
	put_number(f, "id", vm->info.id);
	put_number(f, "pid", vm->info.pid);
	put_number(f, "uid", vm->info.uid);
	put_bool(f, "late", vm->info.late);
	put_number(f, "zero_ns", vm->info.zero_ns);
	put_number(f, "boot", vm->info.boot);
	put_number(f, "records", vm->writes);
	put_number(f, "bytes", vm->bytes);
	put_number(f, "claimed", vm->claimed);
	put_number(f, "lost", vm->info.lost);
	put_number(f, "next_seq", vm->position.next_seq);
	put_number(f, "position", vm->position.kept);
	fputs(", \"outputs\": [", f);
	for (const struct output *out = vm->outputs; out; out = out->next) {
		put_output(f, out);
		if (out->next)
			fputc(',', f);
	}
	fputs("]}", f);
}

static void put_vms(FILE *f)
{
	const struct vm *vm = NULL;
	bool first = true;

	fputs(",\n  \"vms\": [", f);
	while ((vm = vm_table_next(vm))) {
		if (!first)
			fputc(',', f);
		first = false;
		put_vm(f, vm);
	}
	fputc(']', f);
}

struct sinks {
	FILE *f;
	bool more;
};

static void put_open_sink(const struct sink_ops *kind, const char *path,
			  const struct sink *sink, int users, void *arg)
{
	struct sinks *sinks = arg;

	fputs(sinks->more ? ",\n    {" : "\n    {", sinks->f);
	sinks->more = true;
	put_string(sinks->f, "kind", kind->name);
	fputs(", ", sinks->f);
	put_string(sinks->f, "path", path);
	put_number(sinks->f, "users", users);
	put_sink(sinks->f, sink);
	fputc('}', sinks->f);
}

static void put_sinks(FILE *f)
{
	struct sinks sinks = { .f = f };

	fputs(",\n  \"sinks\": [", f);
	sinks_each(put_open_sink, &sinks);
	fputc(']', f);
}

static void put_totals(FILE *f)
{
	const struct router_totals *t = router_totals();

	fprintf(f, ",\n  \"totals\": {\"vms\": %llu", t->vms);
	put_number(f, "records", t->writes);
	put_number(f, "claimed", t->claimed);
	put_number(f, "lost", t->lost);
	put_number(f, "unrouted", t->unrouted);
	put_number(f, "dropped_bytes", streams_dropped());
	put_number(f, "cut_bytes", limits_cut());
	fputc('}', f);
}

static void put_ports(FILE *f)
{
	const struct port_count *c;

	fputs(",\n  \"ports\": [", f);
	for (size_t i = 0; (c = port_counts(i)); i++) {
		fputs(i ? ",\n    {\"port\": " : "\n    {\"port\": ", f);
		if (c->port == PORT_ANY)
			fputs("null", f);
		else
			fprintf(f, "%u", c->port);
		put_number(f, "records", c->writes);
		put_number(f, "bytes", c->bytes);
		put_number(f, "claimed", c->claimed);
		fputc('}', f);
	}
	fputc(']', f);
}

/* What changes by itself comes last: @body is the length of what is before. */
static char *make_text(size_t *body, size_t *size)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, size);
	bool bad;

	if (!f)
		return NULL;
	fputs("{\n  ", f);
	put_string(f, "version", DBGPORTD_VERSION);
	put_number(f, "pid", getpid());
	put_number(f, "abi", DBGPORT_ABI);
	/* Numbers in JSON are exact to 2^53 only. */
	fprintf(f, ", \"load_id\": \"%016llx\", ", source_info()->load_id);
	put_string(f, "engine", loop_engine());
	put_totals(f);
	put_ports(f);
	put_vms(f);
	put_sinks(f);
	fflush(f);
	*body = *size;
	fprintf(f, ",\n  \"uptime_ms\": %llu\n}\n", loop_now() - started);
	bad = ferror(f);
	if (!fclose(f) && !bad)
		return text;
	free(text);
	return NULL;
}

char *status_text(size_t *size)
{
	size_t body;

	return make_text(&body, size);
}

static int put_in_place(const char *text, size_t size)
{
	char path[PATH_MAX], new[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/" FILE_NAME, dir) >= (int)sizeof(path) ||
	    snprintf(new, sizeof(new), "%s/." FILE_NAME, dir) >= (int)sizeof(new))
		return -ENAMETOOLONG;
	return replace_file(path, new, 0640, text, size);
}

static void notify_totals(void)
{
	const struct router_totals *t = router_totals();

	notify_status("VMs seen: %llu, writes: %llu, lost: %llu, bytes dropped: %llu",
		      t->vms, t->writes, t->lost, streams_dropped());
}

static void write_status(bool only_changed)
{
	size_t body, size;
	__u64 is;
	char *text;
	int err;

	if (!dir)
		return;
	text = make_text(&body, &size);
	is = text ? hash(text, body) : 0;
	if (text && only_changed && is == last) {
		free(text);
		return;
	}
	notify_totals();
	err = text ? put_in_place(text, size) : -ENOMEM;
	if (err)
		log_limited(LOG_LEVEL_WARNING, "%s/" FILE_NAME ": %s", dir, strerror(-err));
	last = err ? 0 : is;
	free(text);
}

void status_write(void)
{
	write_status(false);
}

static void tick(struct event *ev, int res)
{
	if (res == -ECANCELED || !dir)
		return;
	write_status(true);
	loop_timeout(ev, STATUS_MS);
}

static void soon_due(struct event *ev, int res)
{
	(void)ev;
	if (res != -ECANCELED && dir)
		write_status(true);
}

/* Many that come at once are told at once. */
void status_follow(void)
{
	static __u64 followed;
	__u64 changes = router_totals()->changes;

	if (changes == followed || soon.busy || !dir)
		return;
	followed = changes;
	loop_timeout(&soon, STATUS_SOON_MS);
}

void status_start(const char *run_dir)
{
	dir = run_dir;
	started = loop_now();
	write_status(true);
	loop_timeout(&timer, STATUS_MS);
}

void status_stop(void)
{
	char path[PATH_MAX];

	if (!dir)
		return;
	snprintf(path, sizeof(path), "%s/" FILE_NAME, dir);
	unlink(path);
	dir = NULL;
	last = 0;
	loop_cancel(&timer);
	loop_cancel(&soon);
}
