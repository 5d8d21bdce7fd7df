// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/default_dir.h"

/* Where logind makes a directory for each user who is logged in. */
#define LOGIN_DIRS	"/run/user"

/* Where a login has its own. */
static bool find_base(char *base, size_t size)
{
	const char *xdg = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	if (xdg && *xdg) {
		snprintf(base, size, "%s", xdg);
		return true;
	}
	/* sudo -u USER takes the variable away. */
	snprintf(base, size, LOGIN_DIRS "/%u", geteuid());
	return !lstat(base, &st) && S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

const char *default_run_dir(void)
{
	const char *given = getenv("RUNTIME_DIRECTORY");
	static char dir[PATH_MAX];
	char base[PATH_MAX - sizeof("/dbgport")];

	/* Of a service manager's list the first one is ours. */
	if (given && *given) {
		snprintf(dir, sizeof(dir), "%.*s", (int)strcspn(given, ":"), given);
		return dir;
	}
	if (!geteuid())
		return ROOT_RUN_DIR;
	if (!find_base(base, sizeof(base)))
		return NULL;
	snprintf(dir, sizeof(dir), "%s/dbgport", base);
	return dir;
}
