// SPDX-License-Identifier: GPL-2.0
/* What the ioctls tell. */
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>

#include "clock.h"
#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

FIXTURE(info) {
	struct code code;
	struct guest *guest;
	struct dbgport_vm_info vm_info;
	unsigned int vm;
	int fd;
};

FIXTURE_SETUP(info)
{
	module_fresh("");
	self->fd = reader_open(0, 0);
}

FIXTURE_TEARDOWN(info)
{
	guest_free(self->guest);
}

TEST_F(info, of_the_module_says_what_it_is)
{
	struct dbgport_info info = reader_info(self->fd);

	EXPECT_EQ(DBGPORT_ABI, info.abi);
	EXPECT_EQ(sizeof(struct dbgport_record), info.record_size);
	EXPECT_EQ(32768, info.ring);
	EXPECT_EQ(DBGPORT_CLAIM_LISTENING, info.claim);
	EXPECT_EQ(0, info.vms);
	ASSERT_EQ(3, info.nports);
	EXPECT_EQ(DBGPORT_POST_PORT, info.ports[0]);
	EXPECT_EQ(DBGPORT_CONSOLE_PORT, info.ports[1]);
	EXPECT_EQ(DBGPORT_FIRMWARE_PORT, info.ports[2]);
	EXPECT_EQ(0, info.ports[3]);
}

TEST_F(info, of_the_module_has_no_feature_that_the_header_does_not_name)
{
	EXPECT_EQ(DBGPORT_F_ALL | DBGPORT_F_UART, reader_info(self->fd).features);
	EXPECT_EQ(DBGPORT_F_ALL,
		  DBGPORT_F_CLAIM | DBGPORT_F_SEEK | DBGPORT_F_UNPLUG |
		  DBGPORT_F_ATTACH | DBGPORT_F_SET | DBGPORT_F_NAME | DBGPORT_F_RESTORED);
}

TEST_F(info, of_the_module_has_a_new_load_id_after_each_load)
{
	unsigned int before = reader_info(self->fd).load_id;

	close(self->fd);
	module_fresh("");
	self->fd = reader_open(0, 0);
	EXPECT_NE(before, reader_info(self->fd).load_id);
}

TEST_F(info, of_a_vm_counts_writes_bytes_reads_and_claims_per_port)
{
	const struct dbgport_port_info *post, *console, *firmware;

	code_out8(&self->code, 0x80, 1);
	code_out16(&self->code, 0x80, 2);
	code_outs(&self->code, 0x402, 1, "hello", 5);
	code_out32(&self->code, 0x402, 3);
	code_in(&self->code, 0xe9, 1, 0x8000);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	close(self->fd);
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	self->vm = reader_my_vm(self->fd);
	guest_run(self->guest);

	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &self->vm_info));
	EXPECT_EQ(8, self->vm_info.written);
	EXPECT_EQ(0, self->vm_info.oldest);
	EXPECT_EQ(DBGPORT_VM_CLAIMED, self->vm_info.flags);
	ASSERT_EQ(3, self->vm_info.nports);
	post = &self->vm_info.ports[0];
	console = &self->vm_info.ports[1];
	firmware = &self->vm_info.ports[2];
	EXPECT_EQ(0x80, post->port);
	EXPECT_EQ(2, post->writes);
	EXPECT_EQ(3, post->bytes);
	EXPECT_EQ(0, post->reads);
	EXPECT_EQ(2, post->claimed);
	EXPECT_EQ(0xe9, console->port);
	EXPECT_EQ(0, console->writes);
	EXPECT_EQ(1, console->reads);
	EXPECT_EQ(1, console->claimed);
	EXPECT_EQ(0x402, firmware->port);
	EXPECT_EQ(6, firmware->writes);
	EXPECT_EQ(9, firmware->bytes);
	EXPECT_EQ(6, firmware->claimed);
}

TEST_F(info, of_a_vm_has_its_times_in_order)
{
	unsigned long long before = now_ns(), after;

	code_hlt(&self->code);
	self->guest = guest_new(2, &self->code);
	after = now_ns();
	self->vm = reader_my_vm(self->fd);
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &self->vm_info));
	EXPECT_LE(before, self->vm_info.zero_ns);
	EXPECT_LE(self->vm_info.zero_ns, self->vm_info.attach_ns);
	EXPECT_LE(self->vm_info.attach_ns, after);
	EXPECT_EQ(0, self->vm_info.gone_ns);

	guest_free(self->guest);
	self->guest = NULL;
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &self->vm_info));
	EXPECT_TRUE(self->vm_info.flags & DBGPORT_VM_GONE);
	EXPECT_LE(after, self->vm_info.gone_ns);
	EXPECT_GE(now_ns(), self->vm_info.gone_ns);
}

