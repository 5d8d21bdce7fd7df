/* SPDX-License-Identifier: GPL-2.0 */
/* How an output gets its sink, at once or later. */
#ifndef DBGPORTD_ROUTER_OPENING_H
#define DBGPORTD_ROUTER_OPENING_H

#include <stdbool.h>

#include "dbgportd/router/output.h"

/**
 * output_open() - open one route of one VM
 * @vm: the VM; must stay
 * @route: the route; must stay
 *
 * Where the sink cannot be opened, that is logged, and what comes is dropped.  If that
 * is for want of what others may give back (descriptors, ptys, space on a disk), it
 * waits for output_try_again().
 *
 * Return: the output, or NULL if there is no memory.
 */
struct output *output_open(struct vm *vm, const struct route *route);

/* Of one that waits: open its sink now.  Returns whether it has one. */
bool output_try_again(struct output *out);

#endif /* DBGPORTD_ROUTER_OPENING_H */
