// SPDX-License-Identifier: GPL-2.0
/* That a VM goes on from a snapshot: told by who knows, and kept. */
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "user.h"
#include "harness.h"

#define UID	40001

FIXTURE(restored) {
	struct code code;
	struct guest *guest;
	unsigned int vm;
	int fd;
};

FIXTURE_SETUP(restored)
{
	module_fresh("");
	self->fd = reader_open(0, 0);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(self->fd);
}

FIXTURE_TEARDOWN(restored)
{
	guest_free(self->guest);
}

/* 0 or -errno. */
static int set(int fd, unsigned int vm)
{
	const struct dbgport_set_restored set = { .vm = vm };

	return ioctl(fd, DBGPORT_SET_RESTORED, &set) ? -errno : 0;
}

static bool is_restored(int fd, unsigned int vm)
{
	return reader_vm_flags(fd, vm) & DBGPORT_VM_RESTORED;
}

TEST_F(restored, is_a_vm_of_which_that_was_told)
{
	int other = reader_open(0, 0);

	EXPECT_FALSE(is_restored(other, self->vm));
	EXPECT_EQ(0, set(self->fd, self->vm));
	EXPECT_TRUE(is_restored(other, self->vm));
	EXPECT_EQ(0, set(other, self->vm));
	EXPECT_TRUE(is_restored(self->fd, self->vm));
	close(other);
}

TEST_F(restored, is_kept_when_it_has_ended)
{
	unsigned int other;

	EXPECT_EQ(0, set(self->fd, self->vm));
	guest_free(self->guest);
	self->guest = guest_new(1, &self->code);
	other = reader_my_vm(self->fd);
	guest_free(self->guest);
	self->guest = NULL;
	EXPECT_TRUE(is_restored(self->fd, self->vm));

	/* Who would tell it now may mean another one. */
	EXPECT_EQ(-ENOENT, set(self->fd, other));
	EXPECT_FALSE(is_restored(self->fd, other));
}

TEST_F(restored, is_for_those_to_tell_who_see_the_vm)
{
	int status;

	EXPECT_EQ(-ENOENT, set(self->fd, self->vm + 1));
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_SET_RESTORED, (void *)8));
	EXPECT_EQ(EFAULT, errno);
	ASSERT_EQ(0, chmod(DBGPORT_DEVICE, 0666));
	if (fork() == 0) {
		become(UID, -1);
		_exit(-set(reader_open(0, 0), self->vm));
	}
	wait(&status);
	EXPECT_TRUE(WIFEXITED(status));
	EXPECT_EQ(EPERM, WEXITSTATUS(status));
	EXPECT_FALSE(is_restored(self->fd, self->vm));
}

TEST_HARNESS_MAIN
