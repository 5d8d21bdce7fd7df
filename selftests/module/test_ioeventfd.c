// SPDX-License-Identifier: GPL-2.0
/* The backend "ioeventfd": what it promises, and what it does not. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define ADDR	0x8000
#define WANTED	(3 * 256)

static unsigned int vm_flags(int fd, unsigned int vm)
{
	struct dbgport_vm_info info;

	return reader_vm_info(fd, vm, &info) ? 0 : info.flags;
}

static int give(int fd, int event)
{
	struct dbgport_give_eventfd arg = { .fd = event };

	return ioctl(fd, DBGPORT_GIVE_EVENTFD, &arg) ? -errno : 0;
}

FIXTURE(ioeventfd) {
	struct code code;
	struct guest *guest;
	struct stream stream;
	int fd;
};

/* One port: where SRCU is slow (PREEMPT_RT), each costs five seconds a time. */
FIXTURE_SETUP(ioeventfd)
{
	module_fresh("backend=ioeventfd ports=0xe9");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
}

FIXTURE_TEARDOWN(ioeventfd)
{
	guest_free(self->guest);
	stream_free(&self->stream);
	close(self->fd);
}

TEST_F(ioeventfd, strings_come_byte_by_byte)
{
	static const char text[] = "Booting from Hard Disk...\r\n";
	unsigned int vm, i;

	code_outs(&self->code, 0xe9, 1, text, sizeof(text));
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(self->fd);
	guest_run(self->guest);

	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
	reader_drain(self->fd, &self->stream);
	ASSERT_EQ(sizeof(text), stream_count(&self->stream, vm, DBGPORT_WRITE));
	for (i = 0; i < sizeof(text); i++)
		EXPECT_EQ(text[i], stream_write(&self->stream, vm, i)->value);
}

TEST_F(ioeventfd, vcpus_are_told_apart_and_each_keeps_its_order)
{
	static const unsigned int ids[] = { 5, 0, 9, 2 };
	unsigned int next[16] = { 0 };
	const unsigned int n = 1000;
	unsigned int vm, i;

	code_count8(&self->code, 0xe9, n);
	code_hlt(&self->code);
	self->guest = guest_new_ids(4, ids, &self->code);
	vm = reader_my_vm(self->fd);
	guest_run(self->guest);

	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(NULL, stream_fault(&self->stream, vm));
	ASSERT_EQ(4 * n, stream_count(&self->stream, vm, DBGPORT_WRITE));
	for (i = 0; i < self->stream.len; i++) {
		const struct dbgport_record *rec = &self->stream.rec[i];

		if (rec->type != DBGPORT_WRITE)
			continue;
		ASSERT_GT(16, rec->vcpu);
		ASSERT_EQ(next[rec->vcpu]++ & 0xff, rec->value);
	}
	for (i = 0; i < 4; i++)
		EXPECT_EQ(n, next[ids[i]]);
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

TEST_F(ioeventfd, reads_and_wide_writes_are_the_vmms_alone)
{
	unsigned int vm;

	code_out16(&self->code, 0xe9, 0x4142);
	code_out32(&self->code, 0xe9, 0x43444546);
	code_in(&self->code, 0xe9, 1, ADDR);
	code_out8(&self->code, 0xe9, 'x');
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(self->fd);
	guest_run(self->guest);

	EXPECT_EQ(3, guest_exits(self->guest, 0xe9));
	EXPECT_EQ(GUEST_IN_BYTE, guest_read32(self->guest, ADDR) & 0xff);
	EXPECT_EQ(1, reader_written(self->fd, vm));
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

TEST_F(ioeventfd, what_is_not_claimed_is_the_vmms_alone)
{
	int look = reader_open(0, 0);
	unsigned int vm;

	close(self->fd);
	self->fd = look;
	code_out8(&self->code, 0xe9, 1);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(look);
	reader_await_claimed(look, vm, false);
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));
	EXPECT_EQ(0, reader_written(look, vm));
}

TEST_F(ioeventfd, claims_come_and_go_in_a_flood)
{
	int look = reader_open(0, 0);
	unsigned long exits;
	unsigned int vm;
	int i;

	code_count8(&self->code, 0xe9, 0);
	self->guest = guest_new(2, &self->code);
	vm = reader_my_vm(look);
	guest_start(self->guest);
	for (i = 0; i < 2; i++) {
		unsigned long long from = reader_written(look, vm);

		while (reader_written(look, vm) < from + 100)
			poll(NULL, 0, 1);
		close(self->fd);
		reader_await_claimed(look, vm, false);
		exits = guest_exits(self->guest, 0xe9);
		while (guest_exits(self->guest, 0xe9) < exits + 100)
			poll(NULL, 0, 1);
		self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
		EXPECT_TRUE(vm_flags(look, vm) & DBGPORT_VM_CLAIMED);
	}
	guest_stop(self->guest);
	reader_drain(look, &self->stream);
	EXPECT_EQ(NULL, stream_fault(&self->stream, vm));
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
	EXPECT_EQ(DBGPORT_VM_CLAIMED | DBGPORT_VM_LATE, vm_flags(self->fd, vm));
	ASSERT_EQ(-1, ioctl(self->fd, DBGPORT_ATTACH, &attach));
	EXPECT_EQ(EEXIST, errno);
	EXPECT_EQ(vm, attach.vm);
	guest_stop(self->guest);
	EXPECT_EQ(1, reader_info(self->fd).vms);
}

