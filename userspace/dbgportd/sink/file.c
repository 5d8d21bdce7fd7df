// SPDX-License-Identifier: GPL-2.0
/* file=PATH: appended to a file, or written to a FIFO or device. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/rotate.h"
#include "dbgportd/sink/settings.h"
#include "dbgportd/sink/sink.h"
#include "lib/log.h"
#include "words/drop_notice.h"

/* What waits while the disk is full. */
#define BOUND		(1024 * 1024)
#define DEFAULT_MODE	0640
/* How long a FIFO's reader may take for the rest, once all is over. */
#define PATIENCE_MS	10000

/**
 * struct file - one open file
 * @sink: what the router knows of it
 * @rotation: when the next file is begun
 * @mode: permission bits of new ones; 0: the default, which umask restricts
 * @base: bytes that were in it when it was opened, less what had been written
 *	to others before
 * @path: the file's name
 */
struct file {
	struct sink sink;
	struct rotation rotation;
	mode_t mode;
	__u64 base;
	char path[];
};

static struct file *to_file(struct sink *sink)
{
	return container_of(sink, struct file, sink);
}

/* O_NONBLOCK: the path may lead to a FIFO or a device. */
static int open_path(const char *path, mode_t mode, int flags)
{
	mode_t mask = mode ? umask(0) : 0;
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
			O_NOCTTY | O_NONBLOCK | flags, mode ?: DEFAULT_MODE);

	if (mode)
		umask(mask);
	return fd;
}

/*
 * A FIFO that nobody reads cannot be opened for writing, unless it is open for reading
 * meanwhile.  -1 with errno.
 */
static int open_fifo(const char *path, mode_t mode)
{
	int reader = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int fd = reader < 0 ? -1 : open_path(path, mode, 0);

	if (reader >= 0)
		close(reader);
	return fd;
}

static void explain(const char *path, int err, char *why, size_t size)
{
	if (err == ELOOP)
		snprintf(why, size, "%s: is a symbolic link, which is not followed", path);
	else if (err == ENOENT)
		snprintf(why, size, "%s: there is no such directory; make it first", path);
	else
		snprintf(why, size, "%s: %s", path, strerror(err));
}

/* A daemon that was killed in the middle of a line has left it like this. */
static bool ends_within_line(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	char last = '\n';
	off_t size;

	if (fd < 0)
		return false;
	size = lseek(fd, 0, SEEK_END);
	if (size > 0 && pread(fd, &last, 1, size - 1) != 1)
		last = '\n';
	close(fd);
	return last != '\n';
}

static int rotate(struct file *f)
{
	int err = rotation_turn(&f->rotation);
	int fd = err ? -1 : open_path(f->path, f->mode, O_EXCL);

	if (fd < 0)
		return err ?: -errno;
	stream_replace(&f->sink.stream, fd);
	f->base = -f->sink.stream.written;
	return 0;
}

/* Before each write: a new file, if the one there is full. */
static ssize_t file_cut(struct stream *s, const struct iovec *iov, int count, size_t len,
			size_t *skip)
{
	struct file *f = to_file(container_of(s, struct sink, stream));
	int err = 0;
	size_t n;

	(void)len;
	(void)skip;
	while (!(n = rotation_fits(&f->rotation, f->base + s->written, s->at_eol, iov, count)) &&
	       !(err = rotate(f)))
		;
	if (!err)
		err = rotation_make_room(&f->rotation, f->base + s->written + n);
	if (err || !s->stalled)
		s->awaits = err ? "it can be rotated" : NULL;
	return err ?: (ssize_t)n;
}

static void file_closed(struct stream *s)
{
	sink_log_dropped(s);
	free(to_file(container_of(s, struct sink, stream)));
	sink_count(-1);
}

static enum stream_kind kind_of(mode_t mode)
{
	if (S_ISREG(mode))
		return STREAM_REGULAR;
	return S_ISFIFO(mode) ? STREAM_FIFO : STREAM_NONBLOCK;
}

