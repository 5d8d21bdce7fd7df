// SPDX-License-Identifier: GPL-2.0
/* A port with "/tee": recorded, and the VMM's as without the module, always. */
#include <errno.h>
#include <linux/kvm.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define ADDR	0x8000
#define TEE	DBGPORT_PORT_TEE

/* 0xe9, and 0xf4 with @flags; 0, or -errno. */
static int set_ports(int fd, unsigned int vm, unsigned short flags)
{
	struct dbgport_set_ports set = {
		.vm = vm, .nports = 2, .ports = { 0xf4, 0xe9 }, .port_flags = { flags },
	};

	return ioctl(fd, DBGPORT_SET_PORTS, &set) ? -errno : 0;
}

/* What is said here of reads, and of what claims at once, is not so there: see test_ioeventfd.c. */
static bool has_eventfds(void)
{
	return fresh_module_has(DBGPORT_F_EVENTFD);
}

/* Whatever may decide that accesses are claimed. */
FIXTURE(port) {
	struct code code;
	struct guest_exit *log;		/* without the module */
	size_t len;
	struct stream stream;
};

FIXTURE_VARIANT(port) {
	const char *params;
	unsigned int sub;
	bool claimed;			/* what is at other ports */
};

FIXTURE_VARIANT_ADD(port, with_nobody) { .params = "" };

FIXTURE_VARIANT_ADD(port, with_claiming_reader) {
	.params = "", .sub = DBGPORT_SUB_CLAIM, .claimed = true,
};

FIXTURE_VARIANT_ADD(port, always) { .params = "claim=always", .claimed = true };

FIXTURE_VARIANT_ADD(port, always_with_claiming_reader) {
	.params = "claim=always", .sub = DBGPORT_SUB_CLAIM, .claimed = true,
};

FIXTURE_VARIANT_ADD(port, never_with_claiming_reader) {
	.params = "claim=never", .sub = DBGPORT_SUB_CLAIM,
};

/* Every way to write, and to read, 1 + 1 + 1 + 40 + 20 + 10 times. */
static void code_all(struct code *code, unsigned short port)
{
	static const char text[40] = "0123456789abcdefghijklmnopqrstuvwxyzABCD";

	code_out8(code, port, 0x11);
	code_out16(code, port, 0x2221);
	code_out32(code, port, 0x44332211);
	code_outs(code, port, 1, text, 40);
	code_outs(code, port, 2, text, 20);
	code_outs(code, port, 4, text, 10);
	code_in(code, port, 1, ADDR);
	code_in(code, port, 2, ADDR + 4);
	code_in(code, port, 4, ADDR + 8);
}

#define ALL_WRITES	73
#define ALL_BYTES	(1 + 2 + 4 + 3 * 40)

FIXTURE_SETUP(port)
{
	if (has_eventfds())
		SKIP(return, "this kernel has the backend ioeventfd only");
	ASSERT_EQ(0, module_unload());
	code_all(&self->code, 0xf4);
	code_hlt(&self->code);
	self->len = guest_log_of(&self->code, &self->log);
	ASSERT_EQ(ALL_WRITES + 3, self->len);
}

FIXTURE_TEARDOWN(port)
{
	free(self->log);
	stream_free(&self->stream);
}

/* Of 0xf4, whose log is self->log and which is preceded by a byte to 0xe9. */
TEST_F(port, is_recorded_and_the_vmm_sees_no_difference)
{
	const struct guest_exit *log;
	struct dbgport_port_info info;
	char params[80];
	struct code code = { 0 };
	struct guest *guest;
	unsigned int vm;
	size_t i, begin;
	int fd;

	snprintf(params, sizeof(params), "ports=0xe9,0xf4/tee %s", variant->params);
	module_fresh(params);
	fd = reader_open(0, variant->sub);
	code_out8(&code, 0xe9, 'a');
	code_all(&code, 0xf4);
	code_hlt(&code);
	guest = guest_new(1, &code);
	vm = reader_my_vm(fd);
	guest_run(guest);

	begin = variant->claimed ? 0 : 1;
	EXPECT_EQ(begin, guest_exits(guest, 0xe9));
	ASSERT_EQ(begin + self->len, guest_log(guest, &log));
	for (i = 0; i < self->len; i++)
		ASSERT_EQ(0, memcmp(&self->log[i], &log[begin + i], sizeof(*log)));
	for (i = 0; i < 12; i += 4)
		EXPECT_EQ(GUEST_IN_BYTE, guest_read32(guest, ADDR + i) & 0xff);

	reader_drain(fd, &self->stream);
	EXPECT_EQ(NULL, stream_fault(&self->stream, vm));
	ASSERT_EQ(1 + ALL_WRITES, stream_count(&self->stream, vm, DBGPORT_WRITE));
	EXPECT_EQ(variant->claimed ? DBGPORT_CLAIMED : 0,
		  stream_write(&self->stream, vm, 0)->flags);
	for (i = 0; i < ALL_WRITES; i++) {
		const struct dbgport_record *rec = stream_write(&self->stream, vm, 1 + i);

		ASSERT_EQ(0xf4, rec->port);
		ASSERT_EQ(0, rec->flags);
		ASSERT_EQ(self->log[i].width, rec->width);
		ASSERT_EQ(self->log[i].value, rec->value);
	}
	info = reader_port_info(fd, vm, 0xf4);
	EXPECT_EQ(TEE, info.flags);
	EXPECT_EQ(ALL_WRITES, info.writes);
	EXPECT_EQ(ALL_BYTES, info.bytes);
	EXPECT_EQ(0, info.claimed);
	EXPECT_EQ(0, info.reads);
	EXPECT_EQ(3, info.passed);
	EXPECT_EQ(0, reader_port_info(fd, vm, 0xe9).flags);
	guest_free(guest);
	close(fd);
}

