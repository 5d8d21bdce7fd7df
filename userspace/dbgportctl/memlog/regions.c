// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/memlog/regions.h"

/**
 * struct mapping - a line of /proc/PID/maps
 * @in: where in memory
 * @access: as in "rw-p"
 * @offset: of its first byte in what is mapped
 * @device: where the file is
 * @inode: which file; 0: none
 */
struct mapping {
	struct region in;
	char access[5];
	unsigned long long offset;
	char device[16];
	unsigned long long inode;
};

static bool parse(struct mapping *m, const char *line)
{
	unsigned long long begin, end;

	if (sscanf(line, "%llx-%llx %4s %llx %15s %llu", &begin, &end, m->access, &m->offset,
		   m->device, &m->inode) != 6)
		return false;
	m->in = (struct region){ .begin = begin, .end = end };
	return true;
}

static bool can_be_ram(const struct mapping *m)
{
	return m->access[0] == 'r' && m->access[1] == 'w';
}

/* Whether @m goes on where @before ends. */
static bool goes_on(const struct mapping *before, const struct mapping *m)
{
	return before->in.end == m->in.begin && before->inode == m->inode &&
	       !strcmp(before->access, m->access) && !strcmp(before->device, m->device) &&
	       (!m->inode || before->offset + (before->in.end - before->in.begin) == m->offset);
}

static void drop_small(struct regions *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->count; i++) {
		if (r->region[i].end - r->region[i].begin >= REGION_MIN)
			r->region[kept++] = r->region[i];
	}
	r->count = kept;
}

/* Return: whether there was a mapping at all. */
static bool take_all(struct regions *r, FILE *maps)
{
	struct mapping last = { 0 }, m;
	bool any = false;
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, maps) > 0) {
		if (!parse(&m, line))
			continue;
		any = true;
		if (!can_be_ram(&m))
			continue;
		if (r->count && goes_on(&last, &m)) {
			r->region[r->count - 1].end = m.in.end;
		} else {
			r->region = grow(r->region, r->count, sizeof(*r->region));
			r->region[r->count++] = m.in;
		}
		last = m;
	}
	free(line);
	return any;
}

int regions_read(struct regions *r, const struct process *p)
{
	int fd = openat(p->dir, "maps", O_RDONLY | O_CLOEXEC);
	FILE *maps = fd < 0 ? NULL : fdopen(fd, "r");
	int err = 0;

	*r = (struct regions){ 0 };
	if (!maps) {
		err = errno == ENOENT ? -ESRCH : -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	if (!take_all(r, maps))
		err = -ESRCH;
	drop_small(r);
	fclose(maps);
	return err;
}

void regions_free(struct regions *r)
{
	free(r->region);
	*r = (struct regions){ 0 };
}
