// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/cli/colour.h"

static bool terminal_has_colours(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb") && isatty(STDOUT_FILENO);
}

const char *colour(const char *code)
{
	static int has = -1;

	if (has < 0)
		has = terminal_has_colours();
	return has ? code : "";
}