TEST_F(ioeventfd, unloading_in_a_flood_gives_the_vmm_its_ports_back)
{
	unsigned long exits;

	code_count8(&self->code, 0xe9, 0);
	self->guest = guest_new(2, &self->code);
	guest_start(self->guest);
	while (reader_written(self->fd, reader_my_vm(self->fd)) < 100)
		poll(NULL, 0, 1);
	close(self->fd);
	self->fd = -1;
	ASSERT_EQ(0, module_unload());
	exits = guest_exits(self->guest, 0xe9);
	while (guest_exits(self->guest, 0xe9) < exits + 100)
		poll(NULL, 0, 1);
	guest_stop(self->guest);
}

TEST_F(ioeventfd, eventfds_are_taken_one_by_one_until_there_are_enough)
{
	int event = eventfd(0, EFD_CLOEXEC);

	/* They were given in the setup. */
	EXPECT_EQ(-ENOSPC, give(self->fd, event));
	close(event);
}

FIXTURE(give) {
	int fd;
};

FIXTURE_SETUP(give)
{
	module_fresh("backend=ioeventfd claim=always");
	self->fd = open(DBGPORT_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(give)
{
	close(self->fd);
}

TEST_F(give, takes_as_many_as_are_wanted)
{
	EXPECT_EQ(WANTED, reader_give_eventfds(self->fd));
	EXPECT_EQ(0, reader_give_eventfds(self->fd));
}

TEST_F(give, refuses_what_is_of_no_use)
{
	int event = eventfd(0, EFD_CLOEXEC);
	struct dbgport_give_eventfd unknown = { .fd = event, .flags = 1 };

	EXPECT_EQ(-EBADF, give(self->fd, -1));
	EXPECT_EQ(-EINVAL, give(self->fd, self->fd));
	EXPECT_EQ(0, give(self->fd, event));
	EXPECT_EQ(-EEXIST, give(self->fd, event));
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_GIVE_EVENTFD, (void *)8));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_GIVE_EVENTFD, &unknown));
	EXPECT_EQ(EINVAL, errno);
	close(event);
	EXPECT_EQ(WANTED - 1, reader_give_eventfds(self->fd));
}

TEST_F(give, every_byte_on_every_port_is_claimed_and_recorded)
{
	static const unsigned short ports[] = { 0x80, 0xe9, 0x402 };
	struct stream stream = { 0 };
	unsigned long long before = 0;
	struct code code = { 0 };
	struct guest *guest;
	unsigned int vm, i;

	reader_give_eventfds(self->fd);
	for (i = 0; i < 256; i++)
		code_out8(&code, ports[i % 3], i);
	code_hlt(&code);
	guest = guest_new(1, &code);
	vm = reader_my_vm(self->fd);
	guest_run(guest);

	for (i = 0; i < 3; i++)
		EXPECT_EQ(0, guest_exits(guest, ports[i]));
	reader_drain(self->fd, &stream);
	EXPECT_EQ(NULL, stream_fault(&stream, vm));
	ASSERT_EQ(256, stream_count(&stream, vm, DBGPORT_WRITE));
	for (i = 0; i < 256; i++) {
		const struct dbgport_record *rec = stream_write(&stream, vm, i);

		ASSERT_EQ(ports[i % 3], rec->port);
		ASSERT_EQ(i, rec->value);
		ASSERT_EQ(1, rec->width);
		ASSERT_EQ(0, rec->vcpu);
		ASSERT_EQ(DBGPORT_CLAIMED, rec->flags);
		ASSERT_LE(before, rec->time_ns);
		before = rec->time_ns;
	}
	stream_free(&stream);
	guest_free(guest);
}

TEST_F(give, claims_vms_that_have_waited_for_it)
{
	struct code code = { 0 };
	struct guest *guest;
	unsigned int vm;

	code_out8(&code, 0x80, 1);
	code_hlt(&code);
	code_out8(&code, 0x80, 2);
	code_hlt(&code);
	guest = guest_new(1, &code);
	vm = reader_my_vm(self->fd);
	guest_run(guest);
	EXPECT_EQ(1, guest_exits(guest, 0x80));
	EXPECT_EQ(0, vm_flags(self->fd, vm));

	reader_give_eventfds(self->fd);
	reader_await_claimed(self->fd, vm, true);
	guest_run(guest);
	EXPECT_EQ(1, guest_exits(guest, 0x80));
	EXPECT_EQ(1, reader_written(self->fd, vm));
	guest_free(guest);
}

TEST_F(give, ignores_signals_that_are_not_kvms)
{
	unsigned long long many = 0xfffffffffffffffe;
	int events[WANTED];
	struct code code = { 0 };
	struct guest *guest;
	int i;

	for (i = 0; i < WANTED; i++) {
		events[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		ASSERT_EQ(0, give(self->fd, events[i]));
	}
	/* Even one that cannot count any more is heard. */
	for (i = 0; i < WANTED; i++)
		ASSERT_EQ(sizeof(many), write(events[i], &many, sizeof(many)));
	code_out8(&code, 0x80, 7);
	code_hlt(&code);
	guest = guest_new(1, &code);
	EXPECT_EQ(0, reader_written(self->fd, reader_my_vm(self->fd)));
	guest_run(guest);
	EXPECT_EQ(1, reader_written(self->fd, reader_my_vm(self->fd)));
	guest_free(guest);
	for (i = 0; i < WANTED; i++)
		close(events[i]);
}

TEST_F(give, is_for_who_sees_all_vms)
{
	int status;

	if (fork() == 0) {
		int event = eventfd(0, EFD_CLOEXEC);
		int fd;

		if (chmod(DBGPORT_DEVICE, 0666) || setresuid(65534, 65534, 65534))
			_exit(100);
		fd = open(DBGPORT_DEVICE, O_RDONLY);
		_exit(-give(fd, event));
	}
	wait(&status);
	EXPECT_EQ(EPERM, WEXITSTATUS(status));
}

TEST_HARNESS_MAIN
