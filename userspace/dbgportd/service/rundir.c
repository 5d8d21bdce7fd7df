// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportd/service/rundir.h"

#define PTYS	"/dev/pts/"

static int dir = -1;
static char *dir_path;
static bool made;

static bool leads_to(const char *name, const char *target, size_t n)
{
	char to[PATH_MAX];
	ssize_t len = readlinkat(dir, name, to, sizeof(to) - 1);

	if (len < 0)
		return false;
	to[len] = '\0';
	return !strncmp(to, target, n);
}

/* All links to ptys: we hold the lock, so no other daemon that still runs has made them. */
static void clear_links(void)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (!d) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((e = readdir(d))) {
		if (leads_to(e->d_name, PTYS, strlen(PTYS)))
			unlinkat(dir, e->d_name, 0);
	}
	closedir(d);
}

static bool is_still_at(const char *path)
{
	struct stat a, b;

	return !fstat(dir, &a) && !stat(path, &b) &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int rundir_open(const char *path, char *why, size_t size)
{
	for (;;) {
		made = !mkdir(path, 0755);
		if (!made && errno != EEXIST) {
			snprintf(why, size, "--run-dir %s: %s", path, strerror(errno));
			return -1;
		}
		dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (dir < 0) {
			snprintf(why, size, "--run-dir %s: %s", path, strerror(errno));
			return -1;
		}
		if (flock(dir, LOCK_EX | LOCK_NB)) {
			if (errno == EWOULDBLOCK)
				snprintf(why, size,
					 "--run-dir %s: another dbgportd uses it; give this one another --run-dir",
					 path);
			else
				snprintf(why, size, "--run-dir %s: %s", path, strerror(errno));
			close(dir);
			return -1;
		}
		/* The one before may have removed it after we had opened it. */
		if (is_still_at(path))
			break;
		close(dir);
	}

	/* Where the user means it now, whatever the working directory is later. */
	dir_path = realpath(path, NULL);
	clear_links();
	return 0;
}

void rundir_close(void)
{
	if (dir < 0)
		return;
	clear_links();
	if (made && dir_path)
		rmdir(dir_path);
	free(dir_path);
	close(dir);
	dir = -1;
}

const char *rundir_link(const char *name, const char *target)
{
	static char path[PATH_MAX];

	if (dir < 0 || !dir_path) {
		errno = ENOENT;
		return NULL;
	}
	if (leads_to(name, PTYS, strlen(PTYS)))
		unlinkat(dir, name, 0);
	if (symlinkat(target, dir, name))
		return NULL;
	snprintf(path, sizeof(path), "%s/%s", dir_path, name);
	return path;
}

void rundir_unlink(const char *name, const char *target)
{
	if (dir >= 0 && leads_to(name, target, strlen(target) + 1))
		unlinkat(dir, name, 0);
}
