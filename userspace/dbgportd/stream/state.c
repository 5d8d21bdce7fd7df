// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "dbgportd/stream/state.h"
#include "lib/log.h"

#define RETRY_MS	1000

static struct stream *dirty_list;
static __u64 all_dropped;
/* Streams that hold more than they should. */
static unsigned int over_count;
static bool block_all;

void stream_mark_dirty(struct stream *s)
{
	if (s->dirty)
		return;
	s->dirty = true;
	s->next_dirty = dirty_list;
	dirty_list = s;
}

struct stream *stream_next_dirty(void)
{
	struct stream *s = dirty_list;

	if (s) {
		dirty_list = s->next_dirty;
		s->dirty = false;
	}
	return s;
}

bool stream_is_empty(const struct stream *s)
{
	return s->dead || (!s->away && backlog_is_empty(&s->backlog));
}

void stream_count_dropped(struct stream *s, __u64 n)
{
	s->dropped += n;
	all_dropped += n;
}

void stream_update(struct stream *s)
{
	size_t len = s->backlog.queue.len;
	bool over = !s->dead && !s->held &&
		    (s->blocks ? len > s->bound :
		     block_all && !s->stalled && len > s->bound / 2);

	/* What is away and the backlog's piece are older than its queue. */
	if (!s->dead && !s->waiting && !s->away && !backlog_has_piece(&s->backlog))
		s->out = s->put - len;
	if (over != s->over) {
		s->over = over;
		over_count += over ? 1 : -1;
	}
}

size_t stream_queued_away(const struct stream *s)
{
	const struct backlog *b = &s->backlog;

	return s->away > b->len - b->off ? s->away - (b->len - b->off) : 0;
}

size_t stream_waiting(const struct stream *s)
{
	const struct backlog *b = &s->backlog;

	if (s->waiting)
		return s->waiting(s);
	/* Behind what is away, some may have been dropped. */
	if (s->away)
		return stream_queued_away(s) + b->len - b->off + b->queue.len;
	return s->put - s->out;
}

__u64 stream_all_waiting(const struct stream *s)
{
	return s->behind + (s->dead ? 0 : stream_waiting(s));
}

/* A write that is under way still uses the memory of the backlog's piece, so that stays. */
void stream_give_up(struct stream *s)
{
	if (s->dead)
		return;
	s->dead = true;
	stream_count_dropped(s, stream_queued_away(s));
	stream_count_dropped(s, backlog_give_up(&s->backlog));
	stream_update(s);
}

void stream_die(struct stream *s, int err)
{
	if (s->dead)
		return;
	stream_give_up(s);
	s->last_error = err;
	if (s->died)
		s->died(s, err);
}

/* What would end the stall, for messages. */
static const char *awaited(const struct stream *s)
{
	if (s->last_error == ENOBUFS || s->last_error == ENOMEM)
		return "there is memory";
	return s->awaits ?: "there is space";
}

void stream_stall(struct stream *s, int err)
{
	s->last_error = err;
	if (!s->stalled) {
		s->stalled = true;
		s->dropped_before = s->dropped;
		log_limited(LOG_LEVEL_WARNING, "%s: %s: goes on as soon as %s", s->name,
			    strerror(err), awaited(s));
	}
	if (!s->retry.busy && !s->closing)
		loop_timeout(&s->retry, RETRY_MS);
	stream_update(s);
}

void stream_go_on(struct stream *s)
{
	__u64 dropped = s->dropped - s->dropped_before;
	const char *what = awaited(s);

	s->stalled = false;
	if (dropped)
		log_limited(LOG_LEVEL_WARNING, "%s: %s again; %llu bytes were dropped meanwhile",
			    s->name, what, dropped);
	else
		log_limited(LOG_LEVEL_INFO, "%s: %s again; nothing was dropped", s->name, what);
}

bool streams_blocked(void)
{
	return over_count;
}

void streams_block_all(void)
{
	block_all = true;
}

__u64 streams_dropped(void)
{
	return all_dropped;
}
