// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportd/spool/segments.h"

int segments_open(const struct segments *all, const struct segment *seg, int flags)
{
	char name[SEGMENT_NAME_SIZE];

	segment_name(name, seg);
	return openat(all->dir, name, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

void segments_unlink(const struct segments *all, const struct segment *seg)
{
	char name[SEGMENT_NAME_SIZE];

	segment_name(name, seg);
	unlinkat(all->dir, name, 0);
}

void segments_remove(struct segments *all, size_t i)
{
	segments_unlink(all, &all->at[i]);
	all->count--;
	memmove(&all->at[i], &all->at[i + 1], (all->count - i) * sizeof(*all->at));
}

struct segment *segments_insert(struct segments *all, size_t i)
{
	struct segment *more = reallocarray(all->at, all->count + 1, sizeof(*more));

	if (!more)
		return NULL;
	all->at = more;
	memmove(&more[i + 1], &more[i], (all->count - i) * sizeof(*more));
	all->count++;
	return &more[i];
}

__u64 segments_bytes(const struct segments *all)
{
	__u64 n = 0;

	for (size_t i = 0; i < all->count; i++)
		n += all->at[i].bytes;
	return n;
}

/* Those that tell come before those that they stand for. */
static int by_number(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->tells != y->tells)
		return x->tells ? -1 : 1;
	return x->last > y->last ? -1 : 1;
}

static int add_all(struct segments *all, DIR *dir)
{
	struct segment found, *seg;
	struct dirent *entry;

	while ((entry = readdir(dir))) {
		if (!segment_of_name(&found, entry->d_name))
			continue;
		seg = segments_insert(all, all->count);
		if (!seg)
			return -ENOMEM;
		*seg = found;
	}
	return 0;
}

int segments_list(struct segments *all)
{
	int fd = openat(all->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int err;

	if (!dir)
		return -errno;
	err = add_all(all, dir);
	closedir(dir);
	if (err || !all->count)
		return err;
	qsort(all->at, all->count, sizeof(*all->at), by_number);
	/* The one who dropped them was killed before they were removed. */
	for (size_t i = 0; i < all->count; i++) {
		while (i + 1 < all->count && all->at[i].tells &&
		       all->at[i + 1].first <= all->at[i].last)
			segments_remove(all, i + 1);
	}
	return 0;
}

int segments_scan(const struct segments *all, struct segment *seg,
		  int (*see)(void *arg, __u64 number, const char *text, size_t len, bool mark),
		  void *arg)
{
	char *text = malloc(SEGMENT_TEXT_MAX);
	int fd = text ? segments_open(all, seg, O_RDONLY) : -1;
	int err = !text ? -ENOMEM : fd < 0 ? -errno : 0;
	ssize_t n = 0;
	size_t len;
	bool mark;

	seg->end = seg->first;
	seg->bytes = 0;
	while (!err && (n = segment_read(fd, seg->bytes, text, &len, &mark)) > 0) {
		seg->bytes += n;
		err = see(arg, seg->end, text, len, mark);
		seg->end += !mark;
	}
	if (fd >= 0)
		close(fd);
	free(text);
	return err ?: n < 0 ? n : 0;
}
