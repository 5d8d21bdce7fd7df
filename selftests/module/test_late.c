// SPDX-License-Identifier: GPL-2.0
/* VMs that were there before the module, and letting go of VMs. */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

FIXTURE(late) {
	struct code code;
	struct guest *guest;
	struct stream stream;
	unsigned int id;
	int fd;
};

FIXTURE_VARIANT(late) {
	const char *params;
};

FIXTURE_VARIANT_ADD(late, auto) { .params = "" };
FIXTURE_VARIANT_ADD(late, ioeventfd) { .params = "backend=ioeventfd" };

/* A VM that the module does not know, and a reader that claims. */
FIXTURE_SETUP(late)
{
	if (module_loaded())
		ASSERT_EQ(0, module_unload());
	code_out8(&self->code, 0xe9, 'A');
	code_hlt(&self->code);
	code_out8(&self->code, 0xe9, 'B');
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	module_fresh(variant->params);
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
}

FIXTURE_TEARDOWN(late)
{
	close(self->fd);
	guest_free(self->guest);
	stream_free(&self->stream);
}

static int attach(int reader, pid_t pid, int fd, unsigned int *id)
{
	struct dbgport_attach attach = { .pid = pid, .fd = fd };
	int ret = ioctl(reader, DBGPORT_ATTACH, &attach) ? -errno : 0;

	*id = attach.vm;
	return ret;
}

TEST_F(late, a_vm_that_was_there_first_is_not_attached_by_itself)
{
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));
	EXPECT_EQ(0, reader_next_vm(self->fd, 0));
}

TEST_F(late, it_is_attached_by_its_descriptor)
{
	struct dbgport_vm_info info;

	ASSERT_EQ(0, attach(self->fd, getpid(), guest_fd(self->guest), &self->id));
	guest_run(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));

	ASSERT_EQ(0, reader_vm_info(self->fd, self->id, &info));
	EXPECT_EQ(getpid(), info.pid);
	EXPECT_EQ(1, info.written);
	EXPECT_EQ(DBGPORT_VM_LATE | DBGPORT_VM_CLAIMED, info.flags);
}

TEST_F(late, it_is_attached_after_it_has_run)
{
	guest_run(self->guest);
	ASSERT_EQ(0, attach(self->fd, getpid(), guest_fd(self->guest), &self->id));
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));

	reader_drain(self->fd, &self->stream);
	ASSERT_NE(NULL, stream_write(&self->stream, self->id, 0));
	EXPECT_EQ('B', stream_write(&self->stream, self->id, 0)->value);
	EXPECT_EQ(NULL, stream_write(&self->stream, self->id, 1));
}

TEST_F(late, its_attached_record_says_that_it_came_late)
{
	ASSERT_EQ(0, attach(self->fd, getpid(), guest_fd(self->guest), &self->id));
	reader_drain(self->fd, &self->stream);
	ASSERT_EQ(1, self->stream.len);
	EXPECT_EQ(DBGPORT_ATTACHED, self->stream.rec[0].type);
	EXPECT_EQ(DBGPORT_LATE, self->stream.rec[0].flags);
}

TEST_F(late, process_0_is_the_caller)
{
	ASSERT_EQ(0, attach(self->fd, 0, guest_fd(self->guest), &self->id));
	EXPECT_NE(0, self->id);
}

TEST_F(late, it_is_attached_once)
{
	unsigned int again;

	ASSERT_EQ(0, attach(self->fd, 0, guest_fd(self->guest), &self->id));
	EXPECT_EQ(-EEXIST, attach(self->fd, 0, guest_fd(self->guest), &again));
	EXPECT_EQ(self->id, again);
	EXPECT_EQ(1, reader_info(self->fd).vms);
}

TEST_F(late, a_new_vm_is_attached_already)
{
	struct guest *guest = guest_new(1, &self->code);

	EXPECT_EQ(-EEXIST, attach(self->fd, 0, guest_fd(guest), &self->id));
	EXPECT_EQ(reader_my_vm(self->fd), self->id);
	guest_free(guest);
}

TEST_F(late, what_is_no_vm_is_refused)
{
	int kvm = open("/dev/kvm", O_RDWR);
	struct dbgport_attach attach_arg = { .fd = guest_fd(self->guest), .flags = 1 };

	EXPECT_EQ(-EBADF, attach(self->fd, 0, 9999, &self->id));
	EXPECT_EQ(-EBADF, attach(self->fd, 0, -1, &self->id));
	EXPECT_EQ(-EINVAL, attach(self->fd, 0, kvm, &self->id));
	EXPECT_EQ(-EINVAL, attach(self->fd, 0, self->fd, &self->id));
	EXPECT_EQ(-ESRCH, attach(self->fd, 0x3fffffff, 3, &self->id));
	EXPECT_EQ(-ESRCH, attach(self->fd, -1, 3, &self->id));
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_ATTACH, &attach_arg));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_ATTACH, (void *)8));
	EXPECT_EQ(EFAULT, errno);
	close(kvm);
}

