// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportctl/vm/process_line.h"

void process_line(pid_t pid, const char *name, const char *key, char *line, int size)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	f = fopen(path, "re");
	while (f && fgets(line, size, f)) {
		if (!strncmp(line, key, strlen(key))) {
			fclose(f);
			return;
		}
	}
	line[0] = '\0';
	if (f)
		fclose(f);
}
