// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/console/pty.h"
#include "dbgportctl/vm/daemon.h"
#include "lib/list.h"
#include "lib/port.h"
#include "lib/vmname.h"

/**
 * struct search - what is under way
 * @path: of the first one that was found
 * @port: as of pty_find()
 * @found: how many were
 * @names: what these are called, with commas between
 */
struct search {
	char *path;
	long long port;
	unsigned int found;
	char names[512];
};

static void add(struct search *s, const char *dir, const char *vm, const char *role)
{
	size_t len = strlen(s->names);

	snprintf(s->names + len, sizeof(s->names) - len, "%s%s", len ? ", " : "", role);
	if (!s->found++)
		snprintf(s->path, PATH_MAX, "%s/%s.%s", dir, vm, role);
}

/* The port of a route whose first part is "PORT:pty"; the part is changed. */
static int port_of(char *part, __u32 *port)
{
	char *mode = strchr(part, ':'), why[256];

	if (!mode)
		return -1;
	*mode++ = '\0';
	return strcmp(mode, "pty") ? -1 : port_parse(port, part, why, sizeof(why));
}

/* @route: as dbgportd --check-config prints it, "0xe9:pty,format=raw,name=debug" */
static void see_output(void *arg, const char *dir, const char *vm, const char *route)
{
	char *copy = must(strdup(route)), *rest = copy;
	char *part = list_next(&rest);
	struct search *s = arg;
	const char *role;
	__u32 port;

	if (part && vmname_is_safe(vm) && !port_of(part, &port) &&
	    (s->port == PTY_OF_ANY_PORT || s->port == port)) {
		role = port_name(port) ?: part;
		while (rest && (part = list_next(&rest))) {
			if (!strncmp(part, "name=", 5))
				role = part + 5;
		}
		add(s, dir, vm, role);
	}
	free(copy);
}

int pty_find(char path[PATH_MAX], const struct target *target, long long port,
	     char *why, size_t size)
{
	struct search s = { .path = path, .port = port };

	daemons_each_output(target->module.load_id, target->vm.info.vm, see_output, &s);
	if (s.found == 1)
		return 0;
	if (s.found)
		snprintf(why, size, "%s has several ptys: %s; say which by --port",
			 target->vm.name, s.names);
	else
		snprintf(why, size,
			 "no dbgportd whose status you may read has a pty for %s%s; start one with --console pty, or see dbgportctl tail -f",
			 target->vm.name, port == PTY_OF_ANY_PORT ? "" : " at this port");
	return -1;
}
