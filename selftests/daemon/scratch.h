/* SPDX-License-Identifier: GPL-2.0 */
/* A directory for a test's files, and what was said on standard error. */
#ifndef DAEMON_SCRATCH_H
#define DAEMON_SCRATCH_H

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/**
 * struct scratch - a directory of its own for each test
 * @dir: its path
 * @err: standard error as it was before scratch_catch()
 */
struct scratch {
	char dir[32];
	int err;
};

static inline void scratch_make(struct scratch *s)
{
	*s = (struct scratch){ .dir = "/tmp/dbgport-test-XXXXXX", .err = -1 };
	if (!mkdtemp(s->dir))
		abort();
}

/* "DIR/NAME"; good for four calls. */
static inline const char *scratch_path(const struct scratch *s, const char *name)
{
	static char path[4][PATH_MAX];
	static int next;
	char *p = path[next++ % 4];

	snprintf(p, PATH_MAX, "%s/%s", s->dir, name);
	return p;
}

static inline void scratch_remove(struct scratch *s)
{
	char command[64];

	if (s->err >= 0)
		dup2(s->err, STDERR_FILENO);
	snprintf(command, sizeof(command), "rm -rf %s", s->dir);
	if (system(command))
		abort();
}

static inline void scratch_write(const struct scratch *s, const char *name,
				 const void *data, size_t size)
{
	int fd = open(scratch_path(s, name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

/* What a file has, NUL-terminated; "" if there is none. */
static inline const char *scratch_read(const struct scratch *s, const char *name)
{
	static char text[1 << 20];
	int fd = open(scratch_path(s, name), O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* From now on messages go to a file, anew at each call. */
static inline void scratch_catch(struct scratch *s)
{
	int fd = open(scratch_path(s, "said"), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);

	if (s->err < 0)
		s->err = dup(STDERR_FILENO);
	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
		abort();
	close(fd);
}

static inline const char *scratch_said(const struct scratch *s)
{
	return scratch_read(s, "said");
}

#endif /* DAEMON_SCRATCH_H */
