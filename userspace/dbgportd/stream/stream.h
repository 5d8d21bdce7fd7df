/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An open file with a bounded queue of bytes in front, written to without
 * ever making the caller wait.
 *
 * stream/ has what waits (queue.h, backlog.h), and when and how it is written.
 * It includes loop/, and knows neither which output a file is nor what the bytes
 * mean.
 *
 * What is put during a turn of the loop is written in one go at its end
 * (streams_flush()).  Where the file takes no more, the bytes wait; where more
 * come than the queue holds, the oldest go and are counted.
 */
#ifndef DBGPORTD_STREAM_STREAM_H
#define DBGPORTD_STREAM_STREAM_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "dbgportd/loop/loop.h"
#include "dbgportd/stream/backlog.h"
#include "dbgportd/stream/kind.h"
#include "words/drop_notice.h"

/**
 * struct stream - one open file
 * @fd: closed by stream_close(), unless it is 0, 1 or 2
 * @kind: enum stream_kind
 * @name: for messages
 * @notice: what is written in place of dropped bytes; NULL: nothing
 * @blocks: nothing is dropped, the queue grows: streams_blocked() says so
 * @patience_ms: how long stream_close() may take to write; 0: for ever
 * @awaits: what it waits for while stalled, for messages
 * @cut: how many of the @len bytes at @iov the next write takes, and how many
 *	behind those are thrown away with it (@skip, 0 as it is called); a negative
 *	errno stalls the stream.  NULL: all of them, none.
 * @again: called before each new attempt while stalled; 0 or a negative errno;
 *	may be NULL
 * @waiting: bytes that wait, where they are not @put - @out; NULL
 * @died: called once when the stream dies, with the errno; may be NULL
 * @closed: the last call, after which the stream may be freed
 * @held: there is no reader; bytes wait
 * @dead: writing failed for good; what comes is thrown away
 * @stalled: it takes nothing for now (a full disk, no listener); it is tried again
 *	each second
 * @at_eol: the last byte written was a line end
 * @last_error: errno of the last failure; 0: none
 * @put: bytes that were put
 * @out: the first one of them that has been neither written nor dropped
 * @written: bytes written, notices included
 * @dropped: bytes given up so far, for whatever reason
 */
struct stream {
	int fd;
	enum stream_kind kind;
	char *name;
	const struct drop_notice *notice;
	bool blocks;
	unsigned int patience_ms;
	const char *awaits;
	ssize_t (*cut)(struct stream *s, const struct iovec *iov, int count, size_t len,
		       size_t *skip);
	int (*again)(struct stream *s);
	size_t (*waiting)(const struct stream *s);
	void (*died)(struct stream *s, int err);
	void (*closed)(struct stream *s);

	bool held;
	bool dead;
	bool stalled;
	bool at_eol;
	int last_error;
	__u64 put;
	__u64 out;
	__u64 written;
	__u64 dropped;

	/* private */
	struct backlog backlog;
	size_t bound;
	__u64 dropped_before;
	struct event write;
	struct event room;
	struct event retry;
	struct event patience;
	struct stream *next_dirty;
	bool dirty;
	bool closing;
	bool impatient;
	bool over;
};

/**
 * stream_init() - make a stream
 * @s: zeroed but for @notice up to @held, which the caller may have set
 * @fd: the open file; stays the caller's on failure
 * @kind: how to write to it
 * @bound: bytes that may wait, a power of two
 * @name: for messages; copied
 *
 * Return: 0, or -1 if there is no memory.
 */
int stream_init(struct stream *s, int fd, enum stream_kind kind, size_t bound,
		const char *name);

/**
 * stream_put() - have bytes written
 * @s: the stream
 * @data: the bytes; copied
 * @len: how many; may be 0
 *
 * They are written by streams_flush(), or earlier where the queue is full.
 */
void stream_put(struct stream *s, const void *data, size_t len);

/* Write nothing for now, or (again) what waits: there is no reader, or one is back. */
void stream_hold(struct stream *s, bool held);

/* Whether everything that was put has been written or given up. */
bool stream_is_empty(const struct stream *s);

/* Bytes that wait. */
size_t stream_waiting(const struct stream *s);

/* Bytes were given up before they came to the stream's queue. */
void stream_count_dropped(struct stream *s, __u64 n);

/* It takes nothing, because of @err: try again in a second. */
void stream_stall(struct stream *s, int err);

/**
 * stream_replace() - write to another regular file from now on
 * @s: a STREAM_REGULAR; it lives again if it was dead
 * @fd: the new file; the old one is closed
 */
void stream_replace(struct stream *s, int fd);

/* Give up: as if writing had failed with @err. */
void stream_kill(struct stream *s, int err);

/**
 * stream_close() - write what is there, then close
 * @s: the stream; must stay until @s->closed was called from streams_flush()
 *	or the loop
 *
 * What is held or stalled, or is not written in time, is given up.
 */
void stream_close(struct stream *s);

/* Write what was put in this turn. */
void streams_flush(void);

/*
 * Whether reading should wait: a stream that must not drop holds more than its
 * bound, or any one is half full after streams_block_all().
 */
bool streams_blocked(void);

/* From now on no stream should drop where waiting helps. */
void streams_block_all(void);

/* @closing is called with each stream right before its @closed. */
void streams_on_close(void (*closing)(const struct stream *s));

/* Bytes that all streams there ever were have dropped. */
__u64 streams_dropped(void);

#endif /* DBGPORTD_STREAM_STREAM_H */
