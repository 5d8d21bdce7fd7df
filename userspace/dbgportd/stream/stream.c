// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportd/stream/stream.h"
#include "lib/log.h"

/* Of a line, so that one that was begun can be kept to its end. */
#define CHUNK		QUEUE_LINE_MAX
#define RETRY_MS	1000
/* Bound of a queue that must not drop: what one batch makes comes on top. */
#define UNBOUNDED	(SIZE_MAX / 2 + 1)

static struct stream *dirty_list;
static __u64 all_dropped;
/* Streams that hold more than they should. */
static unsigned int over_count;
static bool block_all;
static void (*on_close)(const struct stream *s);

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

size_t stream_waiting(const struct stream *s)
{
	return s->waiting ? s->waiting(s) : s->put - s->out;
}

void stream_count_dropped(struct stream *s, __u64 n)
{
	s->dropped += n;
	all_dropped += n;
}

/* What is in the chunk is older than what is in the queue. */
static void update_out(struct stream *s)
{
	if (!has_chunk(s))
		s->out = s->put - s->queue.len;
}

static void update_over(struct stream *s)
{
	bool over = !s->dead && !s->held &&
		    (s->blocks ? s->queue.len > s->bound :
		     block_all && !s->stalled && s->queue.len > s->bound / 2);

	if (over != s->over) {
		s->over = over;
		over_count += over ? 1 : -1;
	}
}

/* Bytes in the chunk that were put. */
static size_t chunk_bytes(const struct stream *s)
{
	return s->chunk_len - (s->chunk_off > s->notice_len ? s->chunk_off : s->notice_len);
}

/* A write that is under way still uses the chunk's memory, so that stays. */
static void give_up(struct stream *s)
{
	if (s->dead)
		return;
	s->dead = true;
	stream_count_dropped(s, s->queue.len + chunk_bytes(s));
	queue_free(&s->queue);
	s->chunk_off = 0;
	s->chunk_len = 0;
	s->notice_len = 0;
	update_over(s);
}

static void maybe_closed(struct stream *s)
{
	char *name;

	if (!s->closing || s->dirty)
		return;
	if (!stream_is_empty(s) && !s->held && !s->stalled && !s->impatient) {
		if (s->patience_ms && !s->patience.busy)
			loop_timeout(&s->patience, s->patience_ms);
		return;
	}

	give_up(s);
	loop_cancel(&s->write);
	loop_cancel(&s->room);
	loop_cancel(&s->retry);
	loop_cancel(&s->patience);
	if (s->write.busy || s->room.busy || s->retry.busy || s->patience.busy)
		return;

	if (s->fd > STDERR_FILENO)
		close(s->fd);
	free(s->chunk);
	name = s->name;
	if (on_close)
		on_close(s);
	s->closed(s);
	free(name);
}

static void die(struct stream *s, int err)
{
	if (s->dead)
		return;
	give_up(s);
	s->last_error = err;
	if (s->died)
		s->died(s, err);
}

void stream_stall(struct stream *s, int err)
{
	s->last_error = err;
	if (!s->stalled) {
		s->stalled = true;
		s->dropped_before = s->dropped;
		log_limited(LOG_LEVEL_WARNING, "%s: %s: goes on as soon as %s", s->name,
			    strerror(err), s->awaits ?: "there is space");
	}
	if (!s->retry.busy && !s->closing)
		loop_timeout(&s->retry, RETRY_MS);
	update_over(s);
}

static void go_on(struct stream *s)
{
	__u64 dropped = s->dropped - s->dropped_before;
	const char *what = s->awaits ?: "there is space";

	s->stalled = false;
	if (dropped)
		log_limited(LOG_LEVEL_WARNING, "%s: %s again; %llu bytes were dropped meanwhile",
			    s->name, what, dropped);
	else
		log_limited(LOG_LEVEL_INFO, "%s: %s again; nothing was dropped", s->name, what);
}

/* There is memory for the chunk, and nothing in it. */
static bool empty_chunk(struct stream *s)
{
	if (!s->chunk)
		s->chunk = malloc(CHUNK);
	s->chunk_off = 0;
	s->chunk_len = 0;
	s->notice_len = 0;
	return s->chunk;
}

