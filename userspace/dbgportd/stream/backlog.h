/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What waits to be written, in order: a bounded queue, and in front of it a
 * piece that is not given up any more.  That is a notice of what was dropped, or
 * the rest of a line that was begun; or what is being written from its memory.
 */
#ifndef DBGPORTD_STREAM_BACKLOG_H
#define DBGPORTD_STREAM_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "dbgportd/stream/queue.h"
#include "words/drop_notice.h"

/**
 * struct backlog - what waits; all 0 but for @queue to begin with
 * @queue: what comes last; may be put to, and its @dropped read and set
 * @piece: memory of BACKLOG_PIECE_MAX bytes; NULL until it is needed
 * @len: bytes in @piece
 * @off: those of them that have been written
 * @notice_len: those of them that are the notice, at the beginning
 */
struct backlog {
	struct queue queue;
	char *piece;
	size_t len, off;
	size_t notice_len;
};

/* Of a line, so that one that was begun can be kept to its end. */
#define BACKLOG_PIECE_MAX	QUEUE_LINE_MAX

/* Whether there is a piece. */
static inline bool backlog_has_piece(const struct backlog *b)
{
	return b->off < b->len;
}

/* Whether nothing waits, not even a notice. */
static inline bool backlog_is_empty(const struct backlog *b)
{
	return !backlog_has_piece(b) && !b->queue.len && !b->queue.dropped;
}

/**
 * backlog_peek() - see what waits
 * @b: the backlog
 * @notice: where something was dropped, this becomes a piece first; NULL: it
 *	is passed over
 * @iov: filled with where the bytes are, oldest first, up to where something
 *	was dropped; valid until the next call of another function
 *
 * Return: how many of @iov were filled: 0 to 3; the piece, if any, is the first.
 */
int backlog_peek(struct backlog *b, const struct drop_notice *notice, struct iovec iov[3]);

/**
 * backlog_written() - take away what has been written
 * @b: the backlog
 * @iov: as backlog_peek() has filled it
 * @n: bytes, at least 1 and no more than there are
 *
 * Return: whether they ended with a line end.
 */
bool backlog_written(struct backlog *b, const struct iovec *iov, size_t n);

/*
 * A line has been written in part: its rest leaves the queue, where it might
 * be dropped, and half a line would look like a whole one.
 */
void backlog_keep_line(struct backlog *b);

/**
 * backlog_put_back() - what was skipped in the queue was not written after all
 * @b: the backlog
 * @data: the bytes, which lie elsewhere
 * @n: how many
 * @begun: the first ones are the rest of a line that was written in part
 *
 * Where something behind them was dropped meanwhile, they go as well, but for
 * the rest of the line.
 */
void backlog_put_back(struct backlog *b, const char *data, size_t n, bool begun);

/**
 * backlog_fill_piece() - have what comes next in memory that stays as it is
 * @b: the backlog
 * @notice: as for backlog_peek()
 * @iov: set to where it is, whole lines if it can be
 *
 * Return: whether there is something; false without memory, too.
 */
bool backlog_fill_piece(struct backlog *b, const struct drop_notice *notice, struct iovec *iov);

/**
 * backlog_give_up() - drop all, but for the memory of the piece
 * @b: the backlog
 *
 * Return: bytes that are dropped by that, notices not counted.
 */
size_t backlog_give_up(struct backlog *b);

/* Drop all, and free all memory. */
void backlog_free(struct backlog *b);

#endif /* DBGPORTD_STREAM_BACKLOG_H */
