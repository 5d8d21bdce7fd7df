/* SPDX-License-Identifier: GPL-2.0 */
/* Which ports are looked at, and how they are shown: routes to standard output. */
#ifndef DBGPORTCTL_FOLLOW_SHOW_H
#define DBGPORTCTL_FOLLOW_SHOW_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/config/route.h"

/* --port PORT, for struct option's parse; without any, all ports are looked at. */
int shown_port(const char *value, char *why, size_t size);

/**
 * shown_routes() - make the routes
 * @output: FORMAT and KEY=VALUE with commas between; NULL: text with times
 * @labels: more than one VM may come: lines say whose they are
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: a list of them for router_init(); NULL on failure.
 */
struct route *shown_routes(const char *output, bool labels, char *why, size_t size);

#endif /* DBGPORTCTL_FOLLOW_SHOW_H */
