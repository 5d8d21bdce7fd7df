// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "dbgportd/config/account.h"
#include "lib/number.h"

/* The one above stands for "none" in system calls. */
#define ID_MAX	4294967294U

static bool is_number(const char *text, __u32 *id)
{
	__u64 number;

	if (number_parse(text, NUMBER_DECIMAL, 0, ID_MAX, &number))
		return false;
	*id = number;
	return true;
}

/* Of a database that has none of that name, or could not be asked. */
static int not_found(const char *what, const char *name, int err, char *why, size_t size)
{
	if (err && err != ENOENT)
		snprintf(why, size, "%s '%s': %s", what, name, strerror(err));
	else
		snprintf(why, size, "there is no %s '%s'", what, name);
	return -1;
}

int account_user(const char *text, uid_t *uid, char *why, size_t size)
{
	const struct passwd *user;

	if (is_number(text, uid))
		return 0;
	errno = 0;
	user = *text ? getpwnam(text) : NULL;
	if (!user)
		return not_found("user", text, errno, why, size);
	*uid = user->pw_uid;
	return 0;
}

int account_group(const char *text, gid_t *gid, char *why, size_t size)
{
	const struct group *group;

	if (is_number(text, gid))
		return 0;
	errno = 0;
	group = *text ? getgrnam(text) : NULL;
	if (!group)
		return not_found("group", text, errno, why, size);
	*gid = group->gr_gid;
	return 0;
}
