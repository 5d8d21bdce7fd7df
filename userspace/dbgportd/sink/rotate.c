// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportd/sink/rotate.h"
#include "dbgportd/stream/iov.h"

/* What is left free at the file's end for a line to go on: an eighth, at most this. */
#define RESERVE_MAX	4096
/* Smaller ones are names without end. */
#define SIZE_MIN	4096

/* PATH.N; its directory takes longer names than PATH_MAX only by its own fault. */
static const char *old_path(const struct rotation *r, unsigned int n, char buf[PATH_MAX + 16])
{
	snprintf(buf, PATH_MAX + 16, "%s.%u", r->path, n);
	return buf;
}

/* Size of PATH.N, or -1 with errno. */
static __s64 old_size(const struct rotation *r, unsigned int n)
{
	char buf[PATH_MAX + 16];
	struct stat st;

	if (lstat(old_path(r, n, buf), &st))
		return -1;
	return st.st_size;
}

/*
 * The highest number that has a file of ours.  Those above r->keep are left
 * from when it was larger, without a gap; what follows a gap may be another program's.
 */
static unsigned int last(const struct rotation *r)
{
	char buf[PATH_MAX + 16];
	unsigned int n = r->keep;
	struct stat st;

	while (n < SINK_KEEP_MAX && !lstat(old_path(r, n + 1, buf), &st) &&
	       S_ISREG(st.st_mode))
		n++;
	return n;
}

void rotation_look(struct rotation *r)
{
	unsigned int end = last(r);

	r->old = 0;
	for (unsigned int n = 1; n <= end; n++) {
		__s64 size = old_size(r, n);

		if (size > 0)
			r->old += size;
	}
}

void rotation_init(struct rotation *r, const char *path, const struct sink_settings *set)
{
	r->path = path;
	r->keep = set->keep ?: ROTATE_KEEP;
	r->total = set->total;
	r->size = set->size ?: set->total / (r->keep + 1);
	if (r->size < SIZE_MIN)
		r->size = SIZE_MIN;
	/* So that there is room for one rotated file at least. */
	if (r->total && r->size > r->total / 2)
		r->size = r->total / 2;
	rotation_look(r);
}

/* Length of the first @len bytes up to their last line end; 0: there is none. */
static size_t whole_lines(const struct iovec *iov, int count, size_t len)
{
	size_t before = 0, found = 0;

	for (int i = 0; i < count && before < len; i++) {
		size_t n = iov[i].iov_len < len - before ? iov[i].iov_len : len - before;
		const char *end = memrchr(iov[i].iov_base, '\n', n);

		if (end)
			found = before + (end + 1 - (const char *)iov[i].iov_base);
		before += n;
	}
	return found;
}

size_t rotation_fits(const struct rotation *r, __u64 have, bool at_eol,
		     const struct iovec *iov, int count)
{
	size_t reserve = r->size / 8 < RESERVE_MAX ? r->size / 8 : RESERVE_MAX;
	size_t room = have < r->size ? r->size - have : 0;
	size_t len = iov_length(iov, count), lines;

	if (len + reserve <= room)
		return len;
	lines = whole_lines(iov, count, len < room ? len : room);
	if (lines)
		return lines;
	if (have && (at_eol || len > room))
		return 0;
	return len < room ? len : room;
}

int rotation_turn(struct rotation *r)
{
	char from[PATH_MAX + 16], to[PATH_MAX + 16];
	unsigned int free = 1;
	struct stat st;

	if (lstat(r->path, &st))
		return errno == ENOENT ? 0 : -errno;
	/* The highest first: what is left if this ends here has no gap. */
	for (unsigned int n = last(r); n > r->keep; n--) {
		if (unlink(old_path(r, n, from)))
			return -errno;
	}
	while (free < r->keep && old_size(r, free) >= 0)
		free++;
	for (unsigned int n = free; n > 1; n--) {
		if (rename(old_path(r, n - 1, from), old_path(r, n, to)))
			return -errno;
	}
	if (rename(r->path, old_path(r, 1, to)))
		return -errno;
	rotation_look(r);
	return 0;
}

int rotation_make_room(struct rotation *r, __u64 have)
{
	char buf[PATH_MAX + 16];

	/* Asked at each write, which must not look at files for that. */
	if (!r->total || r->old + have <= r->total)
		return 0;
	for (unsigned int n = last(r); n && r->old + have > r->total; n--) {
		if (old_size(r, n) < 0)
			continue;
		if (unlink(old_path(r, n, buf)))
			return -errno;
		rotation_look(r);
	}
	return 0;
}
