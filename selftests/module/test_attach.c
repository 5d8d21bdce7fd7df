// SPDX-License-Identifier: GPL-2.0
/* Every new VM is attached before its first instruction, by nobody's help. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

FIXTURE(attach) {
	struct code code;
	struct stream stream;
};

FIXTURE_SETUP(attach)
{
	module_fresh("");
	code_out8(&self->code, 0x80, 0x42);
	code_hlt(&self->code);
}

FIXTURE_TEARDOWN(attach)
{
	stream_free(&self->stream);
}

TEST_F(attach, first_instruction_is_claimed)
{
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);
	struct guest *guest = guest_new(1, &self->code);
	unsigned int vm = reader_my_vm(fd);
	const struct dbgport_record *rec;

	guest_run(guest);
	EXPECT_EQ(0, guest_exits(guest, 0x80));
	reader_drain(fd, &self->stream);
	rec = stream_write(&self->stream, vm, 0);
	ASSERT_NE(NULL, rec);
	EXPECT_EQ(0x80, rec->port);
	EXPECT_EQ(0x42, rec->value);
	EXPECT_EQ(DBGPORT_CLAIMED, rec->flags);
	EXPECT_EQ(0, rec->seq);
	guest_free(guest);
}

TEST_F(attach, first_instruction_is_recorded_with_no_reader_at_all)
{
	struct guest *guest = guest_new(1, &self->code);
	const struct dbgport_record *rec;
	unsigned int vm;
	int fd;

	guest_run(guest);
	EXPECT_EQ(1, guest_exits(guest, 0x80));
	fd = reader_open(0, 0);
	vm = reader_my_vm(fd);
	reader_drain(fd, &self->stream);
	rec = stream_write(&self->stream, vm, 0);
	ASSERT_NE(NULL, rec);
	EXPECT_EQ(0x42, rec->value);
	EXPECT_EQ(0, rec->flags);
	guest_free(guest);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (write(fd, text, strlen(text)) < 0)
		err(1, "%s", path);
	close(fd);
}

/* A VM is made while a file, which holds 1, holds 0. */
static struct guest *guest_new_while_off(const char *path, const struct code *code)
{
	struct guest *guest;

	write_file(path, "0");
	guest = guest_new(1, code);
	write_file(path, "1");
	return guest;
}

/* Since 7.3 that of functions is there, but cannot be switched off any more. */
static bool is_a_switch(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool is_none = write(fd, "0", 1) < 0 && errno == EOPNOTSUPP;

	close(fd);
	if (!is_none)
		write_file(path, "1");
	return !is_none;
}

FIXTURE(probes) {
	struct code code;
	struct guest *guest;
	int fd;
};

/* What switches off all of the kernel's probes, or most of them. */
FIXTURE_VARIANT(probes) {
	const char *path;
};

FIXTURE_VARIANT_ADD(probes, all) { .path = "/sys/kernel/debug/kprobes/enabled" };
FIXTURE_VARIANT_ADD(probes, of_functions) { .path = "/proc/sys/kernel/ftrace_enabled" };

FIXTURE_SETUP(probes)
{
	module_fresh("");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	if (reader_info(self->fd).features & DBGPORT_F_EVENTFD)
		SKIP(return, "this kernel has the backend ioeventfd only");
	if (!is_a_switch(variant->path))
		SKIP(return, "this kernel does not let %s be switched off", variant->path);
	code_out8(&self->code, 0x80, 0x42);
	code_hlt(&self->code);
}

FIXTURE_TEARDOWN(probes)
{
	guest_free(self->guest);
	close(self->fd);
}

TEST_F(probes, that_are_switched_off_let_no_first_instruction_pass)
{
	self->guest = guest_new_while_off(variant->path, &self->code);
	guest_run(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, 0x80));
	EXPECT_EQ(1, reader_written(self->fd, reader_my_vm(self->fd)));
}

TEST_F(probes, that_are_switched_off_are_told_of)
{
	klog_start();
	self->guest = guest_new_while_off(variant->path, &self->code);
	EXPECT_TRUE(klog_has("probes are switched off"));
}

TEST_F(attach, first_read_is_answered)
{
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);
	struct code code = { 0 };
	struct guest *guest;

	/* SeaBIOS is silent for good if this one does not find the port. */
	code_in(&code, 0x402, 1, 0x8000);
	code_hlt(&code);
	guest = guest_new(1, &code);
	guest_run(guest);
	EXPECT_EQ(0, guest_exits(guest, 0x402));
	EXPECT_EQ(0xe9, guest_read32(guest, 0x8000));
	guest_free(guest);
	close(fd);
}

TEST_F(attach, one_vm_is_attached_once_whatever_its_number_of_vcpus)
{
	struct guest *guest = guest_new(4, &self->code);
	int fd = reader_open(0, 0);
	unsigned int vm = reader_my_vm(fd);

	EXPECT_EQ(1, reader_info(fd).vms);
	guest_run(guest);
	reader_drain(fd, &self->stream);
	EXPECT_EQ(1, stream_count(&self->stream, vm, DBGPORT_ATTACHED));
	EXPECT_EQ(4, stream_count(&self->stream, vm, DBGPORT_WRITE));
	EXPECT_EQ(5, self->stream.len);
	guest_free(guest);
}

