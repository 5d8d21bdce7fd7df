/* SPDX-License-Identifier: GPL-2.0 */
/* One line of the routing table: which port of which VMs goes to which sink, and how. */
#ifndef DBGPORTD_CONFIG_ROUTE_H
#define DBGPORTD_CONFIG_ROUTE_H

#include <limits.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/config/settings.h"
#include "lib/port.h"

struct codes;
struct format_ops;
struct entry_vm;
struct sink;
struct sink_ops;
struct sink_request;

/**
 * struct route - one route
 * @next: in a list of routes
 * @port: I/O port, or PORT_ANY
 * @kind: the kind of sink
 * @arg: where the kind takes one: the path; may contain %v, %p, %n and %%
 * @pattern: matches the paths of all VMs, for glob()
 * @format: how the sink is written to; NULL: the kind takes entries as they are
 * @codes: what POST codes are called
 * @set: everything else
 * @name: what its outputs are called, as in links: "console", "0x403"
 * @text: the whole route in one canonical line, as --check-config prints it;
 *	two routes are the same if their texts are
 * @where: who asked for it, for messages: "--sink", "/etc/dbgport/dbgportd.conf:12"
 * @given: the user asked for it, it is not just a default
 * @shared: the router's: its sink, where all VMs have one
 */
struct route {
	struct route *next;
	__u32 port;
	const struct sink_ops *kind;
	char *arg;
	char *pattern;
	const struct format_ops *format;
	struct codes *codes;
	struct settings set;
	char *name;
	char *text;
	char *where;
	bool given;
	struct sink *shared;
};

/* Whether writes to @port are POST codes on this route. */
static inline bool route_takes_codes(const struct route *r, __u16 port)
{
	return r->set.data == DATA_CODES || (r->set.data == DATA_AUTO && port == 0x80);
}

/* Whether writes to @port go here at all. */
static inline bool route_has_port(const struct route *r, __u16 port)
{
	return r->port == port || r->port == PORT_ANY;
}

/* Whether each VM has a sink of its own. */
bool route_is_per_vm(const struct route *r);

/**
 * route_sink_request() - what a route wants of a sink
 * @rq: set; valid as long as @path, @r and @vm
 * @path: where the expanded path is put
 * @r: the route
 * @vm: for which VM; NULL for a sink that all VMs share
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0, or -1 if the path is too long.
 */
int route_sink_request(struct sink_request *rq, char path[PATH_MAX], const struct route *r,
		       const struct entry_vm *vm, char *why, size_t size);

/**
 * route_new() - begin a route
 * @where: who asks for it; copied
 *
 * Then come route_port(), route_mode(), any number of route_set(), and
 * route_finish().  These return 0, or -1 and one line for the user in @why,
 * without @where.
 *
 * Return: the route, to be freed by route_free(); NULL if there is no memory.
 */
struct route *route_new(const char *where);

/* @text: as for port_parse() */
int route_port(struct route *r, const char *text, char *why, size_t size);

/* @text: MODE or MODE=ARG */
int route_mode(struct route *r, const char *text, char *why, size_t size);

/* @key: "format", or one of the table of settings */
int route_set(struct route *r, const char *key, const char *value, char *why, size_t size);

/* Check it as a whole, and fill in what follows from the rest. */
int route_finish(struct route *r, char *why, size_t size);

/**
 * route_parse() - understand PORT:MODE[=ARG][,KEY=VALUE]…
 * @text: what the user wrote
 * @where: who wrote it, for messages
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: the route, or NULL.
 */
struct route *route_parse(const char *text, const char *where, char *why, size_t size);

/* Frees @r alone, not what comes after it. */
void route_free(struct route *r);

#endif /* DBGPORTD_CONFIG_ROUTE_H */