TEST_F(info, of_a_vm_names_its_vmm)
{
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(self->fd);
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &self->vm_info));
	EXPECT_EQ(getpid(), self->vm_info.pid);
	EXPECT_EQ(geteuid(), self->vm_info.uid);
	EXPECT_STREQ("test_info", self->vm_info.comm);
	EXPECT_EQ(0, self->vm_info.flags);
	EXPECT_EQ(self->vm, self->vm_info.vm);
}

TEST_F(info, of_no_vm_is_enoent)
{
	EXPECT_EQ(-ENOENT, reader_vm_info(self->fd, 0, &self->vm_info));
	EXPECT_EQ(-ENOENT, reader_vm_info(self->fd, 1, &self->vm_info));
	EXPECT_EQ(-ENOENT, reader_vm_info(self->fd, ~0u, &self->vm_info));
	EXPECT_EQ(0, reader_next_vm(self->fd, 0));
	EXPECT_EQ(0, reader_next_vm(self->fd, ~0u));
}

TEST_F(info, next_vm_goes_through_all_in_ascending_order)
{
	struct guest *guest[5];
	unsigned int vm = 0;
	int i;

	code_hlt(&self->code);
	for (i = 0; i < 5; i++)
		guest[i] = guest_new(1, &self->code);
	for (i = 0; i < 5; i++) {
		unsigned int next = reader_next_vm(self->fd, vm);

		EXPECT_LT(vm, next);
		vm = next;
	}
	EXPECT_EQ(0, reader_next_vm(self->fd, vm));
	for (i = 0; i < 5; i++)
		guest_free(guest[i]);
}

TEST_F(info, delivered_counts_up_while_one_reads)
{
	struct dbgport_record rec[4];

	code_count(&self->code, 0xe9, 10);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(self->fd);
	guest_run(self->guest);

	/* ATTACHED is no write. */
	ASSERT_EQ(sizeof(rec), read(self->fd, rec, sizeof(rec)));
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &self->vm_info));
	EXPECT_EQ(3, self->vm_info.delivered);
	ASSERT_EQ(sizeof(rec), read(self->fd, rec, sizeof(rec)));
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &self->vm_info));
	EXPECT_EQ(7, self->vm_info.delivered);
	EXPECT_EQ(0, self->vm_info.lost);
	EXPECT_EQ(10, self->vm_info.written);
}

/* What of an argument must be 0, and a value that is not. */
#define NOT_0(type, field, cmd) \
	{ #cmd ": " #field, cmd, offsetof(struct type, field), sizeof(((struct type *)0)->field) }

TEST_F(info, what_is_not_known_yet_is_refused)
{
	static const struct {
		const char *what;
		unsigned long cmd;
		size_t offset, size;
	} fields[] = {
		NOT_0(dbgport_subscribe, reserved, DBGPORT_SUBSCRIBE),
		NOT_0(dbgport_seek, flags, DBGPORT_SEEK),
		NOT_0(dbgport_next_vm, flags, DBGPORT_NEXT_VM),
		NOT_0(dbgport_vm_info, flags, DBGPORT_VM_INFO),
		NOT_0(dbgport_attach, flags, DBGPORT_ATTACH),
		NOT_0(dbgport_detach, flags, DBGPORT_DETACH),
		NOT_0(dbgport_set_ports, flags, DBGPORT_SET_PORTS),
		NOT_0(dbgport_set_ports, reserved, DBGPORT_SET_PORTS),
		NOT_0(dbgport_set_ports, port_flags, DBGPORT_SET_PORTS),
		NOT_0(dbgport_set_claim, flags, DBGPORT_SET_CLAIM),
		NOT_0(dbgport_set_claim, reserved, DBGPORT_SET_CLAIM),
		NOT_0(dbgport_set_name, flags, DBGPORT_SET_NAME),
		NOT_0(dbgport_set_restored, flags, DBGPORT_SET_RESTORED),
	};
	struct dbgport_set_ports set = { .nports = 1, .ports = { 0xe9 } };
	size_t i, byte;

	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(self->fd);
	set.vm = self->vm;
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		for (byte = 0; byte < fields[i].size; byte++) {
			union {
				unsigned char bytes[sizeof(struct dbgport_vm_info)];
				struct dbgport_set_ports set;
				__u32 vm;
			} arg = { .set = set };

			/* But for SUBSCRIBE all begin with the VM. */
			if (fields[i].cmd != DBGPORT_SET_PORTS)
				memset(&arg, 0, sizeof(arg));
			if (fields[i].cmd != DBGPORT_SUBSCRIBE)
				arg.vm = self->vm;
			arg.bytes[fields[i].offset + byte] = 0x80;
			EXPECT_EQ(-1, ioctl(self->fd, fields[i].cmd, &arg));
			EXPECT_EQ(EINVAL, errno) {
				TH_LOG("%s", fields[i].what);
			}
		}
	}
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &self->vm_info));
	EXPECT_EQ(0, self->vm_info.flags);
	EXPECT_EQ(3, self->vm_info.nports);
}