TEST_F(late, another_users_vm_is_refused)
{
	pid_t vmm = getpid();
	int status;

	if (fork() == 0) {
		unsigned int id;
		int fd, ret;

		if (chmod(DBGPORT_DEVICE, 0666) || setresuid(65534, 65534, 65534))
			_exit(100);
		fd = open(DBGPORT_DEVICE, O_RDONLY);
		ret = attach(fd, vmm, guest_fd(self->guest), &id);
		_exit(fd < 0 ? 101 : -ret);
	}
	wait(&status);
	EXPECT_EQ(EPERM, WEXITSTATUS(status));
	EXPECT_EQ(0, reader_info(self->fd).vms);
}

TEST_F(late, a_vm_is_not_attached_for_a_process_that_only_holds_it)
{
	int leave[2], status;
	pid_t child;

	ASSERT_EQ(0, pipe(leave));
	child = fork();
	if (child == 0) {
		char byte;

		close(leave[1]);
		_exit(read(leave[0], &byte, 1));
	}
	close(leave[0]);
	EXPECT_EQ(-EIO, attach(self->fd, child, guest_fd(self->guest), &self->id));
	EXPECT_EQ(0, reader_next_vm(self->fd, 0));
	EXPECT_EQ(0, attach(self->fd, getpid(), guest_fd(self->guest), &self->id));
	close(leave[1]);
	waitpid(child, &status, 0);
}

TEST_F(late, it_ends_like_any_other)
{
	ASSERT_EQ(0, attach(self->fd, 0, guest_fd(self->guest), &self->id));
	guest_free(self->guest);
	self->guest = NULL;
	reader_until(self->fd, &self->stream, self->id, DBGPORT_GONE);
	EXPECT_EQ(0, self->stream.rec[self->stream.len - 1].flags);
	EXPECT_EQ(0, reader_info(self->fd).vms);
}

TEST_F(late, a_detached_vm_goes_on_with_its_vmm)
{
	ASSERT_EQ(0, attach(self->fd, 0, guest_fd(self->guest), &self->id));
	guest_run(self->guest);
	ASSERT_EQ(0, reader_detach(self->fd, self->id));
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));

	reader_until(self->fd, &self->stream, self->id, DBGPORT_GONE);
	EXPECT_EQ(DBGPORT_DETACHED, self->stream.rec[self->stream.len - 1].flags);
	EXPECT_EQ(1, self->stream.rec[self->stream.len - 1].seq);
	EXPECT_EQ(NULL, stream_fault(&self->stream, self->id));
}

TEST_F(late, a_detached_vm_is_attached_again_as_another)
{
	unsigned int again;

	ASSERT_EQ(0, attach(self->fd, 0, guest_fd(self->guest), &self->id));
	ASSERT_EQ(0, reader_detach(self->fd, self->id));
	ASSERT_EQ(0, attach(self->fd, 0, guest_fd(self->guest), &again));
	EXPECT_LT(self->id, again);
	guest_run(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
}

TEST_F(late, a_vm_is_detached_once)
{
	ASSERT_EQ(0, attach(self->fd, 0, guest_fd(self->guest), &self->id));
	ASSERT_EQ(0, reader_detach(self->fd, self->id));
	EXPECT_EQ(-ENOENT, reader_detach(self->fd, self->id));
	EXPECT_EQ(-ENOENT, reader_detach(self->fd, 12345));
}

TEST_F(late, a_vm_is_detached_and_attached_while_four_vcpus_flood)
{
	struct code code = {};
	struct guest *guest;
	unsigned int id;

	code_count8(&code, 0xe9, 0);
	guest = guest_new(4, &code);
	id = reader_my_vm(self->fd);
	guest_start(guest);
	for (int i = 0; i < 20; i++) {
		unsigned long exits = guest_exits(guest, 0xe9);

		ASSERT_EQ(0, reader_detach(self->fd, id));
		while (guest_exits(guest, 0xe9) == exits)
			usleep(1000);
		ASSERT_EQ(0, attach(self->fd, 0, guest_fd(guest), &id));
	}
	guest_stop(guest);
	guest_free(guest);
}

TEST_HARNESS_MAIN
