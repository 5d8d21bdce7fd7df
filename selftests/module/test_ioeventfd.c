// SPDX-License-Identifier: GPL-2.0
/* The backend "ioeventfd": what it promises, and what it does not. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define ADDR	0x8000

/* How many writes of @vm the stream has that were claimed, or not. */
static unsigned long count_claimed(const struct stream *stream, unsigned int vm, bool claimed)
{
	unsigned long count = 0;
	size_t i;

	for (i = 0; i < stream->len; i++) {
		const struct dbgport_record *rec = &stream->rec[i];

		count += rec->vm == vm && rec->type == DBGPORT_WRITE &&
			 !!(rec->flags & DBGPORT_CLAIMED) == claimed;
	}
	return count;
}

/* Whether each vCPU's bytes of code_count8() are there, without gaps. */
static bool counts_on(const struct stream *stream, unsigned int vm)
{
	unsigned char next[GUEST_MAX_VCPUS] = { 0 };
	size_t i;

	for (i = 0; i < stream->len; i++) {
		const struct dbgport_record *rec = &stream->rec[i];

		if (rec->vm != vm || rec->type != DBGPORT_WRITE)
			continue;
		if (rec->vcpu >= GUEST_MAX_VCPUS || rec->value != next[rec->vcpu]++)
			return false;
	}
	return true;
}

FIXTURE(ioeventfd) {
	struct code code;
	struct guest *guest;
	struct stream stream;
	int fd;
};

FIXTURE_SETUP(ioeventfd)
{
	module_fresh("backend=ioeventfd ring=1048576");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
}

FIXTURE_TEARDOWN(ioeventfd)
{
	guest_free(self->guest);
	stream_free(&self->stream);
	close(self->fd);
}

TEST_F(ioeventfd, every_width_at_every_port_is_claimed_and_recorded)
{
	static const unsigned short ports[] = { 0x80, 0xe9, 0x402 };
	static const unsigned int values[] = { 0x41, 0x4243, 0x44454647 };
	unsigned long long before = 0;
	unsigned int vm, i;

	for (i = 0; i < 3; i++) {
		code_out8(&self->code, ports[i], values[0]);
		code_out16(&self->code, ports[i], values[1]);
		code_out32(&self->code, ports[i], values[2]);
	}
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(self->fd);
	guest_run(self->guest);

	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(NULL, stream_fault(&self->stream, vm));
	ASSERT_EQ(9, stream_count(&self->stream, vm, DBGPORT_WRITE));
	for (i = 0; i < 9; i++) {
		const struct dbgport_record *rec = stream_write(&self->stream, vm, i);

		EXPECT_EQ(ports[i / 3], rec->port);
		EXPECT_EQ(1 << i % 3, rec->width);
		EXPECT_EQ(values[i % 3], rec->value);
		EXPECT_EQ(0, rec->vcpu);
		EXPECT_EQ(DBGPORT_CLAIMED, rec->flags);
		EXPECT_LE(before, rec->time_ns);
		before = rec->time_ns;
	}
	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, guest_exits(self->guest, ports[i]));
}

TEST_F(ioeventfd, strings_of_every_width_come_element_by_element)
{
	unsigned char text[240];
	unsigned int vm, i;

	for (i = 0; i < sizeof(text); i++)
		text[i] = 255 - i;
	code_outs(&self->code, 0xe9, 1, text, 240);
	code_outs(&self->code, 0xe9, 2, text, 120);
	code_outs(&self->code, 0xe9, 4, text, 60);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(self->fd);
	guest_run(self->guest);

	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
	reader_drain(self->fd, &self->stream);
	ASSERT_EQ(420, stream_count(&self->stream, vm, DBGPORT_WRITE));
	for (i = 0; i < 240; i++)
		ASSERT_EQ(text[i], stream_write(&self->stream, vm, i)->value);
	for (i = 0; i < 120; i++)
		ASSERT_EQ(((unsigned short *)text)[i],
			  stream_write(&self->stream, vm, 240 + i)->value);
	for (i = 0; i < 60; i++)
		ASSERT_EQ(((unsigned int *)text)[i],
			  stream_write(&self->stream, vm, 360 + i)->value);
}

