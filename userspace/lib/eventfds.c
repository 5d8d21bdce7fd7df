// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/eventfds.h"

int eventfds_give(int fd, const struct dbgport_info *info)
{
	int ret = 0;

	if (!(info->features & DBGPORT_F_EVENTFD))
		return 0;

	while (!ret) {
		const struct dbgport_give_eventfd give = { .fd = eventfd(0, EFD_CLOEXEC) };

		if (give.fd < 0)
			return -errno;
		ret = ioctl(fd, DBGPORT_GIVE_EVENTFD, &give) ? -errno : 0;
		close(give.fd);
	}
	return ret == -ENOSPC ? 0 : ret;
}
