/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of the daemon's parts share: running its loop, and a sink that remembers. */
#ifndef DAEMON_DRIVE_H
#define DAEMON_DRIVE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "dbgportd/config/route.h"
#include "dbgportd/loop/loop.h"
#include "dbgportd/router/output.h"
#include "dbgportd/sink/sink.h"
#include "lib/log.h"
#include "words/format.h"

/* Each program that runs the loop is built a second time, for the other engine. */
#ifndef ENGINE
#define ENGINE	"uring"
#endif

/* Far more than what is bounded takes. */
#define PATIENCE_MS	10000
/* What takes longer never comes, on however busy a machine. */
#define LIMIT_MS	120000

static inline void tick_done(struct event *ev, int res)
{
	(void)ev;
	(void)res;
}

static inline __u64 drive_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ULL + ts.tv_nsec / 1000000;
}

/* Run the loop until @cond holds; false if it does not within LIMIT_MS. */
#define drive_until(cond) ({						\
	static struct event tick = { .done = tick_done };		\
	__u64 limit = drive_clock() + LIMIT_MS;				\
	bool ok;							\
									\
	streams_flush();						\
	while (!(ok = (cond)) && drive_clock() < limit) {		\
		if (!tick.busy)						\
			loop_timeout(&tick, 10);			\
		if (loop_turn())					\
			break;						\
		streams_flush();					\
	}								\
	ok;								\
})

/* All that was put on the stream is written, or cannot be. */
static inline void drive_settle(struct stream *s)
{
	if (!drive_until(stream_is_empty(s) || s->stalled || s->dead))
		abort();
}

/* How many sinks are open, and whether one of them has something to write. */
struct drive_sinks {
	int count;
	bool busy;
};

static inline void drive_see_sink(const struct sink_ops *kind, const char *path,
				  const struct sink *sink, int users, void *arg)
{
	const struct stream *s = &sink->stream;
	struct drive_sinks *sinks = arg;

	(void)kind;
	(void)path;
	(void)users;
	sinks->count++;
	if (s->name && !stream_is_empty(s) && !s->held && !s->stalled)
		sinks->busy = true;
}

static inline bool drive_sinks_are_quiet(void)
{
	struct drive_sinks sinks = { 0 };

	sinks_each(drive_see_sink, &sinks);
	return !sinks.busy && sinks_open() <= sinks.count;
}

/* All that was put on sinks is written, and those that were given back are closed. */
static inline void drive_sinks(void)
{
	drive_until(drive_sinks_are_quiet());
}

/* Our children, which are the writers; one that was there before may just be ending. */
static inline int drive_writers(int pid[], int max)
{
	char path[64];
	FILE *f;
	int n = 0;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", gettid());
	f = fopen(path, "r");
	if (!f)
		abort();
	while (n < max && fscanf(f, "%d", &pid[n]) == 1)
		n++;
	fclose(f);
	return n;
}

/* The file size limit stands for a full disk: the same way back and forth. */
static inline void drive_limit_size(rlim_t bytes)
{
	const struct rlimit r = { bytes, RLIM_INFINITY };
	int pid[16], n = drive_writers(pid, 16);

	while (n)
		prlimit(pid[--n], RLIMIT_FSIZE, &r, NULL);
}

/* Run the loop for a while. */
static inline void drive_for(unsigned int ms)
{
	__u64 end = drive_clock() + ms;

	drive_until(drive_clock() >= end);
}

/* Read from @fd until @want bytes came, it ends, or nothing comes for a while. */
static inline size_t drive_receive(int fd, char *buf, size_t size, size_t want)
{
	__u64 last = drive_clock();
	size_t len = 0;
	ssize_t n;

	drive_until(({
		n = read(fd, buf + len, size - 1 - len);
		if (n > 0) {
			len += n;
			last = drive_clock();
		}
		!n || len >= want || drive_clock() - last > 1000;
	}));
	buf[len] = '\0';
	return len;
}

/* The next @want bytes of @fd, NUL-terminated; what there is if no more come. */
static inline const char *drive_text(int fd, size_t want)
{
	static char text[4096];

	drive_receive(fd, text, sizeof(text), want);
	return text;
}

/* @text comes from @fd, and nothing else with it. */
#define EXPECT_COMES(text, fd)	EXPECT_STREQ(text, drive_text(fd, strlen(text)))

static inline void drive_put(struct sink *sink, const char *text)
{
	sink->ops->put(sink, text, strlen(text));
}

/* The numbers from 0 to @end - 1, each a line of eight bytes. */
static inline void drive_count(struct sink *sink, int end)
{
	char line[16];

	for (int i = 0; i < end; i++) {
		snprintf(line, sizeof(line), "%07d\n", i);
		drive_put(sink, line);
	}
}

/* Every byte there is goes into @sink: it comes out of @fd as it was. */
static inline bool drive_every_byte(struct sink *sink, int fd)
{
	char all[256], got[300];

	for (int i = 0; i < 256; i++)
		all[i] = i;
	sink->ops->put(sink, all, sizeof(all));
	return drive_receive(fd, got, sizeof(got), 256) == 256 && !memcmp(all, got, 256);
}

/* A socket that somebody else has at @path, in place of what is there; or -1. */
static inline int drive_bind(const char *path, int type)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_NONBLOCK, 0);

	unlink(path);
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return -1;
	return fd;
}

static inline void drive_ignore(void *arg, const char *text, size_t n)
{
	(void)arg;
	(void)text;
	(void)n;
}

/* The daemon's messages are not what the test is about. */
static inline void drive_without_log(void)
{
	log_to(drive_ignore, NULL);
}

/* A sink that remembers what came. */
struct memory_sink {
	struct sink sink;
	char text[65536];
	size_t len;
	unsigned int puts;
};

static inline void memory_put(struct sink *sink, const void *data, size_t len)
{
	struct memory_sink *m = container_of(sink, struct memory_sink, sink);

	if (len > sizeof(m->text) - 1 - m->len)
		abort();
	memcpy(m->text + m->len, data, len);
	m->len += len;
	m->puts++;
	m->text[m->len] = '\0';
}

static const struct sink_ops memory_ops = {
	.name = "memory",
	.notices = true,
	.put = memory_put,
};

static inline void memory_init(struct memory_sink *m)
{
	memset(m, 0, sizeof(*m));
	m->sink.ops = &memory_ops;
	m->sink.eol = "\n";
	m->sink.shared = true;
	m->sink.terminal = true;
}

static inline void memory_forget(struct memory_sink *m)
{
	m->len = 0;
	m->puts = 0;
	m->text[0] = '\0';
}

#endif /* DAEMON_DRIVE_H */
