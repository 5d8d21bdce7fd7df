// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportd/config/path.h"
#include "lib/port.h"

const char *path_check(const char *path)
{
	for (const char *p = strchr(path, '%'); p; p = strchr(p + 2, '%')) {
		if (!p[1] || !strchr("vpn%", p[1]))
			return p;
	}
	return NULL;
}

bool path_is_per_vm(const char *path)
{
	for (const char *p = strchr(path, '%'); p; p = strchr(p + 2, '%')) {
		if (p[1] == 'v' || p[1] == 'n')
			return true;
	}
	return false;
}

bool path_can_be_numbered(const char *path)
{
	bool can = true;

	for (const char *p = path; *p; p++) {
		bool stands_for = *p == '%';

		if (stands_for)
			p++;
		if (stands_for && *p == 'v')
			can = false;
		else if (!(stands_for && *p == 'n') && !strchr(".0123456789", *p))
			can = true;
	}
	return can;
}

int path_expand(char *dst, size_t size, const char *path, __u32 port, const struct entry_vm *vm)
{
	size_t len = 0;

	for (const char *p = path; *p; p++) {
		char number[16];
		const char *part = p;
		size_t n = 1;

		if (*p == '%') {
			part = ++p;
			if (*p == 'v') {
				part = vm->name;
			} else if (*p == 'p') {
				port_text(number, port);
				part = number;
			} else if (*p == 'n') {
				snprintf(number, sizeof(number), "%d", vm->pid);
				part = number;
			}
			n = *p == '%' ? 1 : strlen(part);
		}
		if (n >= size - len)
			return -1;
		memcpy(dst + len, part, n);
		len += n;
	}
	dst[len] = '\0';
	return 0;
}
