// SPDX-License-Identifier: GPL-2.0
/* A VM's name: told once, and kept. */
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "user.h"
#include "harness.h"

#define UID	40001

FIXTURE(name) {
	struct code code;
	struct guest *guest;
	struct dbgport_vm_info info;
	unsigned int vm;
	int fd;
};

FIXTURE_SETUP(name)
{
	module_fresh("");
	self->fd = reader_open(0, 0);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(self->fd);
}

FIXTURE_TEARDOWN(name)
{
	guest_free(self->guest);
}

/* The first @len bytes at @text, and 0 behind; 0 or -errno. */
static int set_bytes(int fd, unsigned int vm, const char *text, size_t len)
{
	struct dbgport_set_name set = { .vm = vm };

	memcpy(set.name, text, len);
	return ioctl(fd, DBGPORT_SET_NAME, &set) ? -errno : 0;
}

static int set(int fd, unsigned int vm, const char *text)
{
	return set_bytes(fd, vm, text, strlen(text));
}

TEST_F(name, of_a_vm_is_empty_until_it_is_told)
{
	static const char none[DBGPORT_NAME_LEN];

	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &self->info));
	EXPECT_EQ(0, memcmp(none, self->info.name, sizeof(none)));
	EXPECT_EQ(0, set(self->fd, self->vm, "web"));
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &self->info));
	EXPECT_STREQ("web", self->info.name);
}

TEST_F(name, of_a_vm_is_told_once)
{
	int other = reader_open(0, 0);

	EXPECT_EQ(0, set(self->fd, self->vm, "web"));
	EXPECT_EQ(-EEXIST, set(self->fd, self->vm, "db"));
	EXPECT_EQ(-EEXIST, set(other, self->vm, "web"));
	ASSERT_EQ(0, reader_vm_info(other, self->vm, &self->info));
	EXPECT_STREQ("web", self->info.name);
	close(other);
}

TEST_F(name, of_a_vm_stays_when_that_has_ended)
{
	unsigned int nameless;

	EXPECT_EQ(0, set(self->fd, self->vm, "数据库 1"));
	guest_free(self->guest);
	self->guest = guest_new(1, &self->code);
	nameless = reader_my_vm(self->fd);
	guest_free(self->guest);
	self->guest = NULL;
	close(self->fd);
	self->fd = reader_open(0, 0);
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &self->info));
	EXPECT_TRUE(self->info.flags & DBGPORT_VM_GONE);
	EXPECT_STREQ("数据库 1", self->info.name);

	/* Whom its process's id belongs to now is not known. */
	EXPECT_EQ(-ENOENT, set(self->fd, nameless, "web"));
	EXPECT_EQ(-EEXIST, set(self->fd, self->vm, "web"));
}

TEST_F(name, is_text)
{
	static const char *const bad[] = {
		"", "\n", "web\r", "\033[2J", "a\x7f", "\xc2\x85", "\xc2\x9bJ",
		"\xff", "\x80", "a\xc3", "\xc3(", "\xe2\x82", "\xf0\x9f\x98",
		/* Overlong, surrogates, beyond the last. */
		"\xc0\x80", "\xc1\xbf", "\xe0\x80\x8a", "\xe0\x9f\xbf", "\xf0\x80\x80\x8a",
		"\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
	};
	static const char *const good[] = {
		"a", "Windows Server 2019", "../../etc/passwd", "é", "€", "😀", "\xc2\xa0",
		"\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf", "a\xc2\xa0z",
	};
	char longest[DBGPORT_NAME_LEN];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, set(self->fd, self->vm, bad[i])) {
			TH_LOG("%zu", i);
		}
	}
	memset(longest, 'x', sizeof(longest));
	EXPECT_EQ(-EINVAL, set_bytes(self->fd, self->vm, longest, sizeof(longest)));
	EXPECT_EQ(-EINVAL, set_bytes(self->fd, self->vm, "a\0b", 3));
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &self->info));
	EXPECT_STREQ("", self->info.name);
	EXPECT_EQ(0, set_bytes(self->fd, self->vm, longest, sizeof(longest) - 1));
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		guest_free(self->guest);
		self->guest = guest_new(1, &self->code);
		self->vm = reader_my_vm(self->fd);
		EXPECT_EQ(0, set(self->fd, self->vm, good[i])) {
			TH_LOG("%zu", i);
		}
		ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &self->info));
		EXPECT_STREQ(good[i], self->info.name);
	}
}

TEST_F(name, is_for_those_to_tell_who_see_the_vm)
{
	int status;

	EXPECT_EQ(-ENOENT, set(self->fd, self->vm + 1, "web"));
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_SET_NAME, (void *)8));
	EXPECT_EQ(EFAULT, errno);
	ASSERT_EQ(0, chmod(DBGPORT_DEVICE, 0666));
	if (fork() == 0) {
		become(UID, -1);
		_exit(-set(reader_open(0, 0), self->vm, "hers"));
	}
	wait(&status);
	EXPECT_TRUE(WIFEXITED(status));
	EXPECT_EQ(EPERM, WEXITSTATUS(status));
	ASSERT_EQ(0, reader_vm_info(self->fd, self->vm, &self->info));
	EXPECT_STREQ("", self->info.name);
}

TEST_HARNESS_MAIN
