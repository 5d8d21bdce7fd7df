// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "dbgportd/sink/dgram.h"

/* A turn's worth in the longest format. */
#define QUEUE		(1024 * 1024)
/* How long a listener may take for the rest, once all is over. */
#define PATIENCE_MS	10000

/**
 * struct dgram - a sink, and what only it has
 * @sink: what all have
 * @notice: the kind's, with whose bytes they were behind
 * @after: the end of that
 */
struct dgram {
	struct sink sink;
	struct drop_notice notice;
	char after[];
};

/* 0 or a negative errno; -ENOTSOCK: something else is there. */
static int connect_to(int fd, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int node = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	int err = 0;

	if (node < 0)
		return -errno;
	snprintf(addr.sun_path, sizeof(addr.sun_path), "/proc/self/fd/%d", node);
	if (fstat(node, &st) || !S_ISSOCK(st.st_mode))
		err = -ENOTSOCK;
	else if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		err = -errno;
	close(node);
	return err;
}

static int dgram_again(struct stream *s)
{
	return connect_to(s->fd, s->name);
}

static void dgram_closed(struct stream *s)
{
	sink_log_dropped(s);
	free(container_of(s, struct dgram, sink.stream));
	sink_count(-1);
}

static struct dgram *make(const struct dgram_kind *kind)
{
	size_t room = strlen(kind->notice->after) + strlen(kind->whose) + 1;
	struct dgram *d = calloc(1, sizeof(*d) + room);

	if (d) {
		snprintf(d->after, room, "%s%s", kind->notice->after, kind->whose);
		d->notice = (struct drop_notice){ kind->notice->before, d->after };
	}
	return d;
}

struct sink *dgram_open(const struct dgram_kind *kind, const char *path, size_t queue,
			char *why, size_t size)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err = fd < 0 ? -errno : connect_to(fd, path);
	struct dgram *d = make(kind);
	struct sink *sink;

	if (err == -ENOTSOCK)
		snprintf(why, size, "%s: is there already and is no socket", path);
	else if (err == -EPROTOTYPE)
		snprintf(why, size, "%s: is no datagram socket", path);
	else if (err && (kind->needed || (err != -ENOENT && err != -ECONNREFUSED)))
		snprintf(why, size, "%s: %s%s%s", path, strerror(-err),
			 kind->needed ? ": " : "", kind->needed ?: "");
	else if (!d || stream_init(&d->sink.stream, fd, STREAM_DATAGRAM, queue ?: QUEUE, path))
		snprintf(why, size, "%s: no memory", path);
	else
		goto opened;
	if (fd >= 0)
		close(fd);
	free(d);
	errno = err ? -err : ENOMEM;
	return NULL;

opened:
	sink = &d->sink;
	sink->ops = kind->ops;
	sink->eol = "\n";
	sink->stream.notice = &d->notice;
	sink->stream.cut = kind->cut;
	sink->stream.again = dgram_again;
	sink->stream.awaits = "a process listens";
	sink->stream.patience_ms = PATIENCE_MS;
	sink->stream.died = sink_log_died;
	sink->stream.closed = dgram_closed;
	sink_count(1);
	if (err)
		stream_stall(&sink->stream, -err);
	return sink;
}

void dgram_close(struct sink *sink)
{
	stream_close(&sink->stream);
}
