/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a stream is, and how it fares: what it drops, how it stalls and dies.
 *
 * For the parts of stream/; others include stream.h, which has this as well.
 */
#ifndef DBGPORTD_STREAM_STATE_H
#define DBGPORTD_STREAM_STATE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "dbgportd/loop/loop.h"
#include "dbgportd/stream/backlog.h"
#include "dbgportd/stream/gather.h"
#include "dbgportd/stream/kind.h"
#include "words/drop_notice.h"

/**
 * struct stream - one file
 * @fd: closed by stream_close(), unless it is 0, 1 or 2; -1: another process has it
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
 * @hand_over: of a STREAM_REGULAR: have some of the bytes at @iov written elsewhere.
 *	Returns how many were taken, to be followed by stream_wrote(); 0: none now,
 *	stream_go() will tell when.
 * @wait: of a STREAM_REGULAR: wait briefly for stream_wrote(), since bytes would be
 *	dropped; returns whether it was called
 * @owner: for these two: whose the stream is
 * @gathers: bytes of a STREAM_REGULAR wait for more, for STREAM_GATHER_MS
 * @waiting: bytes that wait, where those are the owner's, who then keeps @out, too; NULL
 * @behind: bytes that were written and wait once more behind the file, as for a server
 * @unserved: for now these are taken by no one
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
	size_t (*hand_over)(struct stream *s, const struct iovec *iov, int count);
	bool (*wait)(struct stream *s);
	void *owner;
	bool gathers;
	size_t (*waiting)(const struct stream *s);
	__u64 behind;
	bool unserved;
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
	size_t away;
	struct gather gather;
	bool due;
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

/* Whether everything that was put has been written or given up. */
bool stream_is_empty(const struct stream *s);

/* Bytes that wait. */
size_t stream_waiting(const struct stream *s);

/* The same, with those that wait behind the file. */
__u64 stream_all_waiting(const struct stream *s);

/* Bytes were given up before they came to the stream's queue. */
void stream_count_dropped(struct stream *s, __u64 n);

/* It takes nothing, because of @err: try again in a second. */
void stream_stall(struct stream *s, int err);

/*
 * Whether reading should wait: a stream that must not drop holds more than its
 * bound, or any one is half full after streams_block_all().
 */
bool streams_blocked(void);

/* From now on no stream should drop where waiting helps. */
void streams_block_all(void);

/* Bytes that all streams there ever were have dropped. */
__u64 streams_dropped(void);

/* To be looked at in streams_flush(). */
void stream_mark_dirty(struct stream *s);

/* The next one of those, no more to be looked at; NULL: there is none. */
struct stream *stream_next_dirty(void);

/* What waits is something else now. */
void stream_update(struct stream *s);

/* Bytes of those that are away that were in the queue; the piece is still here. */
size_t stream_queued_away(const struct stream *s);

/* Drop all that waits, for good. */
void stream_give_up(struct stream *s);

/* Writing failed with @err, an errno that does not mend itself. */
void stream_die(struct stream *s, int err);

/* A write went through: it does not stall any more, if it did. */
void stream_go_on(struct stream *s);

#endif /* DBGPORTD_STREAM_STATE_H */