FIXTURE(change) {
	struct code code;
	struct guest *guest;
	unsigned int vm;
	int fd;
};

/* A VM that, each time it is run, writes a byte to each port, and reads from one. */
FIXTURE_SETUP(change)
{
	unsigned int i;

	if (has_eventfds())
		SKIP(return, "this kernel has the backend ioeventfd only");
	module_fresh("ports=0xf4/tee,0xe9");
	for (i = 0; i < 12; i++) {
		code_out8(&self->code, 0xf4, 'a' + i);
		code_in(&self->code, 0xf4, 1, ADDR);
		code_out8(&self->code, 0xe9, 'a' + i);
		code_hlt(&self->code);
	}
	self->fd = reader_open(0, 0);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(self->fd);
}

FIXTURE_TEARDOWN(change)
{
	guest_free(self->guest);
	close(self->fd);
}

TEST_F(change, the_module_tells_which_ports_new_vms_get)
{
	struct dbgport_info info = reader_info(self->fd);

	EXPECT_EQ(2, info.nports);
	EXPECT_EQ(0xf4, info.ports[0]);
	EXPECT_EQ(TEE, info.port_flags[0]);
	EXPECT_EQ(0xe9, info.ports[1]);
	EXPECT_EQ(0, info.port_flags[1]);
}

TEST_F(change, readers_come_and_go)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		int claim = reader_open(0, DBGPORT_SUB_CLAIM);

		EXPECT_TRUE(reader_is_claimed(self->fd, self->vm));
		guest_run(self->guest);
		EXPECT_EQ(4 * i + 2, guest_exits(self->guest, 0xf4));
		EXPECT_EQ(i, guest_exits(self->guest, 0xe9));
		close(claim);
		guest_run(self->guest);
		EXPECT_EQ(4 * i + 4, guest_exits(self->guest, 0xf4));
		EXPECT_EQ(i + 1, guest_exits(self->guest, 0xe9));
	}
	EXPECT_EQ(8, reader_port_info(self->fd, self->vm, 0xf4).writes);
	EXPECT_EQ(8, reader_port_info(self->fd, self->vm, 0xf4).passed);
}

TEST_F(change, set_ports_goes_for_the_next_access)
{
	int claim = reader_open(0, DBGPORT_SUB_CLAIM);
	unsigned int i;

	for (i = 0; i < 4; i++) {
		ASSERT_EQ(0, set_ports(self->fd, self->vm, 0));
		EXPECT_EQ(0, reader_port_info(self->fd, self->vm, 0xf4).flags);
		guest_run(self->guest);
		EXPECT_EQ(2 * i, guest_exits(self->guest, 0xf4));
		EXPECT_EQ(0xe9, guest_read32(self->guest, ADDR) & 0xff);

		ASSERT_EQ(0, set_ports(self->fd, self->vm, TEE));
		EXPECT_EQ(TEE, reader_port_info(self->fd, self->vm, 0xf4).flags);
		guest_run(self->guest);
		EXPECT_EQ(2 * i + 2, guest_exits(self->guest, 0xf4));
		EXPECT_EQ(GUEST_IN_BYTE, guest_read32(self->guest, ADDR) & 0xff);
	}
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
	close(claim);
}

