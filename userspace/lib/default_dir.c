// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/default_dir.h"

/* @root's, or below what @variable says, or below @other in the home directory. */
static const char *default_dir(char *dir, size_t size, const char *root, const char *variable,
			       const char *other)
{
	const char *base = getenv(variable);
	const char *home = getenv("HOME");

	if (!geteuid())
		return root;
	if (base && *base)
		snprintf(dir, size, "%s/dbgport", base);
	else if (other && home && *home)
		snprintf(dir, size, "%s/%s/dbgport", home, other);
	else
		return NULL;
	return dir;
}

const char *default_run_dir(void)
{
	static char dir[PATH_MAX];

	return default_dir(dir, sizeof(dir), ROOT_RUN_DIR, "XDG_RUNTIME_DIR", NULL);
}

const char *default_state_dir(void)
{
	static char dir[PATH_MAX];

	return default_dir(dir, sizeof(dir), "/var/lib/dbgport", "XDG_STATE_HOME",
			   ".local/state");
}
