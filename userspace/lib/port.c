// SPDX-License-Identifier: GPL-2.0
#include <dbgport.h>
#include <stdio.h>
#include <string.h>

#include "lib/array.h"
#include "lib/number.h"
#include "lib/port.h"

static const struct {
	const char *name;
	__u32 port;
} ports[] = {
	{ "console", DBGPORT_CONSOLE_PORT },
	{ "firmware", DBGPORT_FIRMWARE_PORT },
	{ "post", DBGPORT_POST_PORT },
	{ "serial", PORT_SERIAL },
	{ "serial2", PORT_SERIAL2 },
	{ "any", PORT_ANY },
};

#define PORTS	ARRAY_SIZE(ports)

int port_parse(__u32 *port, const char *text, char *why, size_t size)
{
	__u64 number;

	for (size_t i = 0; i < PORTS; i++) {
		if (!strcmp(text, ports[i].name)) {
			*port = ports[i].port;
			return 0;
		}
	}
	if (number_parse(text, NUMBER_ANY, 0, 0xffff, &number)) {
		snprintf(why, size,
			 "'%s' is no port; it is 0x0 to 0xffff, or console, firmware, post, serial, serial2, any",
			 text);
		return -1;
	}
	*port = number;
	return 0;
}

void port_text(char text[PORT_TEXT_SIZE], __u32 port)
{
	if (port == PORT_ANY)
		snprintf(text, PORT_TEXT_SIZE, "any");
	else
		snprintf(text, PORT_TEXT_SIZE, "0x%x", port & 0xffff);
}

bool port_may_be_device(__u16 port)
{
	return port != DBGPORT_POST_PORT && port != DBGPORT_CONSOLE_PORT &&
	       port != DBGPORT_FIRMWARE_PORT;
}

bool port_is_serial(__u16 port)
{
	return port == PORT_SERIAL || port == PORT_SERIAL2 || port == 0x3e8 || port == 0x2e8;
}

const char *port_name(__u32 port)
{
	for (size_t i = 0; i < PORTS; i++) {
		if (ports[i].port == port)
			return ports[i].name;
	}
	return NULL;
}