/* A port that was let go of comes back as it is wanted then. */
TEST_F(change, a_port_that_comes_back_is_what_it_is_asked_to_be)
{
	struct dbgport_set_ports only = { .vm = self->vm, .nports = 1, .ports = { 0xe9 } };
	int claim = reader_open(0, DBGPORT_SUB_CLAIM);

	ASSERT_EQ(0, ioctl(self->fd, DBGPORT_SET_PORTS, &only));
	EXPECT_TRUE(reader_port_info(self->fd, self->vm, 0xf4).flags & DBGPORT_PORT_OFF);
	guest_run(self->guest);
	EXPECT_EQ(0, reader_port_info(self->fd, self->vm, 0xf4).writes);
	ASSERT_EQ(0, set_ports(self->fd, self->vm, 0));
	guest_run(self->guest);
	EXPECT_EQ(2, guest_exits(self->guest, 0xf4));
	ASSERT_EQ(0, ioctl(self->fd, DBGPORT_SET_PORTS, &only));
	ASSERT_EQ(0, set_ports(self->fd, self->vm, TEE));
	guest_run(self->guest);
	EXPECT_EQ(4, guest_exits(self->guest, 0xf4));
	EXPECT_EQ(2, reader_port_info(self->fd, self->vm, 0xf4).writes);
	EXPECT_EQ(2, reader_port_info(self->fd, self->vm, 0xf4).claimed);
	close(claim);
}

TEST_F(change, what_is_refused_changes_nothing)
{
	struct dbgport_set_ports behind = {
		.vm = self->vm, .nports = 1, .ports = { 0xe9 }, .port_flags = { 0, TEE },
	};
	struct dbgport_set_ports kvms = {
		.vm = self->vm, .nports = 2, .ports = { 0xf4, 0x61 }, .port_flags = { 0, TEE },
	};
	struct dbgport_set_ports full = {
		.vm = self->vm, .nports = 3, .ports = { 0xf4, 0xe9, 0x3f8 },
		.port_flags = { 0, TEE, TEE },
	};
	struct kvm_coalesced_mmio_zone zone = { .size = 1, .pio = 1 };
	int claim = reader_open(0, DBGPORT_SUB_CLAIM);

	for (zone.addr = 0x1000; zone.addr < 0x2000; zone.addr++)
		if (ioctl(guest_fd(self->guest), KVM_REGISTER_COALESCED_MMIO, &zone))
			break;
	EXPECT_EQ(-EINVAL, set_ports(self->fd, self->vm, TEE | DBGPORT_PORT_OFF));
	EXPECT_EQ(-EINVAL, set_ports(self->fd, self->vm, DBGPORT_PORT_UART << 1));
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_SET_PORTS, &behind));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_SET_PORTS, &kvms));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_SET_PORTS, &full));
	EXPECT_EQ(ENOSPC, errno);
	EXPECT_EQ(TEE, reader_port_info(self->fd, self->vm, 0xf4).flags);
	EXPECT_EQ(0, reader_port_info(self->fd, self->vm, 0xe9).flags);
	guest_run(self->guest);
	EXPECT_EQ(2, guest_exits(self->guest, 0xf4));
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
	close(claim);
}

/* Each write is either claimed or the VMM's, and all are recorded. */
TEST_F(change, in_a_flood_each_write_is_claimed_or_the_vmms)
{
	const unsigned int vcpus = 2;
	struct dbgport_port_info info;
	struct code code = { 0 };
	struct guest *guest;
	unsigned int i, vm;
	int claim = reader_open(0, DBGPORT_SUB_CLAIM);

	code_count(&code, 0xf4, 0);
	guest = guest_new(vcpus, &code);
	vm = reader_my_vm(self->fd);
	guest_start(guest);
	for (i = 0; i < 20; i++) {
		unsigned long exits;

		ASSERT_EQ(0, set_ports(self->fd, vm, TEE));
		info = reader_port_info(self->fd, vm, 0xf4);
		while (guest_exits(guest, 0xf4) < info.writes - info.claimed + 100)
			poll(NULL, 0, 1);
		/* One of each vCPU may have been under way. */
		EXPECT_GE(info.claimed + vcpus, reader_port_info(self->fd, vm, 0xf4).claimed);

		ASSERT_EQ(0, set_ports(self->fd, vm, 0));
		info = reader_port_info(self->fd, vm, 0xf4);
		while (reader_port_info(self->fd, vm, 0xf4).claimed < info.claimed + 100)
			poll(NULL, 0, 1);
		exits = guest_exits(guest, 0xf4);
		EXPECT_GE(info.writes - info.claimed + vcpus, exits);
	}
	guest_stop(guest);
	info = reader_port_info(self->fd, vm, 0xf4);
	EXPECT_EQ(info.writes, info.claimed + guest_exits(guest, 0xf4));
	guest_free(guest);
	close(claim);
}

TEST_HARNESS_MAIN
