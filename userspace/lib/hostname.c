// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <unistd.h>

#include "lib/hostname.h"

static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

void hostname_get(struct hostname *host)
{
	*host = (struct hostname){ 0 };
	if (gethostname(host->name, sizeof(host->name) - 1))
		host->name[0] = '\0';
	host->len = strlen(host->name);
	for (size_t i = 0; i < host->len; i++) {
		if (!strchr(safe, host->name[i]))
			host->name[i] = '_';
	}
}

bool hostname_is_safe(const char *name)
{
	size_t len = strlen(name);

	return len && len < HOSTNAME_SIZE && strspn(name, safe) == len;
}
