// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
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

static bool has_vm_name(const char *part, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++) {
		if (part[i] == '%' && part[++i] == 'v')
			return true;
	}
	return false;
}

/* @dir as it stands in the list of those that all programs share; NULL: it does not. */
static const char *find_shared(const char *dir)
{
	static const char *const shared[] = {
		"/dev", "/dev/shm", "/etc", "/run", "/tmp", "/var/log", "/var/run", "/var/tmp", NULL
	};
	int i = 0;

	while (shared[i] && strcmp(dir, shared[i]))
		i++;
	return shared[i];
}

const char *path_shared_dir(const char *path)
{
	char dir[PATH_MAX] = "";
	size_t len = 0;

	if (*path != '/' || strlen(path) >= sizeof(dir))
		return NULL;
	while (*path) {
		size_t n = strcspn(path, "/");
		const char *shared = has_vm_name(path, n) ? find_shared(dir) : NULL;

		if (shared)
			return shared;
		if (n == 2 && !memcmp(path, "..", n)) {
			while (len && dir[--len] != '/')
				;
		} else if (n && !(n == 1 && *path == '.')) {
			dir[len++] = '/';
			memcpy(dir + len, path, n);
			len += n;
		}
		dir[len] = '\0';
		path += n + strspn(path + n, "/");
	}
	return NULL;
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

char *path_pattern(const char *path, __u32 port)
{
	char *pattern = malloc(strlen(path) * PORT_TEXT_SIZE + 1), *to = pattern;

	for (const char *p = path; pattern && *p; p++) {
		if (*p == '%' && p[1] == 'p') {
			port_text(to, port);
			to += strlen(to);
			p++;
		} else if (*p == '%' && p[1] != '%') {
			*to++ = '*';
			p++;
		} else {
			if (strchr("*?[]\\", *p))
				*to++ = '\\';
			p += *p == '%';
			*to++ = *p;
		}
	}
	if (pattern)
		*to = '\0';
	return pattern;
}
