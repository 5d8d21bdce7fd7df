// SPDX-License-Identifier: GPL-2.0
/* The source of records by itself, on a device of the test's own. */
#include <errno.h>
#include <stdarg.h>
#include <sys/uio.h>

#include "lib/harness.h"

#include "daemon/drive.h"
#include "dbgportd/source/source.h"
#include "lib/asker.h"

/* What reading ends with: 0, or an errno. */
static int read_error;

/* In place of libc's, also for the daemon's parts: a module without VMs. */
int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	(void)fd;
	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	switch (request) {
	case DBGPORT_GET_INFO:
		*(struct dbgport_info *)arg = (struct dbgport_info){
			.abi = DBGPORT_ABI, .record_size = sizeof(struct dbgport_record),
		};
		return 0;
	case DBGPORT_SUBSCRIBE:
		return 0;
	case DBGPORT_NEXT_VM:
		errno = ENOENT;
		return -1;
	}
	errno = ENOTTY;
	return -1;
}

ssize_t preadv2(int fd, const struct iovec *iov, int count, off_t offset, int flags)
{
	(void)fd;
	(void)iov;
	(void)count;
	(void)offset;
	(void)flags;
	errno = read_error;
	return -1;
}

/* All that is there is read once. */
static bool read_once(int error)
{
	char why[512];

	drive_without_log();
	read_error = error;
	if (asker_start("/dev/null") || loop_init(ENGINE))
		return false;
	source_set_limits(true, 0, false);
	if (source_open("/dev/null", why, sizeof(why)))
		return false;
	source_start();
	source_go_on();
	return source_is_over();
}

TEST(once_ends_when_there_is_nothing_more)
{
	ASSERT_TRUE(read_once(EAGAIN));
	EXPECT_FALSE(source_has_failed());
}

TEST(once_has_failed_if_reading_has)
{
	ASSERT_TRUE(read_once(EIO));
	EXPECT_TRUE(source_has_failed());
}

TEST_HARNESS_MAIN
