// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "dbgportd/loop/clock.h"
#include "dbgportd/router/limit.h"
#include "lib/log.h"
#include "lib/port.h"

/* How often it is logged; a flood is cut again and again. */
#define LOG_MS	60000

static __u64 all_cut;

static void log_cut(struct limit *limit)
{
	log_limited(LOG_LEVEL_WARNING, "%s: %s: faster than its rate=; %llu bytes were cut",
		    limit->vm->name, limit->route->name, limit->unlogged);
	limit->unlogged = 0;
	limit->logged_at = loop_now();
}

struct limit *limit_new(const struct route *route, const struct entry_vm *vm)
{
	struct limit *limit = calloc(1, sizeof(*limit));

	if (!limit)
		return NULL;
	limit->route = route;
	limit->vm = vm;
	rate_init(&limit->rate, route->set.rate, settings_burst(&route->set));
	return limit;
}

void limit_free(struct limit *limit)
{
	if (limit && limit->unlogged)
		log_cut(limit);
	free(limit);
}

size_t limit_take(struct limit *limit, const struct dbgport_record *rec, size_t count, bool *cut)
{
	size_t n = rate_take(&limit->rate, rec, count,
			     !route_takes_codes(limit->route, rec->port), cut);

	if (*cut)
		all_cut += n * rec->width;
	return n;
}

struct entry limit_report(struct limit *limit)
{
	__u32 port = limit->route->port;
	const struct entry entry = rate_report(&limit->rate, limit->vm,
					       port == PORT_ANY ? 0 : port);

	limit->unlogged += entry.bytes;
	if (!limit->logged_at || loop_now() - limit->logged_at >= LOG_MS)
		log_cut(limit);
	return entry;
}

__u64 limits_cut(void)
{
	return all_cut;
}