/* Before a vCPU has come back from its first write there may be many. */
TEST_F(ioeventfd, a_long_string_as_the_first_write_is_kept)
{
	unsigned char text[2000];
	unsigned int vm, i;

	for (i = 0; i < sizeof(text); i++)
		text[i] = i % 251;
	code_outs(&self->code, 0xe9, 1, text, sizeof(text));
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(self->fd);
	guest_run(self->guest);

	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(NULL, stream_fault(&self->stream, vm));
	ASSERT_EQ(sizeof(text), stream_count(&self->stream, vm, DBGPORT_WRITE));
	for (i = 0; i < sizeof(text); i++)
		ASSERT_EQ(text[i], stream_write(&self->stream, vm, i)->value);
}

TEST_F(ioeventfd, the_whole_ring_is_there_after_the_first_write)
{
	unsigned int vm;

	code_count8(&self->code, 0xe9, 20000);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(self->fd);
	guest_run(self->guest);
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(20000, stream_count(&self->stream, vm, DBGPORT_WRITE));
	EXPECT_TRUE(counts_on(&self->stream, vm));
}

TEST_F(ioeventfd, vcpus_are_told_apart_and_each_keeps_its_order)
{
	static const unsigned int ids[] = { 5, 0, 7, 2 };
	const unsigned int n = 1000;
	unsigned int vm;

	code_count8(&self->code, 0xe9, n);
	code_hlt(&self->code);
	self->guest = guest_new_ids(4, ids, &self->code);
	vm = reader_my_vm(self->fd);
	guest_run(self->guest);

	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(NULL, stream_fault(&self->stream, vm));
	ASSERT_EQ(4 * n, stream_count(&self->stream, vm, DBGPORT_WRITE));
	EXPECT_TRUE(counts_on(&self->stream, vm));
}

TEST_F(ioeventfd, vms_of_one_process_are_told_apart)
{
	struct guest *guest[8];
	unsigned int vm[8];
	int i;

	for (i = 0; i < 8; i++) {
		struct code code = { 0 };

		code_out8(&code, 0xe9, i);
		code_hlt(&code);
		guest[i] = guest_new(1, &code);
		vm[i] = reader_my_vm(self->fd);
	}
	EXPECT_EQ(8, reader_info(self->fd).vms);
	for (i = 0; i < 8; i++)
		guest_start(guest[i]);
	for (i = 0; i < 8; i++)
		guest_wait(guest[i]);
	reader_drain(self->fd, &self->stream);
	for (i = 0; i < 8; i++) {
		ASSERT_EQ(1, stream_count(&self->stream, vm[i], DBGPORT_WRITE));
		EXPECT_EQ(i, stream_write(&self->stream, vm[i], 0)->value);
		guest_free(guest[i]);
	}
	EXPECT_EQ(0, reader_info(self->fd).vms);
}

TEST_F(ioeventfd, reads_are_the_vmms_alone)
{
	struct dbgport_vm_info info;

	code_in(&self->code, 0xe9, 1, ADDR);
	code_out8(&self->code, 0xe9, 'x');
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	guest_run(self->guest);

	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));
	EXPECT_EQ(GUEST_IN_BYTE, guest_read32(self->guest, ADDR) & 0xff);
	ASSERT_EQ(0, reader_vm_info(self->fd, reader_my_vm(self->fd), &info));
	EXPECT_EQ(1, info.written);
	EXPECT_EQ(0, info.ports[1].reads);
	EXPECT_EQ(1, info.ports[1].claimed);
}

