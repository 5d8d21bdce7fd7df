// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dbgport.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/running.h"

/* What the links in /proc/PID/fd begin with; the kernel's names, since 2.6. */
#define VM_LINK		"anon_inode:kvm-vm"
#define VCPU_LINK	"anon_inode:kvm-vcpu"

static bool links_to(DIR *fds, const char *name, const char *what)
{
	char target[64];
	ssize_t n = readlinkat(dirfd(fds), name, target, sizeof(target) - 1);

	if (n < 0)
		return false;
	target[n] = '\0';
	return !strncmp(target, what, strlen(what));
}

static bool has_vcpu(DIR *fds)
{
	struct dirent *entry;

	rewinddir(fds);
	while ((entry = readdir(fds))) {
		if (links_to(fds, entry->d_name, VCPU_LINK))
			return true;
	}
	return false;
}

static int attach_process(int fd, const char *pid)
{
	struct dirent *entry;
	char path[64];
	int count = 0;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	fds = opendir(path);
	if (!fds)
		return 0;
	if (has_vcpu(fds)) {
		rewinddir(fds);
		while ((entry = readdir(fds))) {
			struct dbgport_attach attach = {
				.pid = atoi(pid),
				.fd = atoi(entry->d_name),
			};

			if (links_to(fds, entry->d_name, VM_LINK) &&
			    !ioctl(fd, DBGPORT_ATTACH, &attach))
				count++;
		}
	}
	closedir(fds);
	return count;
}

int running_next_fd(pid_t pid, int fd)
{
	struct dirent *entry;
	int next = -ENOENT;
	char path[64];
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	fds = opendir(path);
	if (!fds)
		return errno == ENOENT ? -ESRCH : -errno;
	while ((entry = readdir(fds))) {
		int n = atoi(entry->d_name);

		if (n > fd && (next < 0 || n < next) && links_to(fds, entry->d_name, VM_LINK))
			next = n;
	}
	closedir(fds);
	return next;
}

int running_attach(int fd)
{
	struct dirent *entry;
	int count = 0;
	DIR *proc;

	proc = opendir("/proc");
	if (!proc)
		return -errno;
	while ((entry = readdir(proc))) {
		if (isdigit((unsigned char)entry->d_name[0]))
			count += attach_process(fd, entry->d_name);
	}
	closedir(proc);
	return count;
}
