// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportd/loop/clock.h"
#include "dbgportd/stream/handover.h"
#include "dbgportd/stream/iov.h"
#include "dbgportd/stream/stream.h"

static void (*on_close)(const struct stream *s);
static __u64 hurried_at;

static void maybe_closed(struct stream *s)
{
	char *name;

	if (!s->closing || s->dirty || s->gather.waits)
		return;
	if (!stream_is_empty(s) && !s->held && !s->stalled && !s->impatient) {
		if (s->patience_ms && !s->patience.busy)
			loop_timeout(&s->patience, s->patience_ms);
		return;
	}

	stream_give_up(s);
	loop_cancel(&s->write);
	loop_cancel(&s->room);
	loop_cancel(&s->retry);
	loop_cancel(&s->patience);
	if (s->write.busy || s->room.busy || s->retry.busy || s->patience.busy)
		return;

	if (s->fd > STDERR_FILENO)
		close(s->fd);
	backlog_free(&s->backlog);
	name = s->name;
	if (on_close)
		on_close(s);
	s->closed(s);
	free(name);
}

static void write_failed(struct stream *s, int err)
{
	if (err == EAGAIN)
		loop_poll(&s->room, s->fd, POLLOUT);
	else if (stream_kind_retries(s->kind, err))
		stream_stall(s, err);
	else
		stream_die(s, err);
}

static void count_written(struct stream *s, const struct iovec *iov, size_t n)
{
	s->written += n;
	s->at_eol = backlog_written(&s->backlog, iov, n);
}

/* All that waits, or as much as the file takes now. */
static void write_now(struct stream *s)
{
	struct backlog *b = &s->backlog;
	struct iovec iov[3];
	int count;

	while ((count = backlog_peek(b, s->notice, iov))) {
		/* A notice has a datagram of its own. */
		bool alone = s->kind == STREAM_DATAGRAM && backlog_has_piece(b);
		size_t len = alone ? iov->iov_len : iov_length(iov, count), skip = 0;
		ssize_t n;

		if (alone) {
			count = 1;
		} else if (s->cut) {
			n = s->cut(s, iov, count, len, &skip);
			if (n < 0) {
				stream_stall(s, -n);
				break;
			}
			len = n;
			count = iov_shorten(iov, count, len);
		}
		/* Mostly one piece, for which writev() is much dearer in the kernel. */
		n = count > 1 ? writev(s->fd, iov, count) :
				write(s->fd, iov->iov_base, iov->iov_len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EMSGSIZE && s->kind == STREAM_DATAGRAM) {
			s->last_error = errno;
			stream_count_dropped(s, len);
			n = len;
		} else if (n <= 0) {
			write_failed(s, n ? errno : EIO);
			break;
		}
		count_written(s, iov, n);
		if ((size_t)n == len)
			queue_skip(&b->queue, skip);
		else if (!s->at_eol)
			backlog_keep_line(b);
		if (s->stalled)
			stream_go_on(s);
	}
	if (s->dead)
		return;
	queue_shrink(&b->queue);
	stream_update(s);
}

static void write_shared(struct stream *s)
{
	struct iovec iov;

	if (s->write.busy || s->room.busy)
		return;
	stream_update(s);
	/* Without memory: tried again at the next put. */
	if (!backlog_fill_piece(&s->backlog, s->notice, &iov))
		return;
	loop_write_shared(&s->write, s->fd, iov.iov_base, iov.iov_len);
	stream_update(s);
}

static void flush(struct stream *s)
{
	if (s->dead || s->held)
		return;
	if (s->kind == STREAM_REGULAR)
		stream_hand_over(s);
	else if (s->kind == STREAM_SHARED)
		write_shared(s);
	else if (!s->room.busy && !s->retry.busy)
		write_now(s);
}

void stream_go(struct stream *s)
{
	flush(s);
	maybe_closed(s);
}

static void gather_due(struct gather *g)
{
	struct stream *s = container_of(g, struct stream, gather);

	s->due = true;
	stream_mark_dirty(s);
}

static void write_done(struct event *ev, int res)
{
	struct stream *s = container_of(ev, struct stream, write);
	struct iovec iov;

	if (res > 0 && !s->dead && backlog_fill_piece(&s->backlog, s->notice, &iov))
		count_written(s, &iov, res);
	else if (res == -EAGAIN && !s->dead)
		loop_poll(&s->room, s->fd, POLLOUT);
	else if (res != -EINTR && res != -ECANCELED)
		stream_die(s, res ? -res : EIO);
	flush(s);
	maybe_closed(s);
}

static void room_done(struct event *ev, int res)
{
	struct stream *s = container_of(ev, struct stream, room);

	(void)res;	/* an error comes again with the write */
	flush(s);
	maybe_closed(s);
}

static void retry_done(struct event *ev, int res)
{
	struct stream *s = container_of(ev, struct stream, retry);
	int err = s->again && !s->closing ? s->again(s) : 0;

	(void)res;
	if (err)
		stream_stall(s, -err);
	else
		flush(s);
	maybe_closed(s);
}

static void patience_done(struct event *ev, int res)
{
	struct stream *s = container_of(ev, struct stream, patience);

	(void)res;
	s->impatient = true;
	maybe_closed(s);
}

int stream_init(struct stream *s, int fd, enum stream_kind kind, size_t bound,
		const char *name)
{
	s->name = strdup(name);
	if (!s->name)
		return -1;
	s->fd = fd;
	s->kind = kind;
	s->bound = bound;
	queue_init(&s->backlog.queue, s->blocks ? QUEUE_UNBOUNDED : bound);
	s->write.done = write_done;
	s->room.done = room_done;
	s->retry.done = retry_done;
	s->patience.done = patience_done;
	s->gather.due = gather_due;
	return 0;
}

void stream_put(struct stream *s, const void *data, size_t len)
{
	struct queue *queue = &s->backlog.queue;
	__u64 before;

	s->put += len;
	if (s->kind != STREAM_REGULAR)
		hurried_at = loop_now();
	if (s->dead) {
		stream_count_dropped(s, len);
		s->out = s->put;
		return;
	}
	/* A turn may bring more than the queue holds though the file takes it. */
	if (queue->len + len > s->bound) {
		s->due = true;
		flush(s);
	}
	while (queue->len + len > s->bound && s->away && !s->blocks && s->wait(s))
		flush(s);
	before = queue->dropped;
	queue_put(queue, data, len);
	if (queue->dropped != before)
		stream_count_dropped(s, queue->dropped - before);
	stream_update(s);
	stream_mark_dirty(s);
}

__u64 streams_hurried_at(void)
{
	return hurried_at;
}

void stream_hold(struct stream *s, bool held)
{
	s->held = held;
	stream_update(s);
	if (!held)
		stream_mark_dirty(s);
}

void stream_discard(struct stream *s)
{
	backlog_give_up(&s->backlog);
	s->backlog.queue.dropped = 0;
	stream_update(s);
}

void stream_use(struct stream *s, int fd, enum stream_kind kind)
{
	s->fd = fd;
	s->kind = kind;
	stream_mark_dirty(s);
}

void stream_revive(struct stream *s)
{
	s->dead = false;
	stream_mark_dirty(s);
}

void stream_kill(struct stream *s, int err)
{
	stream_die(s, err);
	maybe_closed(s);
}

void stream_close(struct stream *s)
{
	s->closing = true;
	stream_mark_dirty(s);
}

void streams_flush(void)
{
	struct stream *s;

	while ((s = stream_next_dirty())) {
		flush(s);
		maybe_closed(s);
	}
}

void streams_on_close(void (*closing)(const struct stream *s))
{
	on_close = closing;
}
