// SPDX-License-Identifier: GPL-2.0
/* All that is left of this room in a build without libcurl. */
#include "dbgportctl/cli/fail.h"
#include "dbgportctl/otlp/otlp.h"

static int tell(void)
{
	return fail("--otlp: this dbgportctl was built without libcurl: build it with that");
}

int otlp_send(const struct boots *boots, const char *url)
{
	(void)boots;
	(void)url;
	return tell();
}

int otlp_follow(const struct otlp_follow *follow, const char *url)
{
	(void)follow;
	(void)url;
	return tell();
}