TEST_F(ioeventfd, other_ports_are_the_vmms_alone)
{
	unsigned int vm;

	/* The second reaches over 0xe9, but does not begin there. */
	code_out8(&self->code, 0xe8, 1);
	code_out32(&self->code, 0xe8, 2);
	code_out16(&self->code, 0x403, 3);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(self->fd);
	guest_run(self->guest);
	EXPECT_EQ(2, guest_exits(self->guest, 0xe8));
	EXPECT_EQ(1, guest_exits(self->guest, 0x403));
	EXPECT_EQ(0, reader_written(self->fd, vm));
}

TEST_F(ioeventfd, its_vms_say_so)
{
	struct dbgport_vm_info info;

	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	EXPECT_TRUE(reader_info(self->fd).features & DBGPORT_F_EVENTFD);
	ASSERT_EQ(0, reader_vm_info(self->fd, reader_my_vm(self->fd), &info));
	EXPECT_EQ(DBGPORT_BACKEND_IOEVENTFD, info.backend);
	EXPECT_EQ(DBGPORT_VM_CLAIMED, info.flags);
}

TEST_F(ioeventfd, what_is_not_claimed_is_recorded_and_the_vmms)
{
	int look = reader_open(0, 0);
	unsigned int vm;

	close(self->fd);
	self->fd = look;
	code_out8(&self->code, 0xe9, 1);
	code_out32(&self->code, 0x402, 0x12345678);
	code_outs(&self->code, 0xe9, 1, "text", 4);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(look);
	guest_run(self->guest);
	EXPECT_EQ(5, guest_exits(self->guest, 0xe9));
	EXPECT_EQ(1, guest_exits(self->guest, 0x402));
	reader_drain(look, &self->stream);
	ASSERT_EQ(6, stream_count(&self->stream, vm, DBGPORT_WRITE));
	EXPECT_EQ(6, count_claimed(&self->stream, vm, false));
	EXPECT_EQ(1, stream_write(&self->stream, vm, 0)->value);
	EXPECT_EQ(0x12345678, stream_write(&self->stream, vm, 1)->value);
	EXPECT_EQ('t', stream_write(&self->stream, vm, 5)->value);
}

static int set_ports(int fd, unsigned int vm, unsigned short port, unsigned short flags)
{
	struct dbgport_set_ports set = {
		.vm = vm, .nports = 2, .ports = { port, 0xe9 }, .port_flags = { flags },
	};

	return ioctl(fd, DBGPORT_SET_PORTS, &set) ? -errno : 0;
}

static unsigned int flags_of(int fd, unsigned int vm, unsigned short port)
{
	struct dbgport_vm_info info;
	unsigned int i;

	if (reader_vm_info(fd, vm, &info))
		return ~0U;
	for (i = 0; i < info.nports && info.ports[i].port != port; i++)
		;
	return i < info.nports ? info.ports[i].flags : ~0U;
}

TEST_F(ioeventfd, a_tee_port_is_recorded_and_the_vmms_beside_one_that_is_claimed)
{
	unsigned int vm, i;

	for (i = 0; i < 6; i++) {
		code_out8(&self->code, 0xf4, i);
		code_out8(&self->code, 0xe9, i);
		code_hlt(&self->code);
	}
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(self->fd);
	for (i = 0; i < 6; i++) {
		unsigned short flags = i % 2 ? 0 : DBGPORT_PORT_TEE;

		ASSERT_EQ(0, set_ports(self->fd, vm, 0xf4, flags));
		EXPECT_EQ(flags, flags_of(self->fd, vm, 0xf4));
		EXPECT_EQ(0, flags_of(self->fd, vm, 0xe9));
		guest_run(self->guest);
		EXPECT_EQ(i / 2 + 1, guest_exits(self->guest, 0xf4));
	}
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
	reader_drain(self->fd, &self->stream);
	ASSERT_EQ(12, stream_count(&self->stream, vm, DBGPORT_WRITE));
	for (i = 0; i < 12; i++)
		EXPECT_EQ(i % 2 || i % 4 ? DBGPORT_CLAIMED : 0,
			  stream_write(&self->stream, vm, i)->flags);
}