TEST_F(attach, the_first_vcpu_need_not_have_id_0)
{
	static const unsigned int ids[] = { 3, 1, 0 };
	struct guest *guest = guest_new_ids(3, ids, &self->code);
	int fd = reader_open(0, 0);
	unsigned int vm = reader_my_vm(fd);
	unsigned int i, seen = 0;

	EXPECT_EQ(1, reader_info(fd).vms);
	guest_run(guest);
	reader_drain(fd, &self->stream);
	for (i = 0; i < 3; i++) {
		ASSERT_NE(NULL, stream_write(&self->stream, vm, i));
		seen |= 1 << stream_write(&self->stream, vm, i)->vcpu;
	}
	EXPECT_EQ(0xb, seen);
	guest_free(guest);
}

TEST_F(attach, vms_living_at_once_are_told_apart)
{
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);
	struct guest *guest[8];
	unsigned int vm[8];
	int i;

	for (i = 0; i < 8; i++) {
		struct code code = { 0 };

		code_out8(&code, 0x80, i);
		code_hlt(&code);
		guest[i] = guest_new(1, &code);
		vm[i] = reader_my_vm(fd);
	}
	EXPECT_EQ(8, reader_info(fd).vms);
	for (i = 0; i < 8; i++)
		guest_start(guest[i]);
	for (i = 0; i < 8; i++)
		guest_wait(guest[i]);
	reader_drain(fd, &self->stream);
	for (i = 0; i < 8; i++) {
		ASSERT_EQ(1, stream_count(&self->stream, vm[i], DBGPORT_WRITE));
		EXPECT_EQ(i, stream_write(&self->stream, vm[i], 0)->value);
		guest_free(guest[i]);
	}
	EXPECT_EQ(0, reader_info(fd).vms);
}

TEST_F(attach, a_vm_id_is_never_used_twice)
{
	int fd = reader_open(0, 0);
	unsigned int last = 0, vm;
	int i;

	for (i = 0; i < 10; i++) {
		struct guest *guest = guest_new(1, &self->code);

		vm = reader_my_vm(fd);
		EXPECT_LT(last, vm);
		last = vm;
		guest_free(guest);
	}
}

TEST_F(attach, vms_of_different_vmms_are_told_apart)
{
	int fd = reader_open(0, 0);
	struct dbgport_vm_info info;
	struct guest *guest = guest_new(1, &self->code);
	unsigned int mine = reader_my_vm(fd), theirs;
	int ready[2], done[2];
	char byte = 0;
	pid_t child;

	ASSERT_EQ(0, pipe(ready));
	ASSERT_EQ(0, pipe(done));
	child = fork();
	if (child == 0) {
		guest_new(1, &self->code);
		if (write(ready[1], &byte, 1) != 1 || read(done[0], &byte, 1))
			_exit(1);
		_exit(0);
	}
	close(done[0]);
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	theirs = reader_next_vm(fd, mine);
	ASSERT_NE(0, theirs);
	ASSERT_EQ(0, reader_vm_info(fd, theirs, &info));
	EXPECT_EQ(child, info.pid);
	ASSERT_EQ(0, reader_vm_info(fd, mine, &info));
	EXPECT_EQ(getpid(), info.pid);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	guest_free(guest);
}

/* Somebody who tries all of this process's descriptors, again and again. */
static atomic_bool grab_stop;

static void *grab(void *arg)
{
	struct dbgport_attach attach = { 0 };

	while (!grab_stop) {
		attach.fd = (attach.fd + 1) % 32;
		ioctl(*(int *)arg, DBGPORT_ATTACH, &attach);
	}
	return NULL;
}

/* Before its first vCPU, while that is made, or by it: each is in time. */
TEST_F(attach, first_instruction_is_claimed_whoever_attaches_the_vm)
{
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);
	int other = reader_open(0, 0);
	struct dbgport_vm_info info;
	pthread_t thread;
	int i;

	ASSERT_EQ(0, pthread_create(&thread, NULL, grab, &other));
	for (i = 0; i < 50; i++) {
		struct guest *guest = guest_new(1, &self->code);

		guest_run(guest);
		ASSERT_EQ(0, guest_exits(guest, 0x80));
		ASSERT_EQ(0, reader_vm_info(fd, reader_my_vm(fd), &info));
		ASSERT_EQ(1, info.written);
		guest_free(guest);
	}
	grab_stop = true;
	pthread_join(thread, NULL);
	close(other);
	close(fd);
}

TEST_F(attach, a_vm_without_vcpus_leaves_no_trace)
{
	int fd = reader_open(0, 0);
	int kvm = open("/dev/kvm", O_RDWR);
	int vm = ioctl(kvm, _IO(0xae, 0x01), 0);	/* KVM_CREATE_VM */

	ASSERT_LE(0, vm);
	close(vm);
	close(kvm);
	EXPECT_EQ(0, reader_info(fd).vms);
	reader_drain(fd, &self->stream);
	EXPECT_EQ(0, self->stream.len);
}

TEST_HARNESS_MAIN