static void begin_note(struct stream *s)
{
	if (!s->notice) {
		s->queue.dropped = 0;
	} else if (empty_chunk(s)) {
		s->notice_len = snprintf(s->chunk, CHUNK, "%s%llu%s", s->notice->before,
				       s->queue.dropped, s->notice->after);
		s->chunk_len = s->notice_len;
		s->queue.dropped = 0;
	}
}

/* What waits, in order, up to where something was dropped. */
static int gather(struct stream *s, struct iovec iov[3])
{
	int n = 0;

	if (!has_chunk(s) && s->queue.dropped)
		begin_note(s);
	if (has_chunk(s)) {
		iov[n].iov_base = s->chunk + s->chunk_off;
		iov[n++].iov_len = s->chunk_len - s->chunk_off;
		/* A notice has a datagram of its own, and comes before the rest. */
		if (s->kind == STREAM_DATAGRAM || s->queue.dropped)
			return n;
	}
	return n + queue_peek(&s->queue, iov + n);
}

static size_t length(const struct iovec *iov, int count)
{
	size_t len = 0;

	while (count--)
		len += iov++->iov_len;
	return len;
}

/* Keep only the first @len bytes. */
static int shorten(struct iovec *iov, int count, size_t len)
{
	int n = 0;

	while (n < count && len) {
		if (iov[n].iov_len > len)
			iov[n].iov_len = len;
		len -= iov[n++].iov_len;
	}
	return n;
}

/* The first @n bytes of @iov have been written. */
static void advance(struct stream *s, const struct iovec *iov, size_t n)
{
	size_t from_chunk = s->chunk_len - s->chunk_off, at = n - 1;

	while (at >= iov->iov_len)
		at -= iov++->iov_len;
	s->at_eol = ((const char *)iov->iov_base)[at] == '\n';
	s->written += n;
	if (from_chunk > n)
		from_chunk = n;
	s->chunk_off += from_chunk;
	queue_skip(&s->queue, n - from_chunk);
}

/*
 * A line has been written in part: its rest leaves the queue, where it might
 * be dropped, and half a line would look like a whole one.
 */
static void keep_line(struct stream *s)
{
	struct iovec iov[2];
	size_t len = 0;
	char *end = NULL;
	int count;

	if (s->at_eol || has_chunk(s) || !s->queue.len || !empty_chunk(s))
		return;
	count = queue_peek(&s->queue, iov);
	for (int i = 0; i < count && !end; i++) {
		size_t n = iov[i].iov_len;

		if (n > CHUNK - len)
			n = CHUNK - len;
		end = memccpy(s->chunk + len, iov[i].iov_base, '\n', n);
		len += n;
	}
	if (!end)
		return;
	s->chunk_len = end - s->chunk;
	queue_skip(&s->queue, s->chunk_len);
}

/* Whether trying again may help. */
static bool may_pass(const struct stream *s, int err)
{
	if (s->kind == STREAM_REGULAR)
		return err == ENOSPC || err == EDQUOT || err == EFBIG;
	if (s->kind == STREAM_DATAGRAM)
		return err == ECONNREFUSED || err == ENOTCONN || err == ECONNRESET ||
		       err == EPIPE || err == ENOENT;
	return false;
}

static void write_failed(struct stream *s, int err)
{
	if (err == EAGAIN && s->kind != STREAM_REGULAR)
		loop_poll(&s->room, s->fd, POLLOUT);
	else if (may_pass(s, err))
		stream_stall(s, err);
	else
		die(s, err);
}

