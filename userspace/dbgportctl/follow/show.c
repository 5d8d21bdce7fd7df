// SPDX-License-Identifier: GPL-2.0
#include <dbgport.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/follow/print.h"
#include "dbgportctl/follow/show.h"
#include "lib/list.h"
#include "lib/port.h"

#define DEFAULT_OUTPUT	"text,time=vm"

static const char *ports[DBGPORT_MAX_PORTS + 1];
static size_t port_count;

int shown_port(const char *value, char *why, size_t size)
{
	__u32 port;

	if (port_count == DBGPORT_MAX_PORTS) {
		snprintf(why, size, "--port %s: no VM has more than %d", value,
			 DBGPORT_MAX_PORTS);
		return -1;
	}
	if (port_parse(&port, value, why, size))
		return -1;
	ports[port_count++] = value;
	return 0;
}

static int set_parts(struct route *r, char *list, char *why, size_t size)
{
	while (list) {
		char *part = list_next(&list), *value;
		const char *key = "format";

		if (!part) {
			snprintf(why, size, "quotes or brackets do not match");
			return -1;
		}
		part = list_trim(part);
		value = strchr(part, '=');
		if (value) {
			*value++ = '\0';
			key = part;
		}
		if (route_set(r, key, value ?: part, why, size))
			return -1;
	}
	return 0;
}

static struct route *new_route(const char *port, const char *output, char *why, size_t size)
{
	struct route *r = route_new("--output");
	char *list = strdup(output);

	snprintf(why, size, "no memory");
	if (r && list && !route_port(r, port, why, size)) {
		r->kind = &sink_printed;
		if (!set_parts(r, list, why, size) && !route_finish(r, why, size)) {
			free(list);
			return r;
		}
	}
	free(list);
	if (r)
		route_free(r);
	return NULL;
}

struct route *shown_routes(const char *output, bool labels, char *why, size_t size)
{
	struct route *list = NULL;

	if (!port_count)
		ports[port_count++] = "any";
	for (size_t i = 0; i < port_count; i++) {
		struct route *r = new_route(ports[i], output ?: DEFAULT_OUTPUT, why, size);

		if (r && !labels && r->set.style.label == LABEL_AUTO)
			r->set.style.label = LABEL_NO;
		if (r)
			routes_append(&list, r);
		if (!r || routes_check(list, r, why, size)) {
			routes_free(list);
			return NULL;
		}
	}
	if (!routes_check_terminal(list, why, size))
		return list;
	routes_free(list);
	return NULL;
}
