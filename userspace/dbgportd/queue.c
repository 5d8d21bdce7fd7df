// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportd/queue.h"

#define FIRST_SIZE	4096
/* How far to look for the end of a line when dropping. */
#define LINE_SEARCH	1024
/* What is dropped at once, as a share of the queue. */
#define DROP_SHARE	64

void queue_init(struct queue *q, size_t bound)
{
	*q = (struct queue){ .bound = bound };
}

void queue_free(struct queue *q)
{
	free(q->buf);
	queue_init(q, q->bound);
}

const char *queue_peek(const struct queue *q, size_t *n)
{
	size_t to_end = q->size - q->head;

	*n = q->len < to_end ? q->len : to_end;
	return q->buf + q->head;
}

void queue_skip(struct queue *q, size_t n)
{
	q->len -= n;
	q->head = q->len ? (q->head + n) & (q->size - 1) : 0;
}

static void copy_out(const struct queue *q, char *dst)
{
	size_t to_end = q->size - q->head;
	size_t first = q->len < to_end ? q->len : to_end;

	if (!q->len)
		return;
	memcpy(dst, q->buf + q->head, first);
	memcpy(dst + first, q->buf, q->len - first);
}

/* Towards room for @n more bytes, as far as bound and memory allow. */
static void grow(struct queue *q, size_t n)
{
	size_t size = q->size ?: FIRST_SIZE;
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
	copy_out(q, buf);
	free(q->buf);
	q->buf = buf;
	q->size = size;
	q->head = 0;
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
	while (end < q->len && end < n + LINE_SEARCH &&
	       q->buf[(q->head + end - 1) & (q->size - 1)] != '\n')
		end++;
	if (end < q->len && q->buf[(q->head + end - 1) & (q->size - 1)] == '\n')
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
}
