// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/vm/ports.h"
#include "lib/port.h"
#include "libdbgport/libdbgport.h"

/* One more port; 0, or -1 and one line in @why. */
static int add_port(struct dbgport_set_ports *set, char *text, char *why, size_t size)
{
	char *mode = strchr(text, '/');
	__u16 flags = 0;
	__u32 port;

	if (mode && strcmp(mode, "/tee")) {
		snprintf(why, size, "'%s': what can stand behind a port is /tee", text);
		return -1;
	}
	if (mode) {
		*mode = '\0';
		flags = DBGPORT_PORT_TEE;
	}
	if (port_parse(&port, text, why, size))
		return -1;
	if (port == PORT_ANY) {
		snprintf(why, size, "'any' is no port that could be taken");
		return -1;
	}
	for (__u32 i = 0; i < set->nports; i++) {
		if (set->ports[i] == port) {
			snprintf(why, size, "port 0x%x is given twice", port);
			return -1;
		}
	}
	if (set->nports == DBGPORT_MAX_PORTS) {
		snprintf(why, size, "they are more than %d", DBGPORT_MAX_PORTS);
		return -1;
	}
	set->port_flags[set->nports] = flags;
	set->ports[set->nports++] = port;
	return 0;
}

int ports_parse(struct dbgport_set_ports *set, const char *list, char *why, size_t size)
{
	char *copy = strdup(list), *rest = copy, *part;
	int err = copy ? 0 : -1;

	if (err)
		snprintf(why, size, "no memory");
	while (!err && (part = strsep(&rest, ",")))
		err = add_port(set, part, why, size);
	free(copy);
	return err;
}

static void tell_of_devices(const struct dbgport_set_ports *set)
{
	for (__u32 i = 0; i < set->nports; i++) {
		if (port_may_be_device(set->ports[i]) && !(set->port_flags[i] & DBGPORT_PORT_TEE))
			fail_warn("port 0x%x: " PORTS_CLAIM_TEXT "; 0x%x/tee only records it",
				  set->ports[i], set->ports[i]);
	}
}

int ports_set(const struct target *t, struct dbgport_set_ports *set)
{
	int err;

	if (!target_can_set(t))
		return STATUS_FAILED;
	set->vm = t->vm.info.vm;
	err = dbgport_set_ports(t->fd, set);
	switch (err) {
	case 0:
		tell_of_devices(set);
		return STATUS_OK;
	case -ENOSPC:
		return fail("%s: no room: %d ports in its life are the most, or its bus is full",
			    t->vm.name, DBGPORT_MAX_PORTS);
	case -EBUSY:
		return fail("%s: ports of KVM's own PIC, ELCR, PIT and speaker cannot be taken",
			    t->vm.name);
	default:
		return target_failed(t, "its ports", err);
	}
}
