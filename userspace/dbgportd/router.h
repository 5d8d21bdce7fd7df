/* SPDX-License-Identifier: GPL-2.0 */
/* Which port of which VM goes to which sink. */
#ifndef DBGPORTD_ROUTER_H
#define DBGPORTD_ROUTER_H

#include <dbgport.h>
#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/sink.h"

enum port_role {
	ROLE_CONSOLE,
	ROLE_FIRMWARE,
	ROLE_POST,
	ROLES,
};

/* The role's name, as in its option and in the names of links. */
extern const char *const role_name[ROLES];

/**
 * struct route - where one port goes
 * @port: I/O port
 * @kind: the kind of sink; NULL: nowhere ("off")
 * @path: where the kind takes one: the file
 * @given: the user asked for it, it is not just the default
 */
struct route {
	__u16 port;
	const struct sink_ops *kind;
	const char *path;
	bool given;
};

/**
 * struct router_totals - what has passed
 * @writes: writes that were read from the device
 * @claimed: those of them that the VMM did not see
 * @lost: writes that were overwritten before they were read
 * @unrouted: writes to a port without a route
 * @vms: VMs seen
 */
struct router_totals {
	__u64 writes;
	__u64 claimed;
	__u64 lost;
	__u64 unrouted;
	__u64 vms;
};

/**
 * router_init() - set the routes, and open the sinks that all VMs share
 * @routes: one per role; must stay
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int router_init(const struct route routes[ROLES], char *why, size_t size);

/**
 * router_check_ports() - compare the routes with the ports that new VMs get
 * @info: what the module is
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * A default route to a port that the module does not take is only warned of.
 *
 * Return: 0, or -1 if the user asked for such a route.
 */
int router_check_ports(const struct dbgport_info *info, char *why, size_t size);

/**
 * router_record() - take one record
 * @rec: as it came from the device; anything may stand in it
 * @info: of DBGPORT_ATTACHED: what the module knows of the VM; NULL: nothing
 * @given: of DBGPORT_ATTACHED: the name that its VMM was told; NULL: none
 */
void router_record(const struct dbgport_record *rec, const struct dbgport_vm_info *info,
		   const char *given);

/* The stream has ended, and all VMs of it with it. */
void router_unplug(void);

/* Close all sinks; they write what they hold in their own time. */
void router_exit(void);

/* Whether there is still a sink that can take something. */
bool router_has_sink(void);

const struct router_totals *router_totals(void);

#endif /* DBGPORTD_ROUTER_H */
