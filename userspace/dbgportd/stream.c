// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportd/log.h"
#include "dbgportd/stream.h"

#define CHUNK		16384
#define RETRY_MS	1000

static struct stream *dirty_list;
static __u64 all_dropped;

static void mark_dirty(struct stream *s)
{
	if (s->dirty)
		return;
	s->dirty = true;
	s->next_dirty = dirty_list;
	dirty_list = s;
}

static bool has_chunk(const struct stream *s)
{
	return s->chunk_off < s->chunk_len;
}

bool stream_is_empty(const struct stream *s)
{
	return s->dead || (!has_chunk(s) && !s->queue.len && !s->queue.dropped);
}

static void count_dropped(struct stream *s, __u64 n)
{
	s->dropped += n;
	all_dropped += n;
}

/* A write that is under way still uses the chunk's memory, so that stays. */
static void give_up(struct stream *s)
{
	if (s->dead)
		return;
	s->dead = true;
	count_dropped(s, s->queue.len + s->chunk_len - s->chunk_off);
	queue_free(&s->queue);
	s->chunk_off = 0;
	s->chunk_len = 0;
}

static void maybe_closed(struct stream *s)
{
	char *name;

	if (!s->closing || s->dirty)
		return;
	if (!stream_is_empty(s) && !s->held && !s->full)
		return;

	give_up(s);
	loop_cancel(&s->write);
	loop_cancel(&s->room);
	loop_cancel(&s->retry);
	if (s->write.busy || s->room.busy || s->retry.busy)
		return;

	if (s->fd > STDERR_FILENO)
		close(s->fd);
	free(s->chunk);
	name = s->name;
	s->closed(s);
	free(name);
}

static void die(struct stream *s, int err)
{
	if (s->dead)
		return;
	give_up(s);
	if (s->died)
		s->died(s, err);
}

/* Next piece of the queue, with a note in front of what was given up. */
static bool fill_chunk(struct stream *s)
{
	size_t n;
	const char *p;

	if (has_chunk(s))
		return true;
	s->chunk_off = 0;
	s->chunk_len = 0;
	if (!s->chunk) {
		s->chunk = malloc(CHUNK);
		if (!s->chunk)
			return false;	/* tried again at the next put */
	}
	if (s->queue.dropped) {
		if (s->eol)
			s->chunk_len = snprintf(s->chunk, CHUNK, "%s[… %llu bytes dropped …]%s",
						s->eol, s->queue.dropped, s->eol);
		s->queue.dropped = 0;
	}
	while (s->chunk_len < CHUNK && (p = queue_peek(&s->queue, &n), n)) {
		if (n > CHUNK - s->chunk_len)
			n = CHUNK - s->chunk_len;
		memcpy(s->chunk + s->chunk_len, p, n);
		queue_skip(&s->queue, n);
		s->chunk_len += n;
	}
	return has_chunk(s);
}

static void write_async(struct stream *s)
{
	if (s->write.busy || s->room.busy || !fill_chunk(s))
		return;
	if (s->kind == STREAM_SHARED)
		loop_write_shared(&s->write, s->fd, s->chunk + s->chunk_off,
				  s->chunk_len - s->chunk_off);
	else
		loop_write(&s->write, s->fd, s->chunk + s->chunk_off,
			   s->chunk_len - s->chunk_off);
}

static void note_full(struct stream *s, int err)
{
	if (!s->full) {
		s->full = true;
		s->dropped_full = s->dropped;
		log_line("%s: %s: goes on as soon as there is space", s->name, strerror(err));
	}
	if (!s->retry.busy && !s->closing)
		loop_timeout(&s->retry, RETRY_MS);
}

static void note_space(struct stream *s)
{
	__u64 dropped = s->dropped - s->dropped_full;

	s->full = false;
	if (dropped)
		log_line("%s: there is space again; %llu bytes were dropped meanwhile",
			 s->name, dropped);
	else
		log_line("%s: there is space again; nothing was dropped", s->name);
}

static void write_regular(struct stream *s)
{
	while (fill_chunk(s)) {
		ssize_t n = write(s->fd, s->chunk + s->chunk_off, s->chunk_len - s->chunk_off);

		if (n > 0) {
			s->chunk_off += n;
			if (s->full)
				note_space(s);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
			note_full(s, errno);
		else
			die(s, n < 0 ? errno : EIO);
		return;
	}
}

static void flush(struct stream *s)
{
	if (s->dead || s->held)
		return;
	if (s->kind != STREAM_REGULAR)
		write_async(s);
	else if (!s->retry.busy)
		write_regular(s);
}

static void write_done(struct event *ev, int res)
{
	struct stream *s = container_of(ev, struct stream, write);

	if (res > 0 && !s->dead)
		s->chunk_off += res;
	else if (res == -EAGAIN && !s->dead)
		loop_poll(&s->room, s->fd, POLLOUT);
	else if (res != -EINTR && res != -ECANCELED)
		die(s, res ? -res : EIO);
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

	(void)res;
	flush(s);
	maybe_closed(s);
}

void stream_init(struct stream *s, int fd, enum stream_kind kind, size_t bound,
		 const char *name)
{
	s->fd = fd;
	s->kind = kind;
	s->name = strdup(name);
	queue_init(&s->queue, bound);
	s->write.done = write_done;
	s->room.done = room_done;
	s->retry.done = retry_done;
}

enum stream_kind stream_kind_of(int fd)
{
	struct stat st;

	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		return STREAM_REGULAR;
	return STREAM_SHARED;
}

void stream_put(struct stream *s, const void *data, size_t len)
{
	__u64 before = s->queue.dropped;

	if (s->dead) {
		count_dropped(s, len);
		return;
	}
	queue_put(&s->queue, data, len);
	count_dropped(s, s->queue.dropped - before);
	mark_dirty(s);
}

void stream_hold(struct stream *s, bool held)
{
	s->held = held;
	if (!held)
		mark_dirty(s);
}

void stream_kill(struct stream *s, int err)
{
	die(s, err);
	maybe_closed(s);
}

void stream_close(struct stream *s)
{
	s->closing = true;
	mark_dirty(s);
}

void streams_flush(void)
{
	while (dirty_list) {
		struct stream *s = dirty_list;

		dirty_list = s->next_dirty;
		s->dirty = false;
		flush(s);
		maybe_closed(s);
	}
}

__u64 streams_dropped(void)
{
	return all_dropped;
}
