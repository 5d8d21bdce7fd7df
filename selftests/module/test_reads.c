// SPDX-License-Identifier: GPL-2.0
/* Reads: answered where accesses are claimed, the VMM's where not. */
#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define ADDR	0x8000

FIXTURE(reads) {
	struct code code;
	struct guest *guest;
	int fd;
};

FIXTURE_SETUP(reads)
{
	module_fresh("");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
}

FIXTURE_TEARDOWN(reads)
{
	guest_free(self->guest);
}

#define run_code() do {							\
	code_hlt(&self->code);						\
	self->guest = guest_new(1, &self->code);			\
	guest_run(self->guest);						\
} while (0)

TEST_F(reads, console_and_firmware_port_say_0xe9)
{
	code_in(&self->code, DBGPORT_CONSOLE_PORT, 1, ADDR);
	code_in(&self->code, DBGPORT_FIRMWARE_PORT, 1, ADDR + 4);
	run_code();
	EXPECT_EQ(0xe9, guest_read32(self->guest, ADDR));
	EXPECT_EQ(0xe9, guest_read32(self->guest, ADDR + 4));
	EXPECT_EQ(0, guest_exits(self->guest, DBGPORT_CONSOLE_PORT));
	EXPECT_EQ(0, guest_exits(self->guest, DBGPORT_FIRMWARE_PORT));
}

TEST_F(reads, wide_ones_have_ones_above_the_byte)
{
	code_in(&self->code, DBGPORT_CONSOLE_PORT, 2, ADDR);
	code_in(&self->code, DBGPORT_CONSOLE_PORT, 4, ADDR + 4);
	run_code();
	EXPECT_EQ(0xffe9, guest_read32(self->guest, ADDR));
	EXPECT_EQ(0xffffffe9, guest_read32(self->guest, ADDR + 4));
}

TEST_F(reads, post_port_gives_the_last_value_written)
{
	code_out8(&self->code, DBGPORT_POST_PORT, 0x31);
	code_out8(&self->code, DBGPORT_POST_PORT, 0x32);
	code_in(&self->code, DBGPORT_POST_PORT, 1, ADDR);
	run_code();
	EXPECT_EQ(0x32, guest_read32(self->guest, ADDR));
	EXPECT_EQ(0, guest_exits(self->guest, DBGPORT_POST_PORT));
}

TEST_F(reads, are_no_records_but_counted)
{
	struct stream stream = { 0 };
	struct dbgport_vm_info info;
	unsigned int vm;

	code_in(&self->code, DBGPORT_FIRMWARE_PORT, 1, ADDR);
	code_in(&self->code, DBGPORT_FIRMWARE_PORT, 1, ADDR);
	run_code();
	vm = reader_my_vm(self->fd);
	reader_drain(self->fd, &stream);
	EXPECT_EQ(0, stream_count(&stream, vm, DBGPORT_WRITE));
	ASSERT_EQ(0, reader_vm_info(self->fd, vm, &info));
	EXPECT_EQ(DBGPORT_FIRMWARE_PORT, info.ports[2].port);
	EXPECT_EQ(2, info.ports[2].reads);
	EXPECT_EQ(2, info.ports[2].claimed);
	EXPECT_EQ(0, info.ports[2].writes);
	EXPECT_EQ(0, info.ports[2].passed);
	stream_free(&stream);
}

TEST_F(reads, are_the_vmms_with_no_claiming_reader)
{
	close(self->fd);
	self->fd = reader_open(0, 0);
	code_in(&self->code, DBGPORT_POST_PORT, 1, ADDR);
	code_in(&self->code, DBGPORT_CONSOLE_PORT, 1, ADDR + 4);
	code_in(&self->code, DBGPORT_FIRMWARE_PORT, 4, ADDR + 8);
	run_code();
	EXPECT_EQ(GUEST_IN_BYTE, guest_read32(self->guest, ADDR));
	EXPECT_EQ(GUEST_IN_BYTE, guest_read32(self->guest, ADDR + 4));
	EXPECT_EQ(0x01010101 * GUEST_IN_BYTE,
		  guest_read32(self->guest, ADDR + 8));
	EXPECT_EQ(1, guest_exits(self->guest, DBGPORT_POST_PORT));
	EXPECT_EQ(1, guest_exits(self->guest, DBGPORT_CONSOLE_PORT));
	EXPECT_EQ(1, guest_exits(self->guest, DBGPORT_FIRMWARE_PORT));
}

TEST_F(reads, that_the_vmm_answers_are_counted_with_what_was_written_before)
{
	const struct dbgport_port_info *port;
	struct dbgport_vm_info info;

	close(self->fd);
	self->fd = reader_open(0, 0);
	code_outs(&self->code, DBGPORT_FIRMWARE_PORT, 1, "abc", 3);
	code_in(&self->code, DBGPORT_FIRMWARE_PORT, 1, ADDR);
	code_outs(&self->code, DBGPORT_FIRMWARE_PORT, 1, "de", 2);
	code_in(&self->code, DBGPORT_FIRMWARE_PORT, 1, ADDR);
	code_outs(&self->code, DBGPORT_FIRMWARE_PORT, 1, "f", 1);
	code_in(&self->code, DBGPORT_CONSOLE_PORT, 1, ADDR);
	run_code();
	ASSERT_EQ(0, reader_vm_info(self->fd, reader_my_vm(self->fd), &info));
	port = &info.ports[2];
	EXPECT_EQ(DBGPORT_FIRMWARE_PORT, port->port);
	EXPECT_EQ(6, port->writes);
	EXPECT_EQ(0, port->reads);
	EXPECT_EQ(0, port->claimed);
	EXPECT_EQ(2, port->passed);
	EXPECT_EQ(5, port->passed_at);
	EXPECT_EQ(1, info.ports[1].passed);
	EXPECT_EQ(0, info.ports[1].passed_at);
	EXPECT_EQ(0, info.ports[0].passed);
}

TEST_HARNESS_MAIN