TEST_F(ioeventfd, a_port_that_new_vms_have_as_a_tee_is_never_claimed)
{
	unsigned int vm;

	close(self->fd);
	module_fresh("backend=ioeventfd claim=always ports=0xf4/tee,0xe9");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	code_out16(&self->code, 0xf4, 0x1234);
	code_out8(&self->code, 0xe9, 'a');
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(self->fd);
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0xf4));
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
	EXPECT_EQ(DBGPORT_PORT_TEE, flags_of(self->fd, vm, 0xf4));
	reader_drain(self->fd, &self->stream);
	ASSERT_EQ(2, stream_count(&self->stream, vm, DBGPORT_WRITE));
	EXPECT_EQ(0, stream_write(&self->stream, vm, 0)->flags);
	EXPECT_EQ(0x1234, stream_write(&self->stream, vm, 0)->value);
	EXPECT_EQ(DBGPORT_CLAIMED, stream_write(&self->stream, vm, 1)->flags);
}

/* Nothing is lost or doubled, and what is told to be claimed was no exit. */
TEST_F(ioeventfd, claims_come_and_go_in_a_flood)
{
	int look = reader_open(0, 0);
	unsigned long exits, claimed, unclaimed;
	unsigned int vm;
	int i;

	code_count8(&self->code, 0xe9, 0);
	self->guest = guest_new(2, &self->code);
	vm = reader_my_vm(look);
	guest_start(self->guest);
	for (i = 0; i < 8; i++) {
		unsigned long long from = reader_written(look, vm);

		while (reader_written(look, vm) < from + 100)
			poll(NULL, 0, 1);
		close(self->fd);
		reader_await_claimed(look, vm, false);
		exits = guest_exits(self->guest, 0xe9);
		while (guest_exits(self->guest, 0xe9) < exits + 100)
			poll(NULL, 0, 1);
		reader_drain(look, &self->stream);
		self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
		EXPECT_TRUE(reader_vm_flags(look, vm) & DBGPORT_VM_CLAIMED);
		reader_drain(look, &self->stream);
	}
	guest_stop(self->guest);
	reader_drain(look, &self->stream);
	EXPECT_EQ(NULL, stream_fault(&self->stream, vm));
	EXPECT_EQ(0, stream_lost(&self->stream, vm));
	EXPECT_TRUE(counts_on(&self->stream, vm));
	claimed = count_claimed(&self->stream, vm, true);
	unclaimed = count_claimed(&self->stream, vm, false);
	exits = guest_exits(self->guest, 0xe9);
	EXPECT_LE(8 * 100, claimed);
	EXPECT_LE(exits, unclaimed) {
		TH_LOG("%lu exits, but only %lu records of %lu say so", exits, unclaimed,
		       claimed + unclaimed);
	}
	close(look);
}

TEST_F(ioeventfd, a_vm_ends_when_it_is_closed)
{
	unsigned int vm;

	code_out8(&self->code, 0xe9, 1);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(self->fd);
	guest_run(self->guest);
	guest_free(self->guest);
	self->guest = NULL;
	EXPECT_EQ(0, reader_info(self->fd).vms);
	reader_until(self->fd, &self->stream, vm, DBGPORT_GONE);
	EXPECT_EQ(1, stream_count(&self->stream, vm, DBGPORT_WRITE));
	EXPECT_EQ(0, self->stream.rec[self->stream.len - 1].flags);
}

TEST_F(ioeventfd, a_vmm_killed_in_a_flood_leaves_no_vm)
{
	unsigned int zombies = guests_alive();
	unsigned int vm;
	pid_t child;

	code_count8(&self->code, 0xe9, 0);
	child = fork();
	if (child == 0) {
		guest_start(guest_new(2, &self->code));
		pause();
	}
	while (!(vm = reader_next_vm(self->fd, 0)) || reader_written(self->fd, vm) < 100)
		poll(NULL, 0, 1);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	reader_until(self->fd, &self->stream, vm, DBGPORT_GONE);
	EXPECT_EQ(NULL, stream_fault(&self->stream, vm));
	while (guests_alive() > zombies)
		poll(NULL, 0, 1);
}

