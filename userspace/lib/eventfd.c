// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/eventfd.h"

int eventfd_give(int fd, const struct dbgport_info *info)
{
	struct dbgport_give_eventfd give = { 0 };
	int ret;

	if (!(info->features & DBGPORT_F_EVENTFD))
		return 0;

	give.fd = eventfd(0, EFD_CLOEXEC);
	if (give.fd < 0)
		return -errno;
	ret = ioctl(fd, DBGPORT_GIVE_EVENTFD, &give) ? -errno : 0;
	close(give.fd);
	return ret == -EEXIST ? 0 : ret;
}