TEST_F(info, what_is_not_told_yet_is_0)
{
	struct dbgport_info info, zero = { 0 };
	unsigned int i;

	memset(&info, 0xff, sizeof(info));
	ASSERT_EQ(0, ioctl(self->fd, DBGPORT_GET_INFO, &info));
	EXPECT_EQ(0, memcmp(zero.port_flags, info.port_flags, sizeof(info.port_flags)));
	EXPECT_EQ(0, memcmp(zero.reserved, info.reserved, sizeof(info.reserved)));

	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(self->fd);
	memset(&self->vm_info, 0xff, sizeof(self->vm_info));
	self->vm_info.vm = self->vm;
	self->vm_info.flags = 0;
	ASSERT_EQ(0, ioctl(self->fd, DBGPORT_VM_INFO, &self->vm_info));
	EXPECT_EQ(0, self->vm_info.reserved);
	for (i = 0; i < ARRAY_SIZE(self->vm_info.reserved2); i++)
		EXPECT_EQ(0, self->vm_info.reserved2[i]);
	for (i = 0; i < DBGPORT_MAX_PORTS; i++)
		EXPECT_EQ(0, memcmp(&zero, self->vm_info.ports[i].reserved2,
				    sizeof(self->vm_info.ports[i].reserved2)));
}

/* The size is part of the ioctl's number, which is what would be another one's. */
TEST_F(info, structures_of_another_size_are_refused)
{
	static const unsigned long cmds[] = {
		DBGPORT_GET_INFO, DBGPORT_SUBSCRIBE, DBGPORT_SEEK, DBGPORT_NEXT_VM,
		DBGPORT_VM_INFO, DBGPORT_ATTACH, DBGPORT_DETACH, DBGPORT_GIVE_EVENTFD,
		DBGPORT_SET_PORTS, DBGPORT_SET_CLAIM, DBGPORT_SET_NAME, DBGPORT_SET_RESTORED,
	};
	unsigned char arg[sizeof(struct dbgport_vm_info) + 8], before[sizeof(arg)];

	memset(before, 0x55, sizeof(before));
	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++) {
		for (int more = -8; more <= 8; more += 4) {
			unsigned long cmd = _IOC(_IOC_DIR(cmds[i]), DBGPORT_IOC, _IOC_NR(cmds[i]),
						 _IOC_SIZE(cmds[i]) + more);

			if (!more)
				continue;
			memcpy(arg, before, sizeof(arg));
			EXPECT_EQ(-1, ioctl(self->fd, cmd, arg));
			EXPECT_EQ(ENOTTY, errno);
			EXPECT_EQ(0, memcmp(before, arg, sizeof(arg)));
		}
	}
}

TEST_F(info, takes_a_32_bit_program_as_well)
{
	/* All structures are laid out the same; what differs is nothing. */
	EXPECT_EQ(32, sizeof(struct dbgport_record));
	EXPECT_EQ(8, sizeof(struct dbgport_subscribe));
	EXPECT_EQ(16, sizeof(struct dbgport_seek));
	EXPECT_EQ(8, sizeof(struct dbgport_next_vm));
	EXPECT_EQ(8, sizeof(struct dbgport_detach));
	EXPECT_EQ(8, sizeof(struct dbgport_give_eventfd));
	EXPECT_EQ(16, sizeof(struct dbgport_attach));
	EXPECT_EQ(16, sizeof(struct dbgport_set_claim));
	EXPECT_EQ(80, sizeof(struct dbgport_set_ports));
	EXPECT_EQ(264, sizeof(struct dbgport_set_name));
	EXPECT_EQ(8, sizeof(struct dbgport_set_restored));
	EXPECT_EQ(72, sizeof(struct dbgport_port_info));
	EXPECT_EQ(0, sizeof(struct dbgport_info) % 8);
	EXPECT_EQ(0, sizeof(struct dbgport_vm_info) % 8);
	/* What was reserved came to say something, and nothing moved. */
	EXPECT_EQ(1576, sizeof(struct dbgport_vm_info));
	EXPECT_EQ(360, offsetof(struct dbgport_vm_info, started_ns));
	EXPECT_EQ(368, offsetof(struct dbgport_vm_info, created_ns));
	EXPECT_EQ(424, offsetof(struct dbgport_vm_info, ports));
}

TEST_HARNESS_MAIN
