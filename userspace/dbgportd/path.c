// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "dbgportd/path.h"

const char *path_check(const char *path)
{
	for (const char *p = strchr(path, '%'); p; p = strchr(p + 2, '%')) {
		if (p[1] != 'v' && p[1] != '%')
			return p;
	}
	return NULL;
}

bool path_is_per_vm(const char *path)
{
	for (const char *p = strchr(path, '%'); p; p = strchr(p + 2, '%')) {
		if (p[1] == 'v')
			return true;
	}
	return false;
}

int path_expand(char *dst, size_t size, const char *path, const char *vm)
{
	size_t len = 0;

	for (const char *p = path; *p; p++) {
		const char *part = p;
		size_t n = 1;

		if (p[0] == '%' && *++p == 'v') {
			part = vm;
			n = strlen(vm);
		}
		if (n >= size - len)
			return -1;
		memcpy(dst + len, part, n);
		len += n;
	}
	dst[len] = '\0';
	return 0;
}
