// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "dbgportctl/memlog/process.h"

/* Bits of an entry of /proc/PID/pagemap, one for each page; proc(5). */
#define PAGEMAP_PRESENT	(1ULL << 63)
#define PAGEMAP_SWAPPED	(1ULL << 62)
/* Such a page looks swapped out, and is one that nobody may touch. */
#define PAGEMAP_GUARD	(1ULL << 58)

/* Pages that are asked for at a time. */
#define PART	512

int process_open(struct process *p, pid_t pid)
{
	char path[32];
	int err = 0;

	*p = (struct process){ .pid = pid, .mem = -1, .pagemap = -1 };
	snprintf(path, sizeof(path), "/proc/%d", pid);
	p->dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (p->dir < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	p->mem = openat(p->dir, "mem", O_RDONLY | O_CLOEXEC);
	if (p->mem >= 0)
		p->pagemap = openat(p->dir, "pagemap", O_RDONLY | O_CLOEXEC);
	if (p->mem < 0 || p->pagemap < 0) {
		err = errno == ENOENT ? -ESRCH : errno == EPERM ? -EACCES : -errno;
		process_close(p);
	}
	return err;
}

void process_close(struct process *p)
{
	if (p->pagemap >= 0)
		close(p->pagemap);
	if (p->mem >= 0)
		close(p->mem);
	close(p->dir);
}

/* The kernel has nothing of a process that has ended. */
static int read_at(int fd, void *to, size_t n, __u64 at)
{
	char *dst = to;

	while (n) {
		ssize_t got = pread(fd, dst, n, at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			return -ESRCH;
		dst += got;
		at += got;
		n -= got;
	}
	return 0;
}

static enum page_state state_of(__u64 entry)
{
	if (entry & PAGEMAP_PRESENT)
		return PAGE_PRESENT;
	return (entry & (PAGEMAP_SWAPPED | PAGEMAP_GUARD)) == PAGEMAP_SWAPPED ? PAGE_SWAPPED :
										PAGE_NONE;
}

int process_pages(const struct process *p, __u64 address, enum page_state *state, size_t count)
{
	__u64 entry[PART], at = address / PROCESS_PAGE * sizeof(*entry);

	while (count) {
		size_t part = count < PART ? count : PART;
		int err = read_at(p->pagemap, entry, part * sizeof(*entry), at);

		if (err)
			return err;
		for (size_t i = 0; i < part; i++)
			*state++ = state_of(entry[i]);
		at += part * sizeof(*entry);
		count -= part;
	}
	return 0;
}

/* Return: how many were read before one that cannot be, or a negative errno. */
static ssize_t read_heads(pid_t pid, const __u64 *page, char head[][PROCESS_HEAD], size_t count)
{
	struct iovec from[PART], to = { head, count * sizeof(*head) };
	ssize_t n;

	for (size_t i = 0; i < count; i++)
		from[i] = (struct iovec){ (void *)(uintptr_t)page[i], sizeof(*head) };
	n = process_vm_readv(pid, &to, 1, from, count, 0);
	if (n < 0)
		return errno == EFAULT ? 0 : -errno;
	return n / (ssize_t)sizeof(*head);
}

int process_heads(const struct process *p, const __u64 *page, char head[][PROCESS_HEAD],
		  size_t count)
{
	while (count) {
		size_t part = count < PART ? count : PART;
		ssize_t n = read_heads(p->pid, page, head, part);

		if (n < 0)
			return n;
		if ((size_t)n < part)
			memset(head[n++], 0, sizeof(*head));
		page += n;
		head += n;
		count -= n;
	}
	return 0;
}

int process_peek(const struct process *p, __u64 address, void *to, size_t n)
{
	return read_at(p->mem, to, n, address);
}

int process_read(const struct process *p, __u64 address, void *to, size_t n)
{
	char *dst = to;

	while (n) {
		size_t part = PROCESS_PAGE - address % PROCESS_PAGE;
		enum page_state state;
		int err = process_pages(p, address, &state, 1);

		if (part > n)
			part = n;
		if (err)
			return err;
		if (state == PAGE_NONE)
			memset(dst, 0, part);
		else
			err = process_peek(p, address, dst, part);
		if (err)
			return err;
		dst += part;
		address += part;
		n -= part;
	}
	return 0;
}
