// SPDX-License-Identifier: GPL-2.0
#include <limits.h>

#include "dbgportd/router/shared_sink.h"
#include "dbgportd/sink/sink.h"

int shared_sink_open(struct route *r, char *why, size_t size)
{
	struct sink_request rq;
	char path[PATH_MAX];

	if (r->shared || route_is_per_vm(r))
		return 0;
	if (route_sink_request(&rq, path, r, NULL, why, size))
		return -1;
	r->shared = sink_get(&rq, why, size);
	return r->shared ? 0 : -1;
}

void shared_sinks_close(struct route *list)
{
	for (struct route *r = list; r; r = r->next) {
		if (r->shared)
			sink_release(r->kind, r->shared);
		r->shared = NULL;
	}
}

bool shared_sink_is_open_otherwise(const struct route *r)
{
	struct sink_request rq;
	char path[PATH_MAX], why[512];

	return !route_sink_request(&rq, path, r, NULL, why, sizeof(why)) &&
	       sink_is_open_otherwise(&rq);
}
