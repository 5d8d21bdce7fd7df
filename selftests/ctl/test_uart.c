// SPDX-License-Identifier: GPL-2.0
/* What "uart VM on" and "off" make of the ports that a VM has. */
#include "lib/harness.h"

#include "dbgportctl/vm/uart.h"

#define UART	DBGPORT_PORT_UART
#define TEE	DBGPORT_PORT_TEE

FIXTURE(uart) {
	struct dbgport_vm_info info;
	struct dbgport_set_ports set;
	char why[256];
};

FIXTURE_SETUP(uart)
{
	self->info = (struct dbgport_vm_info){
		.nports = 5,
		.ports = {
			{ .port = 0x80 }, { .port = 0x3f8, .flags = TEE },
			{ .port = 0x402, .flags = DBGPORT_PORT_OFF },
			{ .port = 0x3fb, .flags = DBGPORT_PORT_TAKEN },
			{ .port = 0xf4, .flags = TEE | DBGPORT_PORT_TAKEN },
		},
	};
}

FIXTURE_TEARDOWN(uart)
{
}

/* The names behind @on. */
#define change(on, ...) ({							\
	static const char *const names_[] = { __VA_ARGS__ };			\
	memset(&self->set, 0, sizeof(self->set));				\
	uart_change(&self->set, &self->info, on, (char *const *)names_,		\
		    sizeof(names_) / sizeof(char *), self->why, sizeof(self->why));	\
})

/* What was set is what there is now. */
#define apply() do {								\
	self->info.nports = self->set.nports;					\
	for (int i_ = 0; i_ < DBGPORT_MAX_PORTS; i_++)				\
		self->info.ports[i_] = (struct dbgport_port_info){		\
			.port = self->set.ports[i_],				\
			.flags = self->set.port_flags[i_],			\
		};								\
} while (0)

TEST_F(uart, on_takes_the_place_of_plain_ports)
{
	ASSERT_EQ(0, change(true));
	ASSERT_EQ(3, self->set.nports);
	EXPECT_EQ(0x80, self->set.ports[0]);
	EXPECT_EQ(0, self->set.port_flags[0]);
	EXPECT_EQ(0xf4, self->set.ports[1]);
	EXPECT_EQ(TEE, self->set.port_flags[1]);
	EXPECT_EQ(0x3f8, self->set.ports[2]);
	EXPECT_EQ(UART, self->set.port_flags[2]);
	for (int i = 3; i < DBGPORT_MAX_PORTS; i++) {
		EXPECT_EQ(0, self->set.ports[i]);
		EXPECT_EQ(0, self->set.port_flags[i]);
	}
}

TEST_F(uart, on_takes_several)
{
	ASSERT_EQ(0, change(true, "serial2", "0x3e8"));
	ASSERT_EQ(6, self->set.nports);
	EXPECT_EQ(0x2f8, self->set.ports[4]);
	EXPECT_EQ(0x3e8, self->set.ports[5]);
	EXPECT_EQ(UART, self->set.port_flags[5]);
}

TEST_F(uart, on_again_keeps_it_and_ends_tee)
{
	ASSERT_EQ(0, change(true));
	apply();
	self->info.ports[2].flags |= TEE;
	ASSERT_EQ(0, change(true));
	ASSERT_EQ(3, self->set.nports);
	EXPECT_EQ(0x3f8, self->set.ports[2]);
	EXPECT_EQ(UART, self->set.port_flags[2]);
}

TEST_F(uart, off_takes_all_or_those_that_are_named)
{
	ASSERT_EQ(0, change(true, "serial", "serial2"));
	apply();
	ASSERT_EQ(0, change(false, "serial"));
	ASSERT_EQ(3, self->set.nports);
	EXPECT_EQ(0x2f8, self->set.ports[2]);
	EXPECT_EQ(UART, self->set.port_flags[2]);
	ASSERT_EQ(0, change(false));
	EXPECT_EQ(2, self->set.nports);
}

TEST_F(uart, what_makes_no_sense_is_refused)
{
	EXPECT_EQ(-1, change(false, "0x3f8"));
	EXPECT_STREQ("port 0x3f8 is not taken as a UART", self->why);
	EXPECT_EQ(-1, change(true, "any"));
	EXPECT_EQ(-1, change(true, "com1"));
	EXPECT_EQ(-1, change(true, "0xfff9"));
	EXPECT_STREQ("port 0xfff9: a UART has 8 ports", self->why);
	EXPECT_EQ(-1, change(true, "0x3f8", "0x3f4"));
	EXPECT_STREQ("port 0x3f4: the UART at 0x3f8 is in its way", self->why);
}

TEST_F(uart, off_leaves_a_port)
{
	self->info.nports = 1;
	self->info.ports[0].flags = UART;
	EXPECT_EQ(-1, change(false));
	EXPECT_STREQ("it would have no port left: dbgportctl detach lets go of it", self->why);
}

TEST_F(uart, has_room_for_16_ports)
{
	self->info.nports = DBGPORT_MAX_PORTS;
	for (int i = 0; i < DBGPORT_MAX_PORTS; i++)
		self->info.ports[i] = (struct dbgport_port_info){ .port = i };
	EXPECT_EQ(-1, change(true));
	EXPECT_STREQ("it has 16 ports, and no room for another one", self->why);
	self->info.ports[3].flags = DBGPORT_PORT_OFF;
	EXPECT_EQ(0, change(true));
	EXPECT_EQ(DBGPORT_MAX_PORTS, self->set.nports);
}

TEST_HARNESS_MAIN
