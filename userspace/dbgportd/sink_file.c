// SPDX-License-Identifier: GPL-2.0
/* file=PATH: the exact bytes, appended to a file. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportd/log.h"
#include "dbgportd/path.h"
#include "dbgportd/sink.h"

/* What waits while the disk is full. */
#define BOUND	(1024 * 1024)

static void file_died(struct stream *s, int err)
{
	log_line("%s: %s: its output is dropped", s->name, strerror(err));
}

static void file_closed(struct stream *s)
{
	if (s->dropped)
		log_line("%s: closed; %llu bytes were dropped in all", s->name,
			 s->dropped);
	free(container_of(s, struct sink, stream));
	sink_count(-1);
}

static struct sink *file_open(const struct sink_request *rq, char *why, size_t size)
{
	char path[PATH_MAX];
	struct sink *sink;
	struct stat st;
	int fd;

	if (path_expand(path, sizeof(path), rq->path, rq->vm)) {
		snprintf(why, size, "--%s file=%s: the path is too long", rq->role, rq->path);
		return NULL;
	}

	/* O_NONBLOCK: the path may lead to a FIFO or a device. */
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
			O_NOCTTY | O_NONBLOCK, 0640);
	if (fd < 0 && errno == ELOOP) {
		snprintf(why, size, "%s: is a symbolic link, which is not followed", path);
		return NULL;
	}
	if (fd < 0 && errno == ENXIO) {
		snprintf(why, size, "%s: is a FIFO that nobody reads", path);
		return NULL;
	}
	sink = fd < 0 ? NULL : calloc(1, sizeof(*sink));
	if (!sink || fstat(fd, &st)) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		free(sink);
		return NULL;
	}

	sink->ops = &sink_file;
	sink->eol = "\n";
	sink->shared = !rq->vm;
	sink->stream.died = file_died;
	sink->stream.closed = file_closed;
	stream_init(&sink->stream, fd,
		    S_ISREG(st.st_mode) ? STREAM_REGULAR : STREAM_NONBLOCK, BOUND, path);
	sink_count(1);
	return sink;
}

static void file_close(struct sink *sink)
{
	stream_close(&sink->stream);
}

const struct sink_ops sink_file = {
	.name = "file",
	.takes_path = true,
	.open = file_open,
	.put = sink_put_stream,
	.close = file_close,
};
