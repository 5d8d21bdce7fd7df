// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportctl/vm/describe.h"
#include "dbgportctl/vm/ports.h"
#include "dbgportctl/vm/uart.h"
#include "lib/port.h"

#define FLAGS	(DBGPORT_PORT_TEE | DBGPORT_PORT_UART)

static void add(struct dbgport_set_ports *set, __u16 port, __u16 flags)
{
	set->port_flags[set->nports] = flags;
	set->ports[set->nports++] = port;
}

static void add_what_it_has(struct dbgport_set_ports *set, const struct dbgport_vm_info *info)
{
	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		if (!(info->ports[i].flags & DBGPORT_PORT_OFF))
			add(set, info->ports[i].port, info->ports[i].flags & FLAGS);
	}
}

/* The @i-th one; those behind it move up. */
static void drop(struct dbgport_set_ports *set, __u32 i)
{
	set->nports--;
	memmove(&set->ports[i], &set->ports[i + 1], (set->nports - i) * sizeof(*set->ports));
	memmove(&set->port_flags[i], &set->port_flags[i + 1],
		(set->nports - i) * sizeof(*set->port_flags));
	set->ports[set->nports] = 0;
	set->port_flags[set->nports] = 0;
}

static int switch_on(struct dbgport_set_ports *set, __u16 port, char *why, size_t size)
{
	__u32 i = 0;

	while (i < set->nports) {
		if (!ports_overlap(set->ports[i], set->port_flags[i], port, DBGPORT_PORT_UART)) {
			i++;
			continue;
		}
		if (set->port_flags[i] & DBGPORT_PORT_UART && set->ports[i] != port) {
			snprintf(why, size, "port 0x%x: the UART at 0x%x is in its way", port,
				 set->ports[i]);
			return -1;
		}
		drop(set, i);
	}
	if (set->nports == DBGPORT_MAX_PORTS) {
		snprintf(why, size, "it has %d ports, and no room for another one",
			 DBGPORT_MAX_PORTS);
		return -1;
	}
	add(set, port, DBGPORT_PORT_UART);
	return 0;
}

static int switch_off(struct dbgport_set_ports *set, __u16 port, char *why, size_t size)
{
	for (__u32 i = 0; i < set->nports; i++) {
		if (set->ports[i] == port && set->port_flags[i] & DBGPORT_PORT_UART) {
			drop(set, i);
			return 0;
		}
	}
	snprintf(why, size, "port 0x%x is not taken as a UART", port);
	return -1;
}

static void switch_all_off(struct dbgport_set_ports *set)
{
	__u32 i = 0;

	while (i < set->nports) {
		if (set->port_flags[i] & DBGPORT_PORT_UART)
			drop(set, i);
		else
			i++;
	}
}

int uart_change(struct dbgport_set_ports *set, const struct dbgport_vm_info *info, bool on,
		char *const *names, int count, char *why, size_t size)
{
	__u16 port;

	add_what_it_has(set, info);
	for (int i = 0; i < count; i++) {
		if (ports_parse_one(&port, names[i], on ? DBGPORT_PORT_UART : 0, why, size) ||
		    (on ? switch_on : switch_off)(set, port, why, size))
			return -1;
	}
	if (!count && on && switch_on(set, PORT_SERIAL, why, size))
		return -1;
	if (!count && !on)
		switch_all_off(set);
	if (set->nports)
		return 0;
	snprintf(why, size, "it would have no port left: dbgportctl detach lets go of it");
	return -1;
}

void uart_show(const struct dbgport_vm_info *info)
{
	char text[DESCRIBE_SIZE];
	struct dbgport_vm_info uarts = *info;

	for (__u32 i = 0; i < info->nports && i < DBGPORT_MAX_PORTS; i++) {
		if (!(info->ports[i].flags & DBGPORT_PORT_UART))
			uarts.ports[i].flags |= DBGPORT_PORT_OFF;
		uarts.ports[i].flags &= ~DBGPORT_PORT_UART;
	}
	puts(*describe_ports(text, &uarts) ? text : "off");
}
