// SPDX-License-Identifier: GPL-2.0
/* Which ports a VM is to have, as typed, and as shown. */
#include "lib/harness.h"

#include "dbgportctl/vm/describe.h"
#include "dbgportctl/vm/ports.h"

#define TEE	DBGPORT_PORT_TEE

static struct dbgport_set_ports set;
static char why[256];

static int parse(const char *list)
{
	memset(&set, 0, sizeof(set));
	why[0] = '\0';
	return ports_parse(&set, list, why, sizeof(why));
}

TEST(ports_are_numbers_and_names)
{
	ASSERT_EQ(0, parse("0x80,console,1026"));
	EXPECT_EQ(3, set.nports);
	EXPECT_EQ(0x80, set.ports[0]);
	EXPECT_EQ(0xe9, set.ports[1]);
	EXPECT_EQ(0x402, set.ports[2]);
	for (int i = 0; i < DBGPORT_MAX_PORTS; i++)
		EXPECT_EQ(0, set.port_flags[i]);
}

TEST(each_can_be_tee)
{
	ASSERT_EQ(0, parse("0xf4/tee,0x80,console/tee"));
	EXPECT_EQ(3, set.nports);
	EXPECT_EQ(0xf4, set.ports[0]);
	EXPECT_EQ(TEE, set.port_flags[0]);
	EXPECT_EQ(0x80, set.ports[1]);
	EXPECT_EQ(0, set.port_flags[1]);
	EXPECT_EQ(0xe9, set.ports[2]);
	EXPECT_EQ(TEE, set.port_flags[2]);
	EXPECT_EQ(0, set.port_flags[3]);
}

TEST(other_modes_are_refused)
{
	EXPECT_EQ(-1, parse("0x80,0xf4/claim"));
	EXPECT_STREQ("'0xf4/claim': what can stand behind a port is /tee or /uart", why);
	EXPECT_EQ(-1, parse("0xf4/"));
	EXPECT_EQ(-1, parse("0xf4/tee/tee"));
	EXPECT_EQ(-1, parse("0xf4/TEE"));
	EXPECT_EQ(-1, parse("0xf4 /tee"));
}

TEST(each_can_be_a_uarts_base)
{
	ASSERT_EQ(0, parse("serial/uart,0x2f8/uart/tee,0x3e8/tee/uart,0x3f7"));
	EXPECT_EQ(4, set.nports);
	EXPECT_EQ(0x3f8, set.ports[0]);
	EXPECT_EQ(DBGPORT_PORT_UART, set.port_flags[0]);
	EXPECT_EQ(DBGPORT_PORT_UART | TEE, set.port_flags[1]);
	EXPECT_EQ(DBGPORT_PORT_UART | TEE, set.port_flags[2]);
	EXPECT_EQ(0, set.port_flags[3]);
	EXPECT_EQ(-1, parse("0x3f8/uart/uart"));
	EXPECT_EQ(-1, parse("0x3f8/uart/"));
	EXPECT_EQ(-1, parse("0xfff9/uart"));
	EXPECT_STREQ("port 0xfff9: a UART has 8 ports", why);
	EXPECT_EQ(-1, parse("0x3f8/uart,0x3ff"));
	EXPECT_STREQ("ports 0x3f8 and 0x3ff: a UART has 8, all for itself", why);
	EXPECT_EQ(-1, parse("0x3f9,0x3f8/uart"));
	EXPECT_EQ(-1, parse("0x3f8,0x3f8/uart"));
	EXPECT_STREQ("port 0x3f8 is given twice", why);
}

TEST(a_mode_needs_a_port_that_can_be_taken)
{
	EXPECT_EQ(-1, parse("/tee"));
	EXPECT_EQ(-1, parse("any/tee"));
	EXPECT_STREQ("'any' is no port that could be taken", why);
	EXPECT_EQ(-1, parse("0xe9,console/tee"));
	EXPECT_STREQ("port 0xe9 is given twice", why);
}

TEST(what_is_shown_can_be_typed)
{
	struct dbgport_vm_info info = { .nports = DBGPORT_MAX_PORTS };
	char text[DESCRIBE_SIZE];

	/* The longest that there is. */
	for (int i = 0; i < DBGPORT_MAX_PORTS; i++) {
		info.ports[i].port = 0xfff8 - 8 * i;
		info.ports[i].flags = DBGPORT_PORT_UART | TEE;
	}
	ASSERT_EQ(0, parse(describe_ports(text, &info)));
	EXPECT_EQ(DBGPORT_MAX_PORTS, set.nports);
	EXPECT_EQ(0xff80, set.ports[15]);
	EXPECT_EQ(DBGPORT_PORT_UART | TEE, set.port_flags[15]);

	info.ports[1].flags = DBGPORT_PORT_OFF;
	info.ports[2].flags = 0;
	info.nports = 4;
	info.ports[3].flags = TEE;
	EXPECT_STREQ("0xfff8/uart/tee,0xffe8,0xffe0/tee", describe_ports(text, &info));
}

TEST_HARNESS_MAIN
