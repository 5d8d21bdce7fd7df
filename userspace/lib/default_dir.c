// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/default_dir.h"

const char *default_run_dir(void)
{
	const char *base = getenv("XDG_RUNTIME_DIR");
	static char dir[PATH_MAX];

	if (!geteuid())
		return ROOT_RUN_DIR;
	if (!base || !*base)
		return NULL;
	snprintf(dir, sizeof(dir), "%s/dbgport", base);
	return dir;
}
