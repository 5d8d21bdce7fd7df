// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "dbgportd/spool/segment.h"
#include "lib/hash.h"

#define MARK	(1U << 31)

/**
 * struct frame - what stands before the text
 * @len: of the text; with MARK
 * @sum: of @len and the text
 */
struct frame {
	__u32 len;
	__u32 sum;
};

void segment_name(char name[SEGMENT_NAME_SIZE], const struct segment *seg)
{
	if (seg->tells)
		snprintf(name, SEGMENT_NAME_SIZE, "%016llx-%016llx", seg->first, seg->last);
	else
		snprintf(name, SEGMENT_NAME_SIZE, "%016llx", seg->first);
}

bool segment_of_name(struct segment *seg, const char *name)
{
	char same[SEGMENT_NAME_SIZE];

	*seg = (struct segment){ 0 };
	seg->tells = sscanf(name, "%llx-%llx", &seg->first, &seg->last) == 2;
	segment_name(same, seg);
	return !strcmp(name, same);
}

static __u32 sum(__u32 len, const char *text, size_t n)
{
	__u64 h = hash(text, n) ^ (len * 0x9e3779b97f4a7c15ULL);

	return h ^ h >> 32;
}

ssize_t segment_write(int fd, off_t at, const char *text, size_t len, bool mark)
{
	__u32 n = len | (mark ? MARK : 0);
	struct frame frame = { n, sum(n, text, len) };
	const struct iovec iov[] = {
		{ .iov_base = &frame, .iov_len = sizeof(frame) },
		{ .iov_base = (void *)text, .iov_len = len },
	};
	ssize_t done;

	do {
		done = pwritev(fd, iov, 2, at);
	} while (done < 0 && errno == EINTR);
	if (done < 0)
		return -errno;
	/* Whatever comes next is written over it. */
	return (size_t)done == sizeof(frame) + len ? done : -ENOSPC;
}

ssize_t segment_read(int fd, off_t at, char *text, size_t *len, bool *mark)
{
	struct frame frame;
	ssize_t n = pread(fd, &frame, sizeof(frame), at);

	if (n < 0)
		return -errno;
	if (n != sizeof(frame))
		return 0;
	*len = frame.len & ~MARK;
	*mark = frame.len & MARK;
	if (!*len || *len > SEGMENT_TEXT_MAX)
		return 0;
	n = pread(fd, text, *len, at + sizeof(frame));
	if (n < 0)
		return -errno;
	if ((size_t)n != *len || frame.sum != sum(frame.len, text, *len))
		return 0;
	return sizeof(frame) + n;
}
