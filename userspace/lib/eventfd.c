// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib/eventfd.h"
#include "libdbgport/libdbgport.h"

int eventfd_give(int fd, const struct dbgport_info *info)
{
	int given, ret;

	if (!(info->features & DBGPORT_F_EVENTFD))
		return 0;

	given = eventfd(0, EFD_CLOEXEC);
	if (given < 0)
		return -errno;
	ret = dbgport_give_eventfd(fd, given);
	close(given);
	return ret == -EEXIST ? 0 : ret;
}
