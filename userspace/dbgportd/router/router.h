/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which port of which VM goes to which sink.  In this room is what happens to a
 * record: whose it is (vm_table.h), which routes want it (outputs.h), what becomes of
 * it there (output.h), and how far all of that has come, for the next daemon
 * (positions.h).  Records come in from source/, bytes and entries go out to sink/;
 * neither a file descriptor nor a system call is used here but for the table of
 * positions (slots.h).  There can be only one router in a process.
 */
#ifndef DBGPORTD_ROUTER_ROUTER_H
#define DBGPORTD_ROUTER_ROUTER_H

#include <dbgport.h>
#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/config/names.h"
#include "dbgportd/config/route.h"
#include "words/begins.h"

/**
 * struct router_totals - what has passed
 * @writes: writes that were read from the device
 * @claimed: those of them that the VMM did not see
 * @lost: writes that were overwritten before they were read
 * @unrouted: writes that no sink took
 * @vms: VMs seen
 * @changes: how often VMs have come or gone
 */
struct router_totals {
	__u64 writes;
	__u64 claimed;
	__u64 lost;
	__u64 unrouted;
	__u64 vms;
	__u64 changes;
};

/**
 * router_init() - set the routes, and open the sinks that all VMs share
 * @routes: list of them; the router's from now on, and freed in router_exit()
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int router_init(struct route *routes, char *why, size_t size);

/**
 * router_reload() - have other routes
 * @routes: list of them; the router's if all goes well
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * As reload_routes() does it.
 *
 * Return: 0, or -1 if a sink could not be opened: nothing has changed then.
 */
int router_reload(struct route *routes, char *why, size_t size);

/* What VMs that come from now on are called; the router's, and freed as the routes are. */
void router_set_names(struct name *names);

/* What begins a boot of VMs that come from now on; must stay.  NULL: it is recognised. */
void router_set_begins(const struct begins_rule *rule);

/**
 * router_check_ports() - compare routes with the ports that new VMs get
 * @routes: list of them; NULL: the router's
 * @info: what the module is
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * A default route to a port that the module does not take is only warned of.  What is
 * written to these ports is counted apart from now on (port_counts.h).
 *
 * Return: 0, or -1 if the user asked for such a route.
 */
int router_check_ports(const struct route *routes, const struct dbgport_info *info,
		       char *why, size_t size);

/**
 * router_record() - take one record
 * @rec: as it came from the device; anything may stand in it
 * @info: of DBGPORT_ATTACHED: what the module knows of the VM; NULL: nothing
 * @own: of DBGPORT_ATTACHED: the VM's own name, as vmname_make() makes it; it gets a
 *	number if another VM has it; NULL: after its VMM
 */
void router_record(const struct dbgport_record *rec, const struct dbgport_vm_info *info,
		   const char *own);

/* The VM that has the name that a new one of the own name @own would have; 0: none. */
__u32 router_holder(const char *own);

/**
 * router_writes() - take some of many records
 * @rec: the first one, a DBGPORT_WRITE, and those behind it
 * @count: how many there are
 *
 * Those that go the same way are taken at once, which costs less by far.
 *
 * Return: how many were taken: at least 1.
 */
size_t router_writes(const struct dbgport_record *rec, size_t count);

/* Whether a route is for that VM, or for any that there is. */
bool router_serves(__u32 vm);
bool router_serves_any(void);

/* More than one VM may come: LABEL_AUTO means a label on shared terminals from now on. */
void router_show_labels(void);

/* The stream has ended, and all VMs of it with it. */
void router_unplug(void);

/* Close all sinks; they write what they hold in their own time. */
void router_exit(void);

/*
 * Whether there is still a sink that can take something.  POST codes in the log, where
 * they go by default, are no reason to go on when the reader of the rest has left.
 */
bool router_has_sink(void);

const struct router_totals *router_totals(void);

#endif /* DBGPORTD_ROUTER_ROUTER_H */
