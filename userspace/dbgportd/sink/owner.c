// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dbgportd/sink/owner.h"

struct owner owner_of(const struct sink_settings *set)
{
	/* Both are one more than the id, so that 0 gives chown(2)'s "as it is". */
	return (struct owner){ .uid = set->owner - 1, .gid = set->group - 1 };
}

static bool is_as_made(const struct owner *owner)
{
	return owner->uid == (uid_t)-1 && owner->gid == (gid_t)-1;
}

int owner_give(const struct owner *owner, int fd)
{
	return is_as_made(owner) ? 0 : fchown(fd, owner->uid, owner->gid);
}

int owner_give_path(const struct owner *owner, const char *path)
{
	return is_as_made(owner) ? 0 : lchown(path, owner->uid, owner->gid);
}

int owner_may_give(const struct owner *owner)
{
	int fd, err;

	if (is_as_made(owner))
		return 0;
	fd = memfd_create("owner", MFD_CLOEXEC);
	err = fd < 0 || owner_give(owner, fd) ? -errno : 0;
	if (fd >= 0)
		close(fd);
	return err;
}
