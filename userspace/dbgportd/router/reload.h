/* SPDX-License-Identifier: GPL-2.0 */
/* From one list of routes to another, while VMs run. */
#ifndef DBGPORTD_ROUTER_RELOAD_H
#define DBGPORTD_ROUTER_RELOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/config/route.h"

/**
 * reload_routes() - have other routes, for all VMs in the table
 * @routes: the list that there is; set to the new one
 * @list: the new one, as the user wrote it; taken if all goes well
 * @several: there has been more than one VM
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Routes whose text is the same keep their sinks and what they hold.  Those
 * that are gone write what they hold; new ones get what VMs write from now on.
 *
 * Return: 0, or -1 if a sink could not be opened: nothing has changed then.
 */
int reload_routes(struct route **routes, struct route *list, bool several, char *why,
		  size_t size);

#endif /* DBGPORTD_ROUTER_RELOAD_H */
