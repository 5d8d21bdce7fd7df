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
		__s32 event = eventfd(0, EFD_CLOEXEC);

		if (event < 0)
			return -errno;
		ret = ioctl(fd, DBGPORT_GIVE_EVENTFD, &event) ? -errno : 0;
		close(event);
	}
	return ret == -ENOSPC ? 0 : ret;
}
