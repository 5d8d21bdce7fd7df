// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "dbgportd/spool/filling.h"

int filling_begin(struct filling *f)
{
	unlinkat(f->all->dir, SEGMENTS_NEW, 0);
	f->fd = openat(f->all->dir, SEGMENTS_NEW, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return f->fd < 0 ? -errno : 0;
}

int filling_put(void *arg, const char *text, size_t len)
{
	struct filling *f = arg;
	ssize_t n = segment_write(f->fd, f->seg.bytes, text, len, f->marks);

	if (n < 0)
		return n;
	f->seg.bytes += n;
	f->len += len;
	if (!f->marks)
		f->seg.end++;
	return 0;
}

int filling_end(struct filling *f, int err)
{
	char name[SEGMENT_NAME_SIZE];

	segment_name(name, &f->seg);
	if (!err && renameat(f->all->dir, SEGMENTS_NEW, f->all->dir, name))
		err = -errno;
	if (err && f->fd >= 0) {
		close(f->fd);
		unlinkat(f->all->dir, SEGMENTS_NEW, 0);
	}
	return err;
}