/* All that waits, or as much as the file takes now. */
static void write_now(struct stream *s)
{
	struct iovec iov[3];
	int count;

	while ((count = gather(s, iov))) {
		size_t len = length(iov, count), skip = 0;
		ssize_t n;

		if (s->cut && !(s->kind == STREAM_DATAGRAM && has_chunk(s))) {
			n = s->cut(s, iov, count, len, &skip);
			if (n < 0) {
				stream_stall(s, -n);
				break;
			}
			len = n;
			count = shorten(iov, count, len);
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
		advance(s, iov, n);
		if ((size_t)n == len)
			queue_skip(&s->queue, skip);
		else
			keep_line(s);
		if (s->stalled)
			go_on(s);
	}
	if (s->dead)
		return;
	queue_shrink(&s->queue);
	update_out(s);
	update_over(s);
}

/* The next piece, to whole lines if it can be. */
static bool fill_chunk(struct stream *s)
{
	struct iovec iov[3];
	int count;
	char *end;

	if (has_chunk(s))
		return true;
	update_out(s);
	count = gather(s, iov);
	if (!count || (!has_chunk(s) && !empty_chunk(s)))
		return false;	/* no memory: tried again at the next put */
	count = queue_peek(&s->queue, iov);
	for (int i = 0; i < count; i++) {
		size_t n = CHUNK - s->chunk_len;

		if (n > iov[i].iov_len)
			n = iov[i].iov_len;
		memcpy(s->chunk + s->chunk_len, iov[i].iov_base, n);
		s->chunk_len += n;
	}
	end = memrchr(s->chunk + s->notice_len, '\n', s->chunk_len - s->notice_len);
	if (end && s->chunk_len == CHUNK)
		s->chunk_len = end + 1 - s->chunk;
	queue_skip(&s->queue, s->chunk_len - s->notice_len);
	return true;
}

static void write_shared(struct stream *s)
{
	if (s->write.busy || s->room.busy)
		return;
	if (!fill_chunk(s)) {
		update_out(s);
		return;
	}
	loop_write_shared(&s->write, s->fd, s->chunk + s->chunk_off,
			  s->chunk_len - s->chunk_off);
	update_over(s);
}

static void flush(struct stream *s)
{
	if (s->dead || s->held)
		return;
	if (s->kind == STREAM_SHARED)
		write_shared(s);
	else if (!s->room.busy && !s->retry.busy)
		write_now(s);
}

static void write_done(struct event *ev, int res)
{
	struct stream *s = container_of(ev, struct stream, write);

	if (res > 0 && !s->dead) {
		s->chunk_off += res;
		s->written += res;
		s->at_eol = s->chunk[s->chunk_off - 1] == '\n';
	} else if (res == -EAGAIN && !s->dead) {
		loop_poll(&s->room, s->fd, POLLOUT);
	} else if (res != -EINTR && res != -ECANCELED) {
		die(s, res ? -res : EIO);
	}
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
	queue_init(&s->queue, s->blocks ? UNBOUNDED : bound);
	s->write.done = write_done;
	s->room.done = room_done;
	s->retry.done = retry_done;
	s->patience.done = patience_done;
	return 0;
}

void stream_say_died(struct stream *s, int err)
{
	log_limited(LOG_LEVEL_WARNING, "%s: %s: its output is dropped", s->name, strerror(err));
}

void stream_say_dropped(const struct stream *s)
{
	if (s->dropped)
		log_limited(LOG_LEVEL_WARNING, "%s: closed; %llu bytes were dropped in all",
			    s->name, s->dropped);
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
	__u64 before;

	s->put += len;
	if (s->dead) {
		stream_count_dropped(s, len);
		s->out = s->put;
		return;
	}
	/* A turn may bring more than the queue holds though the file takes it. */
	if (s->queue.len + len > s->bound)
		flush(s);
	before = s->queue.dropped;
	queue_put(&s->queue, data, len);
	if (s->queue.dropped != before) {
		stream_count_dropped(s, s->queue.dropped - before);
		update_out(s);
	}
	update_over(s);
	mark_dirty(s);
}

void stream_hold(struct stream *s, bool held)
{
	s->held = held;
	update_over(s);
	if (!held)
		mark_dirty(s);
}

void stream_replace(struct stream *s, int fd)
{
	close(s->fd);
	s->fd = fd;
	s->dead = false;
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

bool streams_blocked(void)
{
	return over_count;
}

void streams_block_all(void)
{
	block_all = true;
}

void streams_on_close(void (*seen)(const struct stream *s))
{
	on_close = seen;
}

__u64 streams_dropped(void)
{
	return all_dropped;
}
