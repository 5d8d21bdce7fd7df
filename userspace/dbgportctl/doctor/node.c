// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "dbgportctl/cli/command.h"
#include "dbgportctl/doctor/checks.h"
#include "dbgportctl/doctor/finding.h"
#include "lib/device.h"

#define GROUP	"kvm"

/* Whether the process is in the group; its number, -1: there is no such group. */
static bool is_in_group(const char *name, long *gid)
{
	const struct group *group = getgrnam(name);
	gid_t groups[1024];
	int n = getgroups(1024, groups);

	*gid = group ? (long)group->gr_gid : -1;
	for (int i = 0; group && i < n; i++) {
		if (groups[i] == group->gr_gid)
			return true;
	}
	return group && getegid() == group->gr_gid;
}

/* Whether the node is that of the device. */
static bool is_right_node(const struct stat *st)
{
	unsigned int major, minor;
	char line[32];

	if (!read_line(line, sizeof(line), "/sys/class/misc/dbgport/dev") ||
	    sscanf(line, "%u:%u", &major, &minor) != 2)
		return true;
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(major, minor);
}

static void check_access(const struct stat *st)
{
	bool member;
	long gid;

	member = is_in_group(GROUP, &gid);
	if (gid < 0)
		finding(WRONG, "group", "groupadd --system " GROUP, "there is no group " GROUP);
	else if (st->st_gid != gid || (st->st_mode & 0777) != 0660)
		finding(NOTE, "node", "udevadm trigger /dev/dbgport; make install brings the rule",
			"it has mode %04o and group %u, not 0660 and " GROUP, st->st_mode & 0777,
			st->st_gid);
	if (geteuid() && !member && gid >= 0)
		finding(NOTE, "group", "usermod -aG " GROUP " $USER, and log in again",
			"you are not in group " GROUP);
}

int doctor_node(struct dbgport_info *module)
{
	struct stat st;
	char why[512];
	int fd;

	if (stat(device_path, &st)) {
		finding(WRONG, "node", "udevadm trigger /sys/class/misc/dbgport", "%s: %s",
			device_path, strerror(errno));
		return -1;
	}
	if (!is_right_node(&st)) {
		finding(WRONG, "node", "remove it, then udevadm trigger /sys/class/misc/dbgport",
			"%s is not the module's device", device_path);
		return -1;
	}
	check_access(&st);
	fd = device_open(device_path, module, why, sizeof(why));
	if (fd < 0)
		finding(WRONG, "node", NULL, "%s", why);
	else
		finding(GOOD, "node", NULL, "%s opens; ABI %u, features %s", device_path,
			module->abi, device_features(module));
	return fd;
}
