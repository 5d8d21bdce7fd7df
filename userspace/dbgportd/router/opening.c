// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "dbgportd/router/opening.h"
#include "lib/log.h"

/* NULL with errno, and one line in @why. */
static struct sink *get_sink(const struct vm *vm, const struct route *route, char *why,
			     size_t size)
{
	bool apart = route->kind->vms_apart || route_is_per_vm(route);
	const struct entry_vm *whose = apart ? &vm->info : NULL;
	struct sink_request rq;
	char path[PATH_MAX];

	if (!route_sink_request(&rq, path, route, whose, why, size))
		return sink_get(&rq, why, size);
	errno = ENAMETOOLONG;
	return NULL;
}

static bool may_pass(int err)
{
	return err == EMFILE || err == ENFILE || err == ENOSPC;
}

struct output *output_open(struct vm *vm, const struct route *route)
{
	struct output *out = malloc(sizeof(*out));
	bool waits = false;
	struct sink *sink;
	char why[512];

	if (!out)
		return NULL;
	sink = get_sink(vm, route, why, sizeof(why));
	if (!sink) {
		waits = may_pass(errno);
		log_limited(LOG_LEVEL_ERROR, "%s: %s: its output is dropped%s", vm->info.name,
			    why, waits ? " until it can be opened" : "");
	}
	output_init(out, vm, route, sink);
	out->waits = waits;
	return out;
}

bool output_try_again(struct output *out)
{
	struct output was = *out;
	char why[512];
	struct sink *sink = get_sink(out->vm, out->route, why, sizeof(why));

	if (!sink) {
		out->waits = may_pass(errno);
		if (!out->waits)
			log_limited(LOG_LEVEL_ERROR, "%s: %s: its output is dropped",
				    out->vm->info.name, why);
		return false;
	}
	log_limited(LOG_LEVEL_WARNING, "%s: %s: opened after all; %llu bytes were dropped",
		    out->vm->info.name, out->route->name, out->bytes);
	position_end(&out->position);
	output_init(out, was.vm, was.route, sink);
	out->next = was.next;
	out->records = was.records;
	out->bytes = was.bytes;
	return true;
}
