// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "dbgportd/sink/regular.h"
#include "dbgportd/sink/std.h"
#include "dbgportd/sink/writer_process.h"
#include "lib/log.h"
#include "words/drop_notice.h"

/* A turn's worth in the longest format. */
#define BOUND	(1024 * 1024)

struct std {
	struct sink sink;
	struct regular regular;
	int users;
};

static void reader_left(struct event *ev, int res);

static struct std out, err;
/* Waits for the end of who reads standard output: "dbgportd | head -n 1". */
static struct event reader = { .done = reader_left };

static bool same_file(void)
{
	struct stat a, b;

	return !fstat(STDOUT_FILENO, &a) && !fstat(STDERR_FILENO, &b) &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static void std_died(struct stream *s, int error)
{
	log_warning("%s is gone (%s): its output is dropped", s->name, strerror(error));
}

/* One without a name can get no other reader. */
static bool is_unnamed_pipe(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == PIPEFS_MAGIC;
}

static void await_reader(void)
{
	if (!reader.busy && is_unnamed_pipe(out.sink.stream.fd))
		loop_poll(&reader, out.sink.stream.fd, POLLERR);
}

static void reader_left(struct event *ev, int res)
{
	(void)ev;
	if (!out.users)
		return;
	if (res > 0 && res & POLLERR)
		stream_kill(&out.sink.stream, EPIPE);
	else	/* what was closed meanwhile, and is open again */
		await_reader();
}

static void std_closed(struct stream *s)
{
	struct std *std = container_of(container_of(s, struct sink, stream), struct std, sink);

	regular_end(&std->regular);
	memset(std, 0, sizeof(*std));
	sink_count(-1);
}

/*
 * Pipes and terminals can be opened once more, which gives a file of our own,
 * on which O_NONBLOCK is not seen by others; -1 where they cannot.
 */
static int open_own(int fd)
{
	struct stat st;
	char path[32];

	if (fstat(fd, &st) || !(S_ISFIFO(st.st_mode) || isatty(fd)))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static void std_opened(struct regular *r, const struct writer_reply *reply, int fd)
{
	(void)fd;
	if (reply->err)
		stream_kill(r->stream, reply->err);
}

/* What it leads to may be on a file system that hangs. */
static int init_regular(struct std *std, int fd, const char *name)
{
	struct stream *s = &std->sink.stream;

	std->regular = (struct regular){
		.stream = s, .path = "", .fd = fd, .process = writer_process,
		.opened = std_opened,
	};
	return stream_init(s, fd, STREAM_REGULAR, BOUND, name) ?: regular_begin(&std->regular);
}

static int init(struct std *std, int fd, const char *name)
{
	struct stream *s = &std->sink.stream;
	enum stream_kind kind = stream_kind_of(fd);
	int own = open_own(fd);

	if (own < 0)
		return kind == STREAM_REGULAR ? init_regular(std, fd, name) :
						stream_init(s, fd, kind, BOUND, name);
	if (!stream_init(s, own, STREAM_NONBLOCK, BOUND, name))
		return 0;
	close(own);
	return -1;
}

/* Whatever kind it was opened as. */
static const struct sink_ops std_ops = {
	.put = sink_put_stream,
	.close = std_close,
};

struct sink *std_open(int fd)
{
	struct std *std = fd == STDOUT_FILENO || same_file() ? &out : &err;
	struct sink *sink = &std->sink;

	if (std->users++)
		return sink;
	*sink = (struct sink){
		.ops = &std_ops,
		.bol = log_is_journal(fd) ? "<6>" : NULL,
		.eol = "\n",
		.shared = true,
		.terminal = isatty(fd),
		.stream = { .notice = &drop_notice_lf, .died = std_died, .closed = std_closed },
	};
	if (init(std, fd, std == &out ? "standard output" : "standard error")) {
		std->users = 0;
		return NULL;
	}
	sink_count(1);
	if (std == &out)
		await_reader();
	return sink;
}

void std_close(struct sink *sink)
{
	struct std *std = container_of(sink, struct std, sink);

	if (--std->users)
		return;
	if (std == &out)
		loop_cancel(&reader);
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
