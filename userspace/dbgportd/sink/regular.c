// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "dbgportd/sink/regular.h"
#include "dbgportd/stream/handover.h"
#include "dbgportd/stream/iov.h"
#include "lib/clock.h"

/*
 * What a loop may wait for disks, of a second: a healthy one is never outrun, and one
 * that is slow does not hold the others up.
 */
#define BUDGET_MS	100

/* Where what is written next can be cut: behind the last line that fits, if one does. */
static size_t whole_lines(const char *data, size_t len)
{
	const char *end = memrchr(data, '\n', len);

	return end ? (size_t)(end + 1 - data) : len;
}

static size_t copy(char *to, const struct iovec *iov, int count)
{
	size_t len = 0;

	for (int i = 0; i < count; i++) {
		size_t n = iov[i].iov_len < WRITER_AREA - len ? iov[i].iov_len : WRITER_AREA - len;

		memcpy(to + len, iov[i].iov_base, n);
		len += n;
	}
	return len < iov_length(iov, count) ? whole_lines(to, len) : len;
}

static void ask(struct regular *r, enum writer_op op, size_t len, int fd)
{
	struct writer_request rq = {
		.op = op, .len = len, .set = r->set, .end_line = r->end_line,
	};

	r->op = op;
	writer_ask(&r->client, &rq, fd);
}

static void ask_open(struct regular *r)
{
	if (*r->path) {
		int len = sprintf(writer_area(&r->client), "%s%c%s", r->path, '\0', r->pattern);

		ask(r, WRITER_OPEN, len + 1, r->along);
	} else {
		ask(r, WRITER_ADOPT, 0, r->fd);
	}
}

/* The writer of its directory. */
static int get_writer(struct regular *r)
{
	const char *name = strrchr(r->path, '/');
	char dir[PATH_MAX];

	if (!*r->path)
		snprintf(dir, sizeof(dir), "%s", r->stream->name);
	else
		snprintf(dir, sizeof(dir), "%.*s/", name ? (int)(name - r->path) : 1,
			 name ? r->path : ".");
	return writer_get(&r->client, dir, r->process);
}

/* Whether something else comes before bytes can be written. */
static bool is_busy(struct regular *r)
{
	int err = r->client.writer ? 0 : get_writer(r);

	if (err) {
		r->stream->awaits = "a process can be made";
		stream_stall(r->stream, -err);
		return true;
	}
	if (r->client.asked || !writer_is_free(&r->client))
		return true;
	if (!r->is_open) {
		r->reopens = false;
		ask_open(r);
	} else if (r->reopens) {
		r->reopens = false;
		ask(r, WRITER_REOPEN, 0, -1);
	} else {
		return false;
	}
	return true;
}

static size_t hand_over(struct stream *s, const struct iovec *iov, int count)
{
	struct regular *r = s->owner;
	char *area;

	if (is_busy(r))
		return 0;
	area = writer_area(&r->client);
	r->area = area;
	r->taken = copy(area, iov, count);
	ask(r, WRITER_WRITE, r->taken, -1);
	return r->taken;
}

/* Called where bytes would be dropped: the loop waits for a healthy disk instead. */
static bool wait_briefly(struct stream *s)
{
	static __u64 second, used;
	struct regular *r = s->owner;
	__u64 begin = clock_ns(CLOCK_MONOTONIC) / NSEC_PER_MSEC;
	bool came;

	if (begin / 1000 != second) {
		second = begin / 1000;
		used = 0;
	}
	if (used >= BUDGET_MS)
		return false;
	came = writer_wait(&r->client, BUDGET_MS - used);
	used += clock_ns(CLOCK_MONOTONIC) / NSEC_PER_MSEC - begin;
	return came;
}

static int again(struct stream *s)
{
	struct regular *r = s->owner;

	if (!r->is_open)
		is_busy(r);
	return 0;
}

/* What keeps a file from being opened only for now. */
static bool passes(int err)
{
	return err == EMFILE || err == ENFILE || stream_kind_retries(STREAM_REGULAR, err);
}

static void take_opened(struct regular *r, const struct writer_reply *reply, int fd)
{
	struct stream *s = r->stream;

	if (passes(reply->err)) {
		s->awaits = "a file can be opened";
		stream_stall(s, reply->err);
		return;
	}
	if (!reply->err && s->stalled)
		stream_go_on(s);
	s->awaits = NULL;
	r->is_open = !reply->err && S_ISREG(reply->mode);
	s->at_eol = !reply->within_line;
	stream_mark_dirty(s);
	r->opened(r, reply, fd);
}

static void wrote(struct regular *r, size_t n, int err, bool later)
{
	size_t len = r->taken;

	r->taken = 0;
	stream_wrote(r->stream, r->area, len, n, err, later);
}

/* The file that there was goes on, unless it had failed, too. */
static void reopened(struct regular *r, const struct writer_reply *reply)
{
	if (reply->changed)
		r->stream->at_eol = !reply->within_line;
	if ((reply->changed || reply->err) && r->reopened)
		r->reopened(r, reply);
	stream_mark_dirty(r->stream);
}

static void done(struct writer_client *c, const struct writer_reply *reply, int fd)
{
	struct regular *r = container_of(c, struct regular, client);
	struct stream *s = r->stream;

	if (!reply) {
		r->is_open = false;
		s->awaits = "its writer runs";
		wrote(r, 0, EPIPE, true);
	} else if (r->op == WRITER_WRITE) {
		s->awaits = reply->rotates ? "it can be rotated" : NULL;
		wrote(r, reply->done, reply->err, reply->rotates ||
		      stream_kind_retries(STREAM_REGULAR, reply->err));
	} else if (r->op == WRITER_REOPEN) {
		reopened(r, reply);
	} else {
		take_opened(r, reply, fd);
	}
}

static void turn(struct writer_client *c)
{
	struct regular *r = container_of(c, struct regular, client);

	if (!is_busy(r))
		stream_go(r->stream);
}

int regular_begin(struct regular *r)
{
	int err;

	r->client.done = done;
	r->client.turn = turn;
	err = get_writer(r);
	if (err)
		return err;
	r->stream->owner = r;
	r->stream->hand_over = hand_over;
	r->stream->wait = wait_briefly;
	r->stream->again = again;
	is_busy(r);
	return 0;
}

bool regular_wait_open(struct regular *r, int ms)
{
	return writer_wait(&r->client, ms);
}

void regular_reopen(struct regular *r)
{
	r->reopens = true;
	if (r->stream->dead)
		stream_revive(r->stream);
	is_busy(r);
}

void regular_end(struct regular *r)
{
	writer_put(&r->client);
}
