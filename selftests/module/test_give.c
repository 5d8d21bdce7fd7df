// SPDX-License-Identifier: GPL-2.0
/* The eventfd that the backend "ioeventfd" is given. */
#include <errno.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

static int give(int fd, int event)
{
	struct dbgport_give_eventfd arg = { .fd = event };

	return ioctl(fd, DBGPORT_GIVE_EVENTFD, &arg) ? -errno : 0;
}

FIXTURE(give) {
	struct code code;
	struct guest *guest;
	unsigned int vm;
	int fd;
};

/* A VM that is to be claimed, and writes once each time it is run. */
FIXTURE_SETUP(give)
{
	unsigned int i;

	module_fresh("backend=ioeventfd claim=always");
	self->fd = open(DBGPORT_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, self->fd);
	for (i = 0; i < 4; i++) {
		code_out8(&self->code, 0x80, i);
		code_hlt(&self->code);
	}
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(self->fd);
}

FIXTURE_TEARDOWN(give)
{
	guest_free(self->guest);
	close(self->fd);
}

TEST_F(give, until_it_was_given_an_eventfd_nothing_is_claimed)
{
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0x80));
	EXPECT_EQ(0, reader_vm_flags(self->fd, self->vm));
	EXPECT_EQ(1, reader_written(self->fd, self->vm));

	reader_give_eventfd(self->fd);
	reader_await_claimed(self->fd, self->vm, true);
	guest_run(self->guest);
	EXPECT_EQ(1, guest_exits(self->guest, 0x80));
	EXPECT_EQ(2, reader_written(self->fd, self->vm));
}

TEST_F(give, what_is_no_eventfd_or_not_the_first_is_refused)
{
	int event = eventfd(0, EFD_CLOEXEC);
	struct dbgport_give_eventfd unknown = { .fd = event, .flags = 1 };

	EXPECT_EQ(-EBADF, give(self->fd, -1));
	EXPECT_EQ(-EINVAL, give(self->fd, self->fd));
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_GIVE_EVENTFD, (void *)8));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_GIVE_EVENTFD, &unknown));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(0, reader_vm_flags(self->fd, self->vm));
	EXPECT_EQ(0, give(self->fd, event));
	EXPECT_EQ(-EEXIST, give(self->fd, event));
	close(event);
	event = eventfd(0, EFD_CLOEXEC);
	EXPECT_EQ(-EEXIST, give(self->fd, event));
	close(event);
}

TEST_F(give, whoever_keeps_the_eventfd_changes_nothing)
{
	unsigned long long many = 0xfffffffffffffffe;
	int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	ASSERT_EQ(0, give(self->fd, event));
	reader_await_claimed(self->fd, self->vm, true);
	/* It cannot count any more. */
	ASSERT_EQ(sizeof(many), write(event, &many, sizeof(many)));
	EXPECT_EQ(0, reader_written(self->fd, self->vm));
	guest_run(self->guest);
	guest_run(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, 0x80));
	EXPECT_EQ(2, reader_written(self->fd, self->vm));
	close(event);
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
