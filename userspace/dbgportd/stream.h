/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An open file with a bounded queue of bytes in front, written to without
 * ever making the caller wait.
 *
 * What is put during a turn of the loop is written in one go at its end
 * (streams_flush()).  Where the file takes no more, the bytes wait; where more
 * come than the queue holds, the oldest go and are counted.
 */
#ifndef DBGPORTD_STREAM_H
#define DBGPORTD_STREAM_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/loop.h"
#include "dbgportd/queue.h"

/* How to write without waiting, by what the file is. */
enum stream_kind {
	STREAM_REGULAR,		/* write(2): through the ring it costs 40 times that */
	STREAM_NONBLOCK,	/* O_NONBLOCK is set: through the loop, wait for room */
	STREAM_SHARED,		/* others have it open too, so O_NONBLOCK is not ours to
				 * set: the loop has its ways
				 */
};

/**
 * struct stream - one open file
 * @fd: closed by stream_close(), unless it is 0, 1 or 2
 * @kind: enum stream_kind
 * @name: for messages
 * @eol: line end that notes are written with; NULL: notes are not wanted here
 * @held: nobody is there to read; bytes wait
 * @dead: writing failed for good; what comes is thrown away
 * @full: a regular file's disk is full; tried again each second
 * @dropped: bytes given up so far, for whatever reason
 * @died: called once when the stream dies, with the errno; may be NULL
 * @closed: the last call, after which the stream may be freed
 */
struct stream {
	int fd;
	enum stream_kind kind;
	char *name;
	const char *eol;
	bool held;
	bool dead;
	bool full;
	__u64 dropped;
	void (*died)(struct stream *s, int err);
	void (*closed)(struct stream *s);

	/* private */
	struct queue queue;
	char *chunk;
	size_t chunk_len, chunk_off;
	__u64 dropped_full;
	struct event write;
	struct event room;
	struct event retry;
	struct stream *next_dirty;
	bool dirty;
	bool closing;
};

/**
 * stream_init() - make a stream
 * @s: zeroed but for @eol and the callbacks, which the caller may have set
 * @fd: the open file
 * @kind: how to write to it
 * @bound: bytes that may wait, a power of two
 * @name: for messages; copied
 */
void stream_init(struct stream *s, int fd, enum stream_kind kind, size_t bound,
		 const char *name);

/* Which kind the open file @fd is, if O_NONBLOCK must not be set on it. */
enum stream_kind stream_kind_of(int fd);

void stream_put(struct stream *s, const void *data, size_t len);
void stream_hold(struct stream *s, bool held);

/* Whether everything that was put has been written or given up. */
bool stream_is_empty(const struct stream *s);

/* Give up: as if writing had failed with @err. */
void stream_kill(struct stream *s, int err);

/**
 * stream_close() - write what is there, then close
 * @s: the stream; must stay until @s->closed was called, which may be at once
 *
 * What is held, or cannot be written because the disk is full, is given up.
 */
void stream_close(struct stream *s);

/* Write what was put in this turn. */
void streams_flush(void);

/* Bytes that all streams there ever were have dropped. */
__u64 streams_dropped(void);

#endif /* DBGPORTD_STREAM_H */
