// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/vm/daemon.h"
#include "dbgportctl/vm/daemon_process.h"
#include "lib/array.h"
#include "lib/default_dir.h"
#include "lib/number.h"

static json_int_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* The status in @dir, in @status; else as daemon_read(). */
static int read_status(json_t **status, const char *dir, char *why, size_t size)
{
	char path[PATH_MAX];
	json_error_t error;

	snprintf(path, sizeof(path), "%s/status.json", dir);
	*status = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (!*status) {
		snprintf(why, size, "%s", error.text);
		if (access(path, F_OK))
			return -ENOENT;
		return access(path, R_OK) ? -EACCES : -EIO;
	}
	if (daemon_process_runs(number(*status, "pid")))
		return 0;
	snprintf(why, size, "%s: the dbgportd that wrote it does not run any more", path);
	json_decref(*status);
	*status = NULL;
	return -ESRCH;
}

static __u64 load_id_of(const json_t *status)
{
	const char *text = json_string_value(json_object_get(status, "load_id"));

	__u64 load_id = 0;

	if (text)
		number_parse(text, NUMBER_HEX, 0, ULLONG_MAX, &load_id);
	return load_id;
}

/* One that is dead for want of an error of its own was never opened. */
static unsigned int count_unopened(const json_t *status)
{
	const json_t *vm, *output;
	unsigned int n = 0;
	size_t i, k;

	json_array_foreach(json_object_get(status, "vms"), i, vm) {
		json_array_foreach(json_object_get(vm, "outputs"), k, output)
			n += json_is_true(json_object_get(output, "dead")) &&
			     json_is_null(json_object_get(output, "last_error"));
	}
	return n;
}

int daemon_read(struct daemon *d, const char *dir, char *why, size_t size)
{
	const json_t *totals, *sink;
	json_t *status;
	size_t i;
	int err = read_status(&status, dir, why, size);

	if (err)
		return err;
	totals = json_object_get(status, "totals");
	*d = (struct daemon){
		.pid = number(status, "pid"),
		.load_id = load_id_of(status),
		.lost = number(totals, "lost"),
		.dropped = number(totals, "dropped_bytes"),
		.unopened = count_unopened(status),
	};
	json_array_foreach(json_object_get(status, "sinks"), i, sink) {
		d->dead += json_is_true(json_object_get(sink, "dead"));
		d->stalled += json_is_true(json_object_get(sink, "stalled"));
	}
	json_decref(status);
	return 0;
}

/* Each VM of a status: as daemons_each_vm() or, with @see_output, as the other. */
struct visit {
	daemon_vm_call *see_vm;
	daemon_output_call *see_output;
	__u32 vm;
	void *arg;
};

static void each_output(const struct visit *v, const char *dir, const char *name, const json_t *vm)
{
	const json_t *output;
	size_t i;

	json_array_foreach(json_object_get(vm, "outputs"), i, output) {
		const char *route = json_string_value(json_object_get(output, "route"));

		if (route && !json_is_true(json_object_get(output, "dead")))
			v->see_output(v->arg, dir, name, route);
	}
}

static void each_vm(const struct visit *v, const char *dir, const json_t *status)
{
	const json_t *vm;
	size_t i;

	json_array_foreach(json_object_get(status, "vms"), i, vm) {
		const struct daemon_vm said = {
			.id = number(vm, "id"),
			.name = json_string_value(json_object_get(vm, "name")),
			.lost = number(vm, "lost"),
			.boot = number(vm, "boot"),
		};

		if (said.name && v->see_vm)
			v->see_vm(v->arg, &said);
		else if (said.name && said.id == v->vm)
			each_output(v, dir, said.name, vm);
	}
}

static void each_status(__u64 load_id, const struct visit *v)
{
	const char *const dirs[] = { ROOT_RUN_DIR, default_run_dir() };
	char why[512];

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++) {
		json_t *status;

		/* Root's own is root's. */
		if (!dirs[i] || (i && !strcmp(dirs[i], dirs[0])))
			continue;
		if (!read_status(&status, dirs[i], why, sizeof(why)) &&
		    load_id_of(status) == load_id)
			each_vm(v, dirs[i], status);
		json_decref(status);
	}
}

void daemons_each_vm(__u64 load_id, daemon_vm_call *call, void *arg)
{
	const struct visit v = { .see_vm = call, .arg = arg };

	each_status(load_id, &v);
}

void daemons_each_output(__u64 load_id, __u32 vm, daemon_output_call *call, void *arg)
{
	const struct visit v = { .see_output = call, .vm = vm, .arg = arg };

	each_status(load_id, &v);
}
