// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "dbgportd/sink/retention.h"
#include "lib/clock.h"

#define MARK		"user.dbgportd"
/* A part of the bound that is made free at once. */
#define SLACK		16
/* Files grow old meanwhile, and other processes write. */
#define LOOK_AGAIN_S	(60 * 60)

/**
 * struct found - one file
 * @path: where
 * @size: its bytes
 * @written: when it was last written to, CLOCK_REALTIME in nanoseconds
 */
struct found {
	const char *path;
	__u64 size;
	__s64 written;
};

static struct retention *all;

struct retention *retention_get(const char *pattern, const struct sink_settings *set)
{
	struct retention *r = all;

	while (r && (strcmp(r->pattern, pattern) || r->total != set->total ||
		     r->age_s != set->max_age))
		r = r->next;
	if (!r) {
		r = calloc(1, sizeof(*r));
		if (!r)
			return NULL;
		r->pattern = strdup(pattern);
		if (!r->pattern) {
			free(r);
			return NULL;
		}
		r->total = set->total;
		r->age_s = set->max_age;
		r->next = all;
		all = r;
	}
	r->users++;
	return r;
}

void retention_put(struct retention *r)
{
	struct retention **link = &all;

	if (--r->users)
		return;
	while (*link != r)
		link = &(*link)->next;
	*link = r->next;
	free(r->pattern);
	free(r);
}

int retention_mark(int fd)
{
	if (flock(fd, LOCK_SH | LOCK_NB) || fsetxattr(fd, MARK, "", 0, 0))
		return -errno;
	return 0;
}

static __s64 now_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

bool retention_is_due(const struct retention *r, size_t len)
{
	__s64 since = now_ns() / NSEC_PER_SEC - r->looked;

	return (r->total && r->have + len > r->total) || since >= LOOK_AGAIN_S || since < 0;
}

static bool is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

/* glob() can say only that a rotated file's name has digits behind the last dot. */
static bool is_ours(const char *path, bool rotated, struct stat *st)
{
	const char *dot = strrchr(path, '.');

	return (!rotated || (dot && is_number(dot + 1))) && !lstat(path, st) &&
	       S_ISREG(st->st_mode) && lgetxattr(path, MARK, NULL, 0) >= 0;
}

static int by_time(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return x->written < y->written ? -1 : x->written > y->written;
}

/* All files, that written to least lately first; their number, or -1. */
static ssize_t look(const struct retention *r, glob_t *paths, struct found **files)
{
	char *rotated;
	size_t plain, n = 0;
	int err;

	if (glob(r->pattern, GLOB_NOSORT, NULL, paths) == GLOB_NOSPACE)
		return -1;
	plain = paths->gl_pathc;
	if (asprintf(&rotated, "%s.[0-9]*", r->pattern) < 0)
		return -1;
	err = glob(rotated, GLOB_NOSORT | GLOB_APPEND, NULL, paths);
	free(rotated);
	if (err == GLOB_NOSPACE)
		return -1;
	*files = calloc(paths->gl_pathc + 1, sizeof(**files));
	if (!*files)
		return -1;
	for (size_t i = 0; i < paths->gl_pathc; i++) {
		struct stat st;

		if (!is_ours(paths->gl_pathv[i], i >= plain, &st))
			continue;
		(*files)[n++] = (struct found){
			.path = paths->gl_pathv[i],
			.size = st.st_size,
			.written = st.st_mtim.tv_sec * NSEC_PER_SEC + st.st_mtim.tv_nsec,
		};
	}
	qsort(*files, n, sizeof(**files), by_time);
	return n;
}

/* Whether the file is gone; not if it is being written to. */
static bool remove_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	bool gone = fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB) && !unlink(path);

	if (fd >= 0)
		close(fd);
	return gone;
}

__u64 retention_apply(struct retention *r, size_t len)
{
	const __u64 bound = r->total ?: ULLONG_MAX - len;
	const __s64 now = now_ns();
	__u64 room = bound;
	struct found *files = NULL;
	glob_t paths = { 0 };
	ssize_t n = look(r, &paths, &files);

	r->looked = now / NSEC_PER_SEC;
	r->have = 0;
	for (ssize_t i = 0; i < n; i++)
		r->have += files[i].size;
	if (r->have + len > bound)
		room -= room / SLACK;
	for (ssize_t i = 0; i < n; i++) {
		bool old = r->age_s && (now - files[i].written) / (__s64)NSEC_PER_SEC >
					       (__s64)r->age_s;

		if ((old || r->have + len > room) && remove_file(files[i].path))
			r->have -= files[i].size;
	}
	free(files);
	globfree(&paths);
	return r->have + len > bound ? r->have + len - bound : 0;
}
