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

/* The directory of its file descriptors; NULL: it has ended, or is not ours to see. */
static DIR *open_fds(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	return opendir(path);
}

int running_next_fd(pid_t pid, int fd)
{
	struct dirent *entry;
	int next = -ENOENT;
	DIR *fds = open_fds(pid);

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

int running_look(running_found *found, void *arg)
{
	struct dirent *entry;
	DIR *proc;

	proc = opendir("/proc");
	if (!proc)
		return -errno;
	while ((entry = readdir(proc))) {
		pid_t pid = number_of(entry);
		DIR *fds = pid > 0 ? open_fds(pid) : NULL;

		if (!fds)
			continue;
		if (has_vcpu(fds))
			found(arg, pid);
		closedir(fds);
	}
	closedir(proc);
	return 0;
}

int running_attach_process(int fd, pid_t pid)
{
	DIR *fds = open_fds(pid);
	struct dirent *entry;
	int count = 0;

	while (fds && (entry = readdir(fds))) {
		struct dbgport_attach attach = { .pid = pid, .fd = number_of(entry) };

		if (links_to(fds, entry->d_name, VM_LINK) && !ioctl(fd, DBGPORT_ATTACH, &attach))
			count++;
	}
	if (fds)
		closedir(fds);
	return count;
}

/**
 * struct attaching - what is under way
 * @fd: the device
 * @count: VMs that were attached
 */
struct attaching {
	int fd;
	int count;
};

static void attach_process(void *arg, pid_t pid)
{
	struct attaching *a = arg;

	a->count += running_attach_process(a->fd, pid);
}

int running_attach(int fd)
{
	struct attaching a = { .fd = fd };
	int err = running_look(attach_process, &a);

	return err ?: a.count;
}
