/* SPDX-License-Identifier: GPL-2.0 */
/* A bounded queue of bytes that gives up the oldest ones when it is full. */
#ifndef DBGPORTD_STREAM_QUEUE_H
#define DBGPORTD_STREAM_QUEUE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

/* A line of this length or less is given up whole or not at all. */
#define QUEUE_LINE_MAX		16384

/* Bound of a queue that drops nothing, as long as there is memory. */
#define QUEUE_UNBOUNDED		(SIZE_MAX / 2 + 1)

/**
 * struct queue - bytes that wait to be written
 * @buf: a circle of @size bytes, a power of two; grows as needed
 * @bound: how far @size may grow; a power of two
 * @head: where the oldest byte is
 * @len: bytes in the queue
 * @most: the most there were since it was empty
 * @dropped: bytes given up; the owner may clear it
 * @paragraphs: what belongs together ends with an empty line, not with a line
 *	end; set by the owner
 */
struct queue {
	char *buf;
	size_t size;
	size_t bound;
	size_t head;
	size_t len;
	size_t most;
	__u64 dropped;
	bool paragraphs;
};

/* An empty queue that may grow to @bound bytes, a power of two. */
void queue_init(struct queue *q, size_t bound);

/* Drop what is in it and give the memory back; it may be put to again. */
void queue_free(struct queue *q);

/**
 * queue_put() - append bytes
 * @q: the queue
 * @data: the bytes
 * @n: how many
 *
 * Where there is no room, some of the oldest go, whole lines if there are line
 * ends, and @q->dropped counts them.
 */
void queue_put(struct queue *q, const char *data, size_t n);

/**
 * queue_put_back() - put bytes in front of all others
 * @q: the queue
 * @data: the bytes, which were in the queue before
 * @n: how many
 *
 * If @q->dropped tells that some behind them were dropped, so are these; where there
 * is no room, the oldest of them.
 */
void queue_put_back(struct queue *q, const char *data, size_t n);

/**
 * queue_peek() - see what is in the queue
 * @q: the queue
 * @iov: filled with where the bytes are, oldest first; valid until the next
 *	call of another function
 *
 * Return: how many of @iov were filled: 0 to 2.
 */
int queue_peek(const struct queue *q, struct iovec iov[2]);

/* Take the @n oldest bytes away; @n must not exceed what is there. */
void queue_skip(struct queue *q, size_t n);

/* Of an empty queue: give memory back that was not used since the last call. */
void queue_shrink(struct queue *q);

#endif /* DBGPORTD_STREAM_QUEUE_H */
