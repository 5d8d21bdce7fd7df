// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "lib/hostid.h"

void hostid_get(char id[HOSTID_SIZE])
{
	FILE *file = fopen("/etc/machine-id", "re");

	if (!file || !fgets(id, HOSTID_SIZE, file) ||
	    strspn(id, "0123456789abcdef") != HOSTID_SIZE - 1)
		*id = '\0';
	if (file)
		fclose(file);
}
