// SPDX-License-Identifier: GPL-2.0
#include <dbgport.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/number.h"
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

/* A process id or a file descriptor, as entries of /proc are called; -1: neither. */
static int number_of(const struct dirent *entry)
{
	__u64 n;

	return number_parse(entry->d_name, NUMBER_DECIMAL, 0, INT_MAX, &n) ? -1 : (int)n;
}

static int attach_process(int fd, pid_t pid)
{
	struct dirent *entry;
	char path[64];
	int count = 0;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	fds = opendir(path);
	if (!fds)
		return 0;
	if (has_vcpu(fds)) {
		rewinddir(fds);
		while ((entry = readdir(fds))) {
			struct dbgport_attach attach = {
				.pid = pid,
				.fd = number_of(entry),
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
		int n = number_of(entry);

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
		pid_t pid = number_of(entry);

		if (pid > 0)
			count += attach_process(fd, pid);
	}
	closedir(proc);
	return count;
}
