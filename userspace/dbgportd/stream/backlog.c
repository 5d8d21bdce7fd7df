// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/stream/backlog.h"

/* There is memory for the piece, and nothing in it. */
static bool empty_piece(struct backlog *b)
{
	if (!b->piece)
		b->piece = malloc(BACKLOG_PIECE_MAX);
	b->off = 0;
	b->len = 0;
	b->notice_len = 0;
	return b->piece;
}

static void begin_notice(struct backlog *b, const struct drop_notice *notice)
{
	if (!notice) {
		b->queue.dropped = 0;
	} else if (empty_piece(b)) {
		b->notice_len = snprintf(b->piece, BACKLOG_PIECE_MAX, "%s%llu%s", notice->before,
					 b->queue.dropped, notice->after);
		b->len = b->notice_len;
		b->queue.dropped = 0;
	}
}

static struct iovec rest_of_piece(const struct backlog *b)
{
	return (struct iovec){ .iov_base = b->piece + b->off, .iov_len = b->len - b->off };
}

int backlog_peek(struct backlog *b, const struct drop_notice *notice, struct iovec iov[3])
{
	int n = 0;

	if (!backlog_has_piece(b) && b->queue.dropped)
		begin_notice(b, notice);
	if (backlog_has_piece(b)) {
		iov[n++] = rest_of_piece(b);
		/* The notice comes before the rest. */
		if (b->queue.dropped)
			return n;
	}
	return n + queue_peek(&b->queue, iov + n);
}

bool backlog_written(struct backlog *b, const struct iovec *iov, size_t n)
{
	size_t from_piece = b->len - b->off, at = n - 1;

	while (at >= iov->iov_len)
		at -= iov++->iov_len;
	if (from_piece > n)
		from_piece = n;
	b->off += from_piece;
	queue_skip(&b->queue, n - from_piece);
	return ((const char *)iov->iov_base)[at] == '\n';
}

void backlog_keep_line(struct backlog *b)
{
	struct iovec iov[2];
	size_t len = 0;
	char *end = NULL;
	int count;

	if (backlog_has_piece(b) || !b->queue.len || !empty_piece(b))
		return;
	count = queue_peek(&b->queue, iov);
	for (int i = 0; i < count && !end; i++) {
		size_t n = iov[i].iov_len;

		if (n > BACKLOG_PIECE_MAX - len)
			n = BACKLOG_PIECE_MAX - len;
		end = memccpy(b->piece + len, iov[i].iov_base, '\n', n);
		len += n;
	}
	if (!end)
		return;
	b->len = end - b->piece;
	queue_skip(&b->queue, b->len);
}

void backlog_put_back(struct backlog *b, const char *data, size_t n, bool begun)
{
	const char *end = begun ? memchr(data, '\n', n) : NULL;
	size_t len = end ? end + 1 - data : 0;

	if (len && len <= BACKLOG_PIECE_MAX && !backlog_has_piece(b) && empty_piece(b)) {
		memcpy(b->piece, data, len);
		b->len = len;
		data += len;
		n -= len;
	}
	queue_put_back(&b->queue, data, n);
}

/* What is queued goes behind the notice, if there is one. */
static void fill(struct backlog *b)
{
	struct iovec iov[2];
	int count = queue_peek(&b->queue, iov);
	char *end;

	for (int i = 0; i < count; i++) {
		size_t n = BACKLOG_PIECE_MAX - b->len;

		if (n > iov[i].iov_len)
			n = iov[i].iov_len;
		memcpy(b->piece + b->len, iov[i].iov_base, n);
		b->len += n;
	}
	end = memrchr(b->piece + b->notice_len, '\n', b->len - b->notice_len);
	if (end && b->len == BACKLOG_PIECE_MAX)
		b->len = end + 1 - b->piece;
	queue_skip(&b->queue, b->len - b->notice_len);
}

bool backlog_fill_piece(struct backlog *b, const struct drop_notice *notice, struct iovec *iov)
{
	struct iovec all[3];

	if (!backlog_has_piece(b)) {
		if (!backlog_peek(b, notice, all) || (!backlog_has_piece(b) && !empty_piece(b)))
			return false;
		fill(b);
	}
	*iov = rest_of_piece(b);
	return true;
}

size_t backlog_give_up(struct backlog *b)
{
	size_t n = b->queue.len + b->len - (b->off > b->notice_len ? b->off : b->notice_len);

	queue_free(&b->queue);
	b->off = 0;
	b->len = 0;
	b->notice_len = 0;
	return n;
}

void backlog_free(struct backlog *b)
{
	queue_free(&b->queue);
	free(b->piece);
	b->piece = NULL;
}
