// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportd/stream/queue.h"

#define FIRST_SIZE	4096
/* An empty queue keeps this much memory. */
#define KEPT_SIZE	65536
/* What is dropped at once, as a share of the queue. */
#define DROP_SHARE	64

void queue_init(struct queue *q, size_t bound)
{
	*q = (struct queue){ .bound = bound };
}

void queue_free(struct queue *q)
{
	free(q->buf);
	q->buf = NULL;
	q->size = 0;
	q->head = 0;
	q->len = 0;
}

void queue_shrink(struct queue *q)
{
	if (q->len)
		return;
	if (q->size > KEPT_SIZE && q->most < q->size / 4)
		queue_free(q);
	q->most = 0;
}

int queue_peek(const struct queue *q, struct iovec iov[2])
{
	size_t to_end = q->size - q->head;

	if (!q->len)
		return 0;
	iov[0].iov_base = q->buf + q->head;
	iov[0].iov_len = q->len < to_end ? q->len : to_end;
	if (q->len <= to_end)
		return 1;
	iov[1].iov_base = q->buf;
	iov[1].iov_len = q->len - to_end;
	return 2;
}

void queue_skip(struct queue *q, size_t n)
{
	q->len -= n;
	q->head = q->len ? (q->head + n) & (q->size - 1) : 0;
}

/* Towards room for @n more bytes, as far as bound and memory allow. */
static void grow(struct queue *q, size_t n)
{
	size_t size = q->size ?: FIRST_SIZE, len = 0;
	struct iovec old[2];
	int count = queue_peek(q, old);
	char *buf;

	while (size < q->len + n && size < q->bound)
		size *= 2;
	if (size > q->bound)
		size = q->bound;
	if (size == q->size)
		return;

	buf = malloc(size);
	if (!buf)
		return;
	for (int i = 0; i < count; i++) {
		memcpy(buf + len, old[i].iov_base, old[i].iov_len);
		len += old[i].iov_len;
	}
	free(q->buf);
	q->buf = buf;
	q->size = size;
	q->head = 0;
}

static char at(const struct queue *q, size_t i)
{
	return q->buf[(q->head + i) & (q->size - 1)];
}

/* Whether what belongs together ends with the first @n bytes. */
static bool ends_at(const struct queue *q, size_t n)
{
	return at(q, n - 1) == '\n' && (!q->paragraphs || (n > 1 && at(q, n - 2) == '\n'));
}

/* Room for @n bytes, and not just them, or the next ones would drop again. */
static void drop(struct queue *q, size_t n)
{
	size_t end;

	if (n < q->size / DROP_SHARE)
		n = q->size / DROP_SHARE;
	if (n > q->len)
		n = q->len;
	end = n;
	while (end < q->len && end < n + QUEUE_LINE_MAX && !ends_at(q, end))
		end++;
	if (ends_at(q, end))
		n = end;
	q->dropped += n;
	queue_skip(q, n);
}

void queue_put(struct queue *q, const char *data, size_t n)
{
	size_t tail, first;

	if (!n)
		return;
	if (q->size < q->len + n)
		grow(q, n);
	if (n > q->size) {
		/* Only the newest part can stay. */
		q->dropped += n - q->size;
		data += n - q->size;
		n = q->size;
	}
	if (q->len + n > q->size)
		drop(q, q->len + n - q->size);
	if (!n)
		return;

	tail = (q->head + q->len) & (q->size - 1);
	first = n < q->size - tail ? n : q->size - tail;
	memcpy(q->buf + tail, data, first);
	memcpy(q->buf, data + first, n - first);
	q->len += n;
	if (q->most < q->len)
		q->most = q->len;
}

void queue_put_back(struct queue *q, const char *data, size_t n)
{
	struct queue newer = *q;
	struct iovec iov[2];
	int count;

	if (!n)
		return;
	if (q->dropped) {
		q->dropped += n;
		return;
	}
	count = queue_peek(&newer, iov);
	q->buf = NULL;
	q->size = 0;
	q->head = 0;
	q->len = 0;
	queue_put(q, data, n);
	for (int i = 0; i < count; i++)
		queue_put(q, iov[i].iov_base, iov[i].iov_len);
	queue_free(&newer);
}
