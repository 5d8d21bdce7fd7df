// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportd/config/routes.h"
#include "dbgportd/router/outputs.h"
#include "dbgportd/router/reload.h"
#include "dbgportd/router/shared_sink.h"
#include "dbgportd/router/vm_table.h"
#include "dbgportd/stream/stream.h"
#include "lib/log.h"

/* Where the route whose text is @text is linked to; at the end if there is none. */
static struct route **find(struct route **list, const char *text)
{
	while (*list && strcmp((*list)->text, text))
		list = &(*list)->next;
	return list;
}

static struct route *take(struct route **list, const char *text)
{
	struct route **link = find(list, text), *r = *link;

	if (r)
		*link = r->next;
	return r;
}

/*
 * So that a mistake leaves all as it was.  Where the same path is open with
 * other settings, that one has to be closed first.
 */
static int open_before(struct route *list, struct route **routes, char *why, size_t size)
{
	for (struct route *r = list; r; r = r->next) {
		if (route_is_per_vm(r) || *find(routes, r->text) ||
		    shared_sink_is_open_otherwise(r))
			continue;
		if (shared_sink_open(r, why, size)) {
			shared_sinks_close(list);
			return -1;
		}
	}
	return 0;
}

/* The new list, with the routes of ours that are in it; ours keeps the others. */
static struct route *merge(struct route *list, struct route **routes)
{
	struct route *merged = NULL, *next;

	for (struct route *r = list; r; r = next) {
		struct route *had = take(routes, r->text);

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

static void close_gone(struct route *gone)
{
	struct vm *vm = NULL;

	while ((vm = vm_table_next(vm)))
		outputs_close_some(vm, gone);
	shared_sinks_close(gone);
	routes_free(gone);
}

static void open_new(struct route *routes, bool several, char *why, size_t size)
{
	struct vm *vm = NULL;

	for (struct route *r = routes; r; r = r->next) {
		if (shared_sink_open(r, why, size))
			log_error("%s: its output is dropped", why);
	}
	while ((vm = vm_table_next(vm)))
		outputs_open(vm, routes, several);
}

int reload_routes(struct route **routes, struct route *list, bool several, char *why,
		  size_t size)
{
	struct route *merged;

	if (open_before(list, routes, why, size))
		return -1;
	merged = merge(list, routes);
	close_gone(*routes);
	/* Before the same path is written to by another sink. */
	streams_flush();
	*routes = merged;
	open_new(merged, several, why, size);
	return 0;
}