TEST_F(ioeventfd, a_vm_is_detached_and_attached_in_a_flood)
{
	struct dbgport_attach attach = { 0 };
	unsigned long exits;
	unsigned int vm;

	code_count8(&self->code, 0xe9, 0);
	self->guest = guest_new(2, &self->code);
	vm = reader_my_vm(self->fd);
	guest_start(self->guest);
	exits = guest_exits(self->guest, 0xe9);
	ASSERT_EQ(0, reader_detach(self->fd, vm));
	while (guest_exits(self->guest, 0xe9) < exits + 10)
		poll(NULL, 0, 1);

	attach.fd = guest_fd(self->guest);
	ASSERT_EQ(0, ioctl(self->fd, DBGPORT_ATTACH, &attach));
	EXPECT_LT(vm, attach.vm);
	vm = attach.vm;
	EXPECT_EQ(DBGPORT_VM_CLAIMED | DBGPORT_VM_LATE, reader_vm_flags(self->fd, vm));
	ASSERT_EQ(-1, ioctl(self->fd, DBGPORT_ATTACH, &attach));
	EXPECT_EQ(EEXIST, errno);
	EXPECT_EQ(vm, attach.vm);
	guest_stop(self->guest);
	EXPECT_EQ(1, reader_info(self->fd).vms);
}

/* Its file descriptor of the VM is found among many. */
TEST_F(ioeventfd, a_vmm_with_many_files_is_claimed)
{
	const struct rlimit many = { 4096, 4096 };
	int fds[3000];
	int i;

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &many));
	for (i = 0; i < 3000; i++) {
		fds[i] = dup(self->fd);
		ASSERT_LE(0, fds[i]);
	}
	code_out8(&self->code, 0xe9, 1);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	guest_run(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
	for (i = 0; i < 3000; i++)
		close(fds[i]);
}

TEST_F(ioeventfd, unloading_in_a_flood_gives_the_vmm_its_ports_back)
{
	unsigned long exits;
	int i;

	code_count8(&self->code, 0xe9, 0);
	self->guest = guest_new(2, &self->code);
	guest_start(self->guest);
	for (i = 0; i < 3; i++) {
		struct dbgport_attach attach = { .fd = guest_fd(self->guest) };

		while (reader_written(self->fd, reader_my_vm(self->fd)) < 100)
			poll(NULL, 0, 1);
		close(self->fd);
		ASSERT_EQ(0, module_unload());
		exits = guest_exits(self->guest, 0xe9);
		while (guest_exits(self->guest, 0xe9) < exits + 100)
			poll(NULL, 0, 1);
		module_fresh("backend=ioeventfd");
		self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
		ASSERT_EQ(0, ioctl(self->fd, DBGPORT_ATTACH, &attach));
	}
	guest_stop(self->guest);
}

static void *end_guests(void *arg)
{
	struct guest **guest = arg;

	while (*guest)
		guest_free(*guest++);
	return NULL;
}

TEST_F(ioeventfd, vms_may_end_while_it_unloads)
{
	unsigned int zombies = guests_alive();
	struct guest *guest[17];
	pthread_t thread;
	int round, i;

	code_count8(&self->code, 0xe9, 0);
	for (round = 0; round < 6; round++) {
		for (i = 0; i < 16; i++) {
			guest[i] = guest_new(1, &self->code);
			if (i % 2)
				guest_start(guest[i]);
		}
		guest[16] = NULL;
		close(self->fd);
		ASSERT_EQ(0, pthread_create(&thread, NULL, end_guests, guest));
		/* Now early, now late. */
		poll(NULL, 0, round * 20);
		ASSERT_EQ(0, module_unload());
		pthread_join(thread, NULL);
		module_fresh("backend=ioeventfd");
		self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	}
	EXPECT_EQ(zombies, guests_alive());
}

TEST_HARNESS_MAIN
