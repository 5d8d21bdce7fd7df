/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory of a running process, by way of /proc.  It is not stopped, and nothing
 * comes to be in its memory by our looking: of a page that it does not have yet, no
 * byte is asked for.
 */
#ifndef DBGPORTCTL_MEMLOG_PROCESS_H
#define DBGPORTCTL_MEMLOG_PROCESS_H

#include <linux/types.h>
#include <stddef.h>
#include <sys/types.h>

#define PROCESS_PAGE	4096

/* What a page is. */
enum page_state {
	PAGE_NONE,		/* the process has not used it yet; it reads as zeroes */
	PAGE_PRESENT,
	PAGE_SWAPPED,		/* reading it brings it back */
};

/* As much of a page's beginning as process_heads() reads. */
#define PROCESS_HEAD	16

/**
 * struct process - one that was opened
 * @pid: its id
 * @dir: its directory in /proc
 * @mem, @pagemap: files there; they stay those of the process, whoever gets its id
 */
struct process {
	pid_t pid;
	int dir;
	int mem;
	int pagemap;
};

/**
 * process_open() - open a process
 * @p: filled in
 * @pid: which
 *
 * Return: 0 or a negative errno: -ESRCH if there is none, -EACCES if the kernel does not
 * let us read its memory: that takes what ptrace(2) takes to attach.
 */
int process_open(struct process *p, pid_t pid);
void process_close(struct process *p);

/**
 * process_pages() - what pages are
 * @p: the process
 * @address: of the first one
 * @state: set for each
 * @count: how many
 *
 * A page of shared memory counts as present only if this process has it in its page
 * table, as it has what its guest used.
 *
 * Return: 0 or a negative errno: -ESRCH if the process has ended.
 */
int process_pages(const struct process *p, __u64 address, enum page_state *state, size_t count);

/**
 * process_heads() - read the beginnings of pages that are known to be present
 * @p: the process
 * @page: where they are
 * @head: what they begin with; zeroes where that cannot be read, as of what a device has
 *	mapped
 * @count: how many
 *
 * This goes by the process's id, and is several times as fast as process_peek(): what is found
 * is to be looked at again.
 *
 * Return: 0 or a negative errno: -ESRCH if the process has ended.
 */
int process_heads(const struct process *p, const __u64 *page, char head[][PROCESS_HEAD],
		  size_t count);

/**
 * process_peek() - read bytes of one page that is known to be present
 * @p: the process
 * @address: of the first byte
 * @to: where they go
 * @n: how many
 *
 * Return: 0 or a negative errno: -ESRCH if the process has ended, -EIO if it has no such
 * memory, or none that can be read.
 */
int process_peek(const struct process *p, __u64 address, void *to, size_t n);

/* The same, for any bytes: of pages that are not there it gives zeroes. */
int process_read(const struct process *p, __u64 address, void *to, size_t n);

#endif /* DBGPORTCTL_MEMLOG_PROCESS_H */
