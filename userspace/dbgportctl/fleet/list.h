/* SPDX-License-Identifier: GPL-2.0 */
/* The VMs that were heard of, on standard output. */
#ifndef DBGPORTCTL_FLEET_LIST_H
#define DBGPORTCTL_FLEET_LIST_H

#include "dbgportctl/fleet/fleet.h"
#include "dbgportctl/vm/list.h"

/**
 * fleet_list() - show them
 * @wish: how: as a table, names or JSON
 * @fleet: a struct fleet: of which hosts; only those heard of since its @since_ns
 *
 * Return: an exit status.
 */
int fleet_list(const struct list_wish *wish, const void *fleet);

#endif /* DBGPORTCTL_FLEET_LIST_H */
