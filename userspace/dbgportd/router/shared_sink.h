/* SPDX-License-Identifier: GPL-2.0 */
/* The sink of a route whose sink all VMs share: opened with the route, not with a VM. */
#ifndef DBGPORTD_ROUTER_SHARED_SINK_H
#define DBGPORTD_ROUTER_SHARED_SINK_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/config/route.h"

/**
 * shared_sink_open() - open it, if the route has one and it is not open
 * @r: the route; @shared is set
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int shared_sink_open(struct route *r, char *why, size_t size);

/* Those of all routes in @list; they write what they hold in their own time. */
void shared_sinks_close(struct route *list);

/* Whether its path is open for another route, with other settings. */
bool shared_sink_is_open_otherwise(const struct route *r);

#endif /* DBGPORTD_ROUTER_SHARED_SINK_H */
