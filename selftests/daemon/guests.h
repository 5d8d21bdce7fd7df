/* SPDX-License-Identifier: GPL-2.0 */
/* For tests of what the daemon tells of its VMs: a router, and VMs that it hears of. */
#ifndef DAEMON_GUESTS_H
#define DAEMON_GUESTS_H

#include <dbgport.h>
#include <stdio.h>
#include <stdlib.h>

#include "dbgportd/config/routes.h"
#include "dbgportd/router/router.h"

static inline void guests_add_route(struct route **list, const char *text)
{
	char why[512];
	struct route *r = route_parse(text, "--sink", why, sizeof(why));

	if (!r) {
		fprintf(stderr, "# %s: %s\n", text, why);
		abort();
	}
	routes_append(list, r);
}

/* Routes as --sink takes them, ending with NULL. */
static inline void guests_route(const char *const texts[])
{
	struct route *list = NULL;
	char why[512];

	for (; *texts; texts++)
		guests_add_route(&list, *texts);
	if (router_init(list, why, sizeof(why))) {
		fprintf(stderr, "# %s\n", why);
		abort();
	}
}

static inline void guests_attach(__u32 id, const char *name)
{
	const struct dbgport_record rec = {
		.type = DBGPORT_ATTACHED, .vm = id, .time_ns = 123456789012345678ULL,
	};
	const struct dbgport_vm_info info = { .vm = id, .pid = 4711, .uid = 1000, .comm = "vmm" };

	router_record(&rec, &info, name);
}

/* @n bytes, all of which are claimed. */
static inline void guests_wrote(__u32 id, __u16 port, int n)
{
	static __u64 seq;

	while (n--) {
		const struct dbgport_record rec = {
			.type = DBGPORT_WRITE, .vm = id, .port = port, .width = 1,
			.value = 'x', .seq = seq++, .flags = DBGPORT_CLAIMED,
		};

		router_record(&rec, NULL, NULL);
	}
}

static inline void guests_gone(__u32 id)
{
	const struct dbgport_record rec = { .type = DBGPORT_GONE, .vm = id };

	router_record(&rec, NULL, NULL);
}

#endif /* DAEMON_GUESTS_H */
