// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>

#include "dbgportctl/vm/unheard.h"

/*
 * Where the VMM has a debug console of its own, firmware goes on: SeaBIOS writes
 * 4,000 bytes to its end, and other firmware more.  Some parts of it, which never ask,
 * still write a little: SeaVGABIOS 567 bytes.
 */
#define WRITES_BEFORE	2048
#define WRITES_AFTER	1024

static bool is_unheard(const struct dbgport_port_info *port)
{
	return port->passed && !port->reads && port->passed_at < WRITES_BEFORE &&
	       port->writes - port->passed_at < WRITES_AFTER;
}

__u16 unheard_port(const struct dbgport_vm_info *info)
{
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		const struct dbgport_port_info *port = &info->ports[i];

		/* No daemon would have answered either. */
		if (port->flags & DBGPORT_PORT_TEE)
			continue;
		if ((port->port == DBGPORT_FIRMWARE_PORT || port->port == DBGPORT_CONSOLE_PORT) &&
		    is_unheard(port))
			return port->port;
	}
	return 0;
}
