// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dbgportd/config/routes.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/owner.h"
#include "lib/log.h"
#include "words/format.h"

void routes_free(struct route *list)
{
	while (list) {
		struct route *r = list;

		list = r->next;
		route_free(r);
	}
}

void routes_append(struct route **list, struct route *r)
{
	while (*list)
		list = &(*list)->next;
	r->next = NULL;
	*list = r;
}

/* Whether two routes lead to one sink, where they lead for the same VM. */
static bool is_same_sink(const struct route *a, const struct route *b)
{
	if (a->kind != b->kind || a->kind->per_vm)
		return false;
	return !a->arg || !strcmp(a->arg, b->arg);
}

int routes_check(const struct route *list, const struct route *r, char *why, size_t size)
{
	for (const struct route *o = list; o && o != r; o = o->next) {
		if (!strcmp(o->text, r->text)) {
			snprintf(why, size, "%s is a route already: %s", r->text, o->where);
			return -1;
		}
		if (o->arg && r->arg && o->kind != r->kind && !strcmp(o->arg, r->arg)) {
			snprintf(why, size, "%s is %s in one route and %s in another: %s",
				 r->arg, o->kind->name, r->kind->name, o->where);
			return -1;
		}
		if (is_same_sink(o, r) && !sink_settings_equal(&o->set.sink, &r->set.sink)) {
			snprintf(why, size,
				 "%s%s%s has other settings in another route, and can have them only once: %s",
				 r->kind->name, r->arg ? "=" : "", r->arg ?: "", o->where);
			return -1;
		}
	}
	return 0;
}

int routes_check_terminal(const struct route *list, char *why, size_t size)
{
	for (const struct route *r = list; r; r = r->next) {
		int fd = r->kind->fd;

		if (!fd || !r->format || !r->format->unsafe)
			continue;
		if (!isatty(fd) && !log_is_journal(fd))
			continue;
		/* "<0>" in front of a line has journald send it to all terminals. */
		snprintf(why, size,
			 "%s %s: guests' raw bytes can do anything to %s; say format=text, or format=unsafe-raw if you trust all of them",
			 r->where, r->text, isatty(fd) ? "a terminal" : "the journal");
		return -1;
	}
	return 0;
}

int routes_check_owners(const struct route *list, char *why, size_t size)
{
	for (const struct route *r = list; r; r = r->next) {
		const struct owner owner = owner_of(&r->set.sink);
		int err = owner_may_give(&owner);

		if (!err)
			continue;
		snprintf(why, size,
			 "%s %s: owner= or group=: %s; it takes CAP_CHOWN, or a group that dbgportd's user is in",
			 r->where, r->text, strerror(-err));
		return -1;
	}
	return 0;
}
