// SPDX-License-Identifier: GPL-2.0
/* file=PATH: appended to a file, or written to a FIFO or device. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/regular.h"
#include "dbgportd/sink/settings.h"
#include "dbgportd/sink/sink.h"
#include "dbgportd/sink/writer_process.h"
#include "lib/log.h"
#include "words/drop_notice.h"

/* What waits while the disk is full. */
#define BOUND		(1024 * 1024)
/* How long a FIFO's reader may take for the rest, once all is over. */
#define PATIENCE_MS	10000
/*
 * How long to wait for the file to be opened, so that the one who asks hears what is wrong:
 * as the daemon starts, and while it has other things to do.
 */
#define OPEN_MS		2000
#define OPEN_VM_MS	100

/**
 * struct file - one open file
 * @sink: what the router knows of it
 * @regular: who opens it, and writes it if it is a regular file
 * @opening: file_open() waits for that
 * @err: why it could not be opened, an errno; 0: nothing is known
 * @pattern: matches all VMs' files there; behind @path
 * @path: the file's name
 */
struct file {
	struct sink sink;
	struct regular regular;
	bool opening;
	int err;
	const char *pattern;
	char path[];
};

static struct file *to_file(struct sink *sink)
{
	return container_of(sink, struct file, sink);
}

static void explain(const char *path, int err, char *why, size_t size)
{
	if (err == ELOOP)
		snprintf(why, size, "%s: is a symbolic link, which is not followed", path);
	else if (err == ENOENT)
		snprintf(why, size, "%s: there is no such directory; make it first", path);
	else if (err == ESPIPE)
		snprintf(why, size,
			 "%s: size=, total= and max-age= are for regular files, which it is not",
			 path);
	else
		snprintf(why, size, "%s: %s", path, strerror(err));
}

static void file_closed(struct stream *s)
{
	struct file *f = to_file(container_of(s, struct sink, stream));

	if (!f->opening)
		sink_log_dropped(s);
	regular_end(&f->regular);
	free(f);
	sink_count(-1);
}

static void file_died(struct stream *s, int err)
{
	const struct file *f = to_file(container_of(s, struct sink, stream));
	char why[PATH_MAX + 128];

	if (f->opening)
		return;
	explain(f->path, err, why, sizeof(why));
	log_limited(LOG_LEVEL_WARNING, "%s: its output is dropped", why);
}

/* A FIFO or a device: to be written to by ourselves, as it never hangs. */
static void use(struct file *f, const struct writer_reply *reply, int fd)
{
	struct stream *s = &f->sink.stream;

	regular_end(&f->regular);
	s->again = NULL;
	s->patience_ms = PATIENCE_MS;
	if (S_ISFIFO(reply->mode))
		s->awaits = "a process reads it";
	stream_use(s, fd, S_ISFIFO(reply->mode) ? STREAM_FIFO : STREAM_NONBLOCK);
	if (reply->no_reader)
		stream_stall(s, EPIPE);
}

static void file_opened(struct regular *r, const struct writer_reply *reply, int fd)
{
	struct file *f = container_of(r, struct file, regular);

	f->err = reply->err;
	if (reply->unmarked)
		log_limited(LOG_LEVEL_WARNING,
			    "%s: %s: max-age= and, over all VMs, total= need extended attributes",
			    f->path, strerror(reply->unmarked));
	if (fd >= 0 && (r->set.size || r->set.total || r->set.max_age)) {
		close(fd);
		f->err = ESPIPE;
	} else if (fd >= 0) {
		use(f, reply, fd);
	}
	if (f->err)
		stream_kill(&f->sink.stream, f->err);
}

static void file_reopened(struct regular *r, const struct writer_reply *reply)
{
	struct file *f = container_of(r, struct file, regular);
	char why[PATH_MAX + 128];

	if (reply->err == EINVAL) {
		log_warning("%s: is no regular file now, the old file goes on", f->path);
	} else if (reply->err) {
		explain(f->path, reply->err, why, sizeof(why));
		log_warning("%s: cannot be opened again, the old file goes on", why);
	} else {
		/* Whatever stood there unfinished stands in the old file. */
		f->sink.unfinished = NULL;
	}
}

static int begin(struct file *f, const struct sink_request *rq)
{
	const struct sink_settings *set = rq->set;
	struct stream *s = &f->sink.stream;

	f->sink.ops = rq->kind;
	f->sink.eol = "\n";
	f->sink.shared = !rq->vm;
	f->regular = (struct regular){
		.stream = s,
		.path = f->path,
		.pattern = f->pattern,
		.set = *set,
		.along = -1,
		.process = writer_process,
		.end_line = !rq->raw,
		.opened = file_opened,
		.reopened = file_reopened,
	};
	s->notice = rq->raw ? NULL : rq->notice ?: &drop_notice_lf;
	s->blocks = set->full == FULL_BLOCK;
	s->gathers = true;
	s->at_eol = true;
	s->died = file_died;
	s->closed = file_closed;
	if (stream_init(s, -1, STREAM_REGULAR, set->queue ?: BOUND, f->path))
		return -ENOMEM;
	return regular_begin(&f->regular);
}

/* What has begun ends by itself. */
static void give_up(struct file *f)
{
	stream_kill(&f->sink.stream, f->err);
	stream_close(&f->sink.stream);
}

static struct sink *file_open(const struct sink_request *rq, char *why, size_t size)
{
	size_t len = strlen(rq->path) + 1;
	struct file *f = calloc(1, sizeof(*f) + len + strlen(rq->pattern) + 1);
	int err;

	if (!f) {
		snprintf(why, size, "%s: no memory", rq->path);
		return NULL;
	}
	memcpy(f->path, rq->path, len);
	f->pattern = memcpy(f->path + len, rq->pattern, strlen(rq->pattern) + 1);
	f->opening = true;
	f->err = -begin(f, rq);
	if (!f->sink.stream.name) {
		snprintf(why, size, "%s: no memory", f->path);
		free(f);
		return NULL;
	}
	sink_count(1);
	if (!f->err && (!rq->vm || !writers_hang()))
		regular_wait_open(&f->regular, rq->vm ? OPEN_VM_MS : OPEN_MS);
	err = f->err;
	if (err) {
		explain(f->path, err, why, size);
		give_up(f);
		errno = err;
		return NULL;
	}
	f->opening = false;
	return &f->sink;
}

/* Somebody has moved the file away, or the one that failed may work again. */
static void file_reopen(struct sink *sink)
{
	if (sink->stream.kind == STREAM_REGULAR)
		regular_reopen(&to_file(sink)->regular);
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
