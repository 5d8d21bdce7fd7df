// SPDX-License-Identifier: GPL-2.0
/* What a service manager hears, on a socket of the test's own. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "daemon/scratch.h"
#include "dbgportd/service/notify.h"

FIXTURE(notify)
{
	struct scratch scratch;
	int fd;
};

static int manager(const char *name, size_t len)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	memcpy(at.sun_path, name, len);
	if (fd < 0 || bind(fd, (void *)&at, offsetof(struct sockaddr_un, sun_path) + len))
		abort();
	return fd;
}

FIXTURE_SETUP(notify)
{
	const char *path;

	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	scratch_make(&self->scratch);
	path = scratch_path(&self->scratch, "notify");
	self->fd = manager(path, strlen(path));
	setenv("NOTIFY_SOCKET", path, 1);
	ASSERT_EQ(0, loop_init(ENGINE));
}

FIXTURE_TEARDOWN(notify)
{
	scratch_remove(&self->scratch);
}

static const char *heard(int fd)
{
	static char text[4096];
	ssize_t n = recv(fd, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

TEST_F(notify, tells_the_beginning_and_the_end)
{
	notify_start();
	EXPECT_STREQ("READY=1", heard(self->fd));
	notify_stopping();
	EXPECT_STREQ("STOPPING=1", heard(self->fd));
	EXPECT_STREQ("", heard(self->fd));
}

TEST_F(notify, tells_when_it_began_to_reload)
{
	static const char begin[] = "RELOADING=1\nMONOTONIC_USEC=";
	unsigned long long usec;
	const char *text;

	notify_reloading();
	text = heard(self->fd);
	ASSERT_EQ(0, strncmp(begin, text, strlen(begin)));
	usec = strtoull(text + strlen(begin), NULL, 10);
	EXPECT_GE(drive_clock(), usec / 1000);
	EXPECT_LE(drive_clock() - 1000, usec / 1000);
	notify_ready();
	EXPECT_STREQ("READY=1", heard(self->fd));
}

TEST_F(notify, tells_how_things_are)
{
	notify_status("%d VMs", 3);
	EXPECT_STREQ("STATUS=3 VMs", heard(self->fd));
}

TEST_F(notify, speaks_to_abstract_sockets)
{
	int fd = manager("\0dbgport-test-notify", 20);

	setenv("NOTIFY_SOCKET", "@dbgport-test-notify", 1);
	notify_ready();
	EXPECT_STREQ("READY=1", heard(fd));
}

TEST_F(notify, is_silent_where_nobody_asked)
{
	scratch_catch(&self->scratch);
	unsetenv("NOTIFY_SOCKET");
	notify_start();
	notify_stopping();
	setenv("NOTIFY_SOCKET", "", 1);
	notify_ready();
	setenv("NOTIFY_SOCKET", "relative", 1);
	notify_ready();
	EXPECT_STREQ("", heard(self->fd));
	EXPECT_STREQ("", scratch_said(&self->scratch));
}

TEST_F(notify, feeds_the_watchdog_from_the_loop)
{
	__u64 begin;
	int fed = 0;

	setenv("WATCHDOG_USEC", "200000", 1);
	notify_start();
	EXPECT_STREQ("READY=1", heard(self->fd));
	begin = drive_clock();
	EXPECT_TRUE(drive_until(!strcmp("WATCHDOG=1", heard(self->fd)) && ++fed == 3));
	EXPECT_LE(290, drive_clock() - begin);
	/* Who does not turn the loop feeds nobody. */
	usleep(300000);
	EXPECT_STREQ("", heard(self->fd));
	notify_stopping();
	EXPECT_STREQ("STOPPING=1", heard(self->fd));
	drive_for(250);
	EXPECT_STREQ("", heard(self->fd));
}

/* Whoever opens all that it may must not be killed for that. */
TEST_F(notify, feeds_the_watchdog_with_no_descriptor_left)
{
	struct rlimit none = { 0, 0 }, was;

	setenv("WATCHDOG_USEC", "20000", 1);
	notify_start();
	EXPECT_STREQ("READY=1", heard(self->fd));
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &was));
	none.rlim_max = was.rlim_max;
	none.rlim_cur = dup(self->fd);
	close(none.rlim_cur);
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	ASSERT_EQ(-1, dup(self->fd));
	EXPECT_TRUE(drive_until(!strcmp("WATCHDOG=1", heard(self->fd))));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &was));
	notify_stopping();
}

TEST_F(notify, leaves_the_watchdog_of_another_process_alone)
{
	setenv("WATCHDOG_USEC", "20000", 1);
	setenv("WATCHDOG_PID", "1", 1);
	notify_start();
	EXPECT_STREQ("READY=1", heard(self->fd));
	drive_for(50);
	EXPECT_STREQ("", heard(self->fd));
}

/* It takes nothing any more, as when it hangs; nobody waits for it. */
TEST_F(notify, does_not_wait_for_a_stuck_manager)
{
	__u64 begin = drive_clock();

	scratch_catch(&self->scratch);
	for (int i = 0; i < 10000; i++)
		notify_ready();
	EXPECT_GT(5000, drive_clock() - begin);
	EXPECT_NE(NULL, strstr(scratch_said(&self->scratch), "service manager: "));
}

TEST_HARNESS_MAIN
