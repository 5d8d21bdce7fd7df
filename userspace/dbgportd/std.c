// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportd/log.h"
#include "dbgportd/std.h"

#define BOUND	(256 * 1024)

struct std {
	struct sink sink;
	int users;
};

static struct std out, err;

static bool same_file(void)
{
	struct stat a, b;

	return !fstat(STDOUT_FILENO, &a) && !fstat(STDERR_FILENO, &b) &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static void std_died(struct stream *s, int error)
{
	log_line("%s is gone (%s): its output is dropped", s->name, strerror(error));
}

static void std_closed(struct stream *s)
{
	struct sink *sink = container_of(s, struct sink, stream);

	memset(sink, 0, sizeof(*sink));
	sink_count(-1);
}

struct sink *std_open(int fd)
{
	struct std *std = fd == STDOUT_FILENO || same_file() ? &out : &err;

	if (!std->users++) {
		struct sink *sink = &std->sink;

		*sink = (struct sink){ .ops = &sink_stdout, .eol = "\n", .shared = true };
		sink->stream.eol = "\n";
		sink->stream.died = std_died;
		sink->stream.closed = std_closed;
		stream_init(&sink->stream, fd, stream_kind_of(fd), BOUND,
			    std == &out ? "standard output" : "standard error");
		sink_count(1);
	}
	return &std->sink;
}

void std_close(struct sink *sink)
{
	struct std *std = container_of(sink, struct std, sink);

	if (!--std->users)
		stream_close(&sink->stream);
}

void std_check_hangup(void)
{
	struct std *all[] = { &out, &err };

	for (int i = 0; i < 2; i++) {
		struct stream *s = &all[i]->sink.stream;
		struct pollfd pfd = { .fd = s->fd, .events = POLLOUT };

		if (all[i]->users && !s->dead &&
		    poll(&pfd, 1, 0) == 1 && pfd.revents & (POLLHUP | POLLERR))
			stream_kill(s, EIO);
	}
}