static int set_up(struct file *f, int fd, const struct sink_request *rq, char *why,
		  size_t size)
{
	const struct sink_settings *set = rq->set;
	bool rotated = set->size || set->total;
	struct stream *s = &f->sink.stream;
	struct stat st;

	if (fstat(fd, &st)) {
		snprintf(why, size, "%s: %s", f->path, strerror(errno));
		return -1;
	}
	if (rotated && !S_ISREG(st.st_mode)) {
		snprintf(why, size, "%s: size= and total= are for regular files, which it is not",
			 f->path);
		return -1;
	}

	f->sink.ops = rq->kind;
	f->sink.eol = "\n";
	f->sink.shared = !rq->vm;
	f->mode = set->mode;
	f->base = st.st_size;
	s->notice = rq->raw ? NULL : rq->notice ?: &drop_notice_lf;
	s->blocks = set->full == FULL_BLOCK;
	s->patience_ms = PATIENCE_MS;
	s->died = sink_log_died;
	s->closed = file_closed;
	if (rotated) {
		rotation_init(&f->rotation, f->path, set);
		s->cut = file_cut;
	}
	if (S_ISFIFO(st.st_mode))
		s->awaits = "somebody reads it";
	if (stream_init(s, fd, kind_of(st.st_mode), set->queue ?: BOUND, f->path)) {
		snprintf(why, size, "%s: no memory", f->path);
		return -1;
	}
	s->at_eol = !S_ISREG(st.st_mode) || !ends_within_line(f->path);
	if (!s->at_eol && !rq->raw)
		stream_put(s, "\n", 1);
	return 0;
}

static struct sink *file_open(const struct sink_request *rq, char *why, size_t size)
{
	int fd = open_path(rq->path, rq->set->mode, 0);
	bool has_reader = fd >= 0 || errno != ENXIO;
	struct file *f;

	if (!has_reader)
		fd = open_fifo(rq->path, rq->set->mode);
	if (fd < 0) {
		explain(rq->path, errno, why, size);
		return NULL;
	}
	f = calloc(1, sizeof(*f) + strlen(rq->path) + 1);
	if (!f) {
		snprintf(why, size, "%s: no memory", rq->path);
		close(fd);
		return NULL;
	}
	memcpy(f->path, rq->path, strlen(rq->path) + 1);
	if (set_up(f, fd, rq, why, size)) {
		close(fd);
		free(f);
		return NULL;
	}
	sink_count(1);
	if (!has_reader)
		stream_stall(&f->sink.stream, EPIPE);
	return &f->sink;
}

/* Somebody has moved the file away, or the one that failed may work again. */
static void file_reopen(struct sink *sink)
{
	struct file *f = to_file(sink);
	struct stream *s = &sink->stream;
	struct stat old, new;
	char why[512];
	int fd;

	if (s->kind != STREAM_REGULAR)
		return;
	fd = open_path(f->path, f->mode, 0);
	if (fd < 0) {
		explain(f->path, errno, why, sizeof(why));
		log_warning("%s: cannot be opened again, the old file goes on", why);
		return;
	}
	if (fstat(fd, &new) || !S_ISREG(new.st_mode)) {
		log_warning("%s: is no regular file now, the old file goes on", f->path);
		close(fd);
		return;
	}
	if (!s->dead && !fstat(s->fd, &old) && old.st_dev == new.st_dev &&
	    old.st_ino == new.st_ino) {
		close(fd);
		return;
	}
	stream_replace(s, fd);
	f->base = new.st_size - s->written;
	s->at_eol = !ends_within_line(f->path);
	/* Whatever stood there unfinished stands in the old file. */
	sink->unfinished = NULL;
}

static void file_close(struct sink *sink)
{
	stream_close(&sink->stream);
}

const struct sink_ops sink_file = {
	.name = "file",
	.arg = "PATH",
	.help = "appended to a file, a FIFO or a device; never through a symbolic link",
	.raw = true,
	.open = file_open,
	.put = sink_put_stream,
	.reopen = file_reopen,
	.close = file_close,
};
