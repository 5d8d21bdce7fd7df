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

/* Of a service manager's list the first one is ours. */
static bool find_given(char *dir, size_t size, const char *name)
{
	const char *given = getenv(name);

	if (!given || !*given)
		return false;
	snprintf(dir, size, "%.*s", (int)strcspn(given, ":"), given);
	return true;
}

const char *default_run_dir(void)
{
	static char dir[PATH_MAX];
	char base[PATH_MAX - sizeof("/dbgport")];

	if (find_given(dir, sizeof(dir), "RUNTIME_DIRECTORY"))
		return dir;
	if (!geteuid())
		return ROOT_RUN_DIR;
	if (!find_base(base, sizeof(base)))
		return NULL;
	snprintf(dir, sizeof(dir), "%s/dbgport", base);
	return dir;
}

const char *default_state_dir(void)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	static char dir[PATH_MAX];

	if (find_given(dir, sizeof(dir), "STATE_DIRECTORY"))
		return dir;
	if (!geteuid())
		return ROOT_STATE_DIR;
	if (xdg && *xdg)
		snprintf(dir, sizeof(dir), "%s/dbgport", xdg);
	else if (home && *home)
		snprintf(dir, sizeof(dir), "%s/.local/state/dbgport", home);
	else
		return NULL;
	return dir;
}
