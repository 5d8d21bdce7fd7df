// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/kcmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/number.h"
#include "lib/running.h"
#include "libdbgport/libdbgport.h"

/* What the links in /proc/PID/fd begin with; the kernel's names, since 2.6. */
#define VM_LINK		"anon_inode:kvm-vm"
#define VCPU_LINK	"anon_inode:kvm-vcpu"

/* A table of so many files is not looked through again for each process that has it. */
#define LARGE		1000

/**
 * struct look - a look at all processes
 * @found, @arg: see running_look()
 * @after: those with higher process ids only
 * @at: set to the process that it is at, as it goes; NULL: no one asks
 * @large: processes that have a large table, the last of them; then 0
 * @next_large: where the next one goes
 */
struct look {
	running_found *found;
	void *arg;
	pid_t after;
	pid_t *at;
	pid_t large[16];
	size_t next_large;
};

static bool links_to(DIR *fds, const char *name, const char *what)
{
	char target[64];
	ssize_t n = readlinkat(dirfd(fds), name, target, sizeof(target) - 1);

	if (n < 0)
		return false;
	target[n] = '\0';
	return !strncmp(target, what, strlen(what));
}

/* Whether process @pid has the same table as one of @large. */
static bool is_seen(const struct look *l, pid_t pid)
{
	for (size_t i = 0; i < ARRAY_SIZE(l->large) && l->large[i]; i++) {
		if (!syscall(SYS_kcmp, pid, l->large[i], KCMP_FILES, 0, 0))
			return true;
	}
	return false;
}

static bool has_vcpu(struct look *l, DIR *fds, pid_t pid)
{
	struct dirent *entry;
	bool found = false;
	size_t count = 0;

	if (is_seen(l, pid))
		return false;
	while (!found && (entry = readdir(fds))) {
		found = links_to(fds, entry->d_name, VCPU_LINK);
		if (++count == LARGE)
			l->large[l->next_large++ % ARRAY_SIZE(l->large)] = pid;
	}
	return found;
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

static void look_at(struct look *l, pid_t pid)
{
	DIR *fds;

	if (l->at)
		__atomic_store_n(l->at, pid, __ATOMIC_RELAXED);
	fds = open_fds(pid);
	if (!fds)
		return;
	if (has_vcpu(l, fds, pid))
		l->found(l->arg, pid);
	closedir(fds);
}

/* The kernel lists them by their ids. */
static int look_at_all(struct look *l)
{
	struct dirent *entry;
	DIR *proc;

	proc = opendir("/proc");
	if (!proc)
		return -errno;
	while ((entry = readdir(proc))) {
		pid_t pid = number_of(entry);

		if (pid > l->after)
			look_at(l, pid);
	}
	closedir(proc);
	return 0;
}

int running_look(running_found *found, void *arg)
{
	struct look l = { .found = found, .arg = arg };

	return look_at_all(&l);
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
	DIR *fds = open_fds(pid);
	struct dirent *entry;

	while (fds && (entry = readdir(fds))) {
		if (links_to(fds, entry->d_name, VM_LINK) &&
		    !dbgport_attach(a->fd, pid, number_of(entry), NULL))
			a->count++;
	}
	if (fds)
		closedir(fds);
}

int running_attach_after(int fd, pid_t after, pid_t *at)
{
	struct attaching a = { .fd = fd };
	struct look l = { .found = attach_process, .arg = &a, .after = after, .at = at };
	int err = look_at_all(&l);

	return err ?: a.count;
}

int running_attach(int fd)
{
	return running_attach_after(fd, 0, NULL);
}
