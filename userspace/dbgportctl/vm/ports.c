// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/vm/ports.h"
#include "lib/array.h"
#include "lib/port.h"
#include "libdbgport/libdbgport.h"

static const struct {
	const char *name;
	__u16 flag;
} modes[] = {
	{ "uart", DBGPORT_PORT_UART },
	{ "tee", DBGPORT_PORT_TEE },
};

/* "uart/tee" and the like, each once; -1: it is nothing like that. */
static int parse_modes(__u16 *flags, char *list)
{
	char *name;

	while ((name = strsep(&list, "/"))) {
		__u16 flag = 0;

		for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
			if (!strcmp(modes[i].name, name))
				flag = modes[i].flag;
		}
		if (!flag || *flags & flag)
			return -1;
		*flags |= flag;
	}
	return 0;
}

static __u32 last_port(__u16 port, __u16 flags)
{
	return port + (flags & DBGPORT_PORT_UART ? DBGPORT_UART_PORTS - 1 : 0);
}

bool ports_overlap(__u16 a, __u16 a_flags, __u16 b, __u16 b_flags)
{
	return a <= last_port(b, b_flags) && b <= last_port(a, a_flags);
}

int ports_parse_one(__u16 *port, const char *text, __u16 flags, char *why, size_t size)
{
	__u32 number;

	if (port_parse(&number, text, why, size))
		return -1;
	if (number == PORT_ANY) {
		snprintf(why, size, "'any' is no port that could be taken");
		return -1;
	}
	if (last_port(number, flags) > 0xffff) {
		snprintf(why, size, "port 0x%x: a UART has %d ports", number, DBGPORT_UART_PORTS);
		return -1;
	}
	*port = number;
	return 0;
}

/* One more port; 0, or -1 and one line in @why. */
static int add_port(struct dbgport_set_ports *set, char *text, char *why, size_t size)
{
	const char *mode = strchrnul(text, '/');
	char *copy = *mode ? strdupa(mode + 1) : NULL;
	__u16 flags = 0, port;

	if (copy && parse_modes(&flags, copy)) {
		snprintf(why, size, "'%s': what can stand behind a port is /tee or /uart", text);
		return -1;
	}
	text[mode - text] = '\0';
	if (ports_parse_one(&port, text, flags, why, size))
		return -1;
	for (__u32 i = 0; i < set->nports; i++) {
		if (!ports_overlap(set->ports[i], set->port_flags[i], port, flags))
			continue;
		if (set->ports[i] == port)
			snprintf(why, size, "port 0x%x is given twice", port);
		else
			snprintf(why, size, "ports 0x%x and 0x%x: a UART has %d, all for itself",
				 set->ports[i], port, DBGPORT_UART_PORTS);
		return -1;
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

static void tell_of_device(__u16 port, __u16 flags)
{
	if (flags & DBGPORT_PORT_TEE || !port_may_be_device(port))
		return;
	if (flags & DBGPORT_PORT_UART)
		fail_warn("UART 0x%x: " PORTS_UART_TEXT "; 0x%x/uart/tee only records it", port,
			  port);
	else
		fail_warn("port 0x%x: " PORTS_CLAIM_TEXT "; 0x%x/tee only records it%s", port,
			  port, port_is_serial(port) ? ", /uart leaves it its input" : "");
}

static void tell_of_devices(const struct dbgport_set_ports *set)
{
	for (__u32 i = 0; i < set->nports; i++)
		tell_of_device(set->ports[i], set->port_flags[i]);
}

static bool can_have(const struct target *t, const struct dbgport_set_ports *set)
{
	if (!target_can_set(t))
		return false;
	for (__u32 i = 0; i < set->nports; i++) {
		if (!(set->port_flags[i] & DBGPORT_PORT_UART) ||
		    t->module.features & DBGPORT_F_UART)
			continue;
		fail("%s: UARTs take the module's backend iodev, and not an old one", t->vm.name);
		return false;
	}
	return true;
}

int ports_set(const struct target *t, struct dbgport_set_ports *set)
{
	int err;

	if (!can_have(t, set))
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
