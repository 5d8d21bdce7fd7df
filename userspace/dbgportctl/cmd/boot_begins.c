// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/cmd/boot_begins.h"

int boot_begins_parse(const struct begins_rule **rule, const char *value, char *why, size_t size)
{
	static struct begins_rule given;
	char reason[256];

	*rule = &given;
	if (!begins_rule_parse(&given, value, reason, sizeof(reason)))
		return 0;
	snprintf(why, size, "--boot-begins %s", reason);
	return -1;
}
