// SPDX-License-Identifier: GPL-2.0
#include "dbgportd/stream/handover.h"

/* With that many bytes nothing waits for more. */
#define GATHER_BYTES	65536

/* Whether it is better to wait for more. */
static bool gathers(struct stream *s)
{
	size_t len = s->backlog.queue.len;

	if (!s->gathers || s->due || s->closing || len >= GATHER_BYTES || len >= s->bound / 2)
		return false;
	gather_wait(&s->gather);
	return true;
}

void stream_hand_over(struct stream *s)
{
	struct backlog *b = &s->backlog;
	struct iovec iov[3];
	int count;

	if (s->away || s->retry.busy || backlog_is_empty(b) || gathers(s))
		return;
	count = backlog_peek(b, s->notice, iov);
	s->away = count ? s->hand_over(s, iov, count) : 0;
	queue_skip(&b->queue, stream_queued_away(s));
	if (s->away)
		s->due = false;
	stream_update(s);
}

void stream_wrote(struct stream *s, const char *data, size_t len, size_t n, int err,
		  bool again)
{
	struct backlog *b = &s->backlog;
	size_t queued = stream_queued_away(s), piece = len - queued;

	s->away = 0;
	if (!s->dead) {
		__u64 dropped = b->queue.dropped;
		size_t done = n > piece ? n : piece;

		b->off += n < piece ? n : piece;
		s->written += n;
		if (n)
			s->at_eol = data[n - 1] == '\n';
		backlog_put_back(b, data + done, len - done, n > piece && !s->at_eol);
		stream_count_dropped(s, b->queue.dropped - dropped);
		if (err && again)
			stream_stall(s, err);
		else if (err)
			stream_die(s, err);
		else if (s->stalled)
			stream_go_on(s);
		queue_shrink(&b->queue);
		stream_update(s);
	}
	stream_mark_dirty(s);
}

