/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file with a bounded queue of bytes in front, written to without ever making
 * the caller wait.
 *
 * stream/ has what waits (queue.h, backlog.h), and when and how it is written.
 * It includes loop/, and knows neither which output a file is nor what the bytes
 * mean.
 *
 * What is put during a turn of the loop is written in one go at its end
 * (streams_flush()), or with what comes a little later.  Where the file takes no
 * more, the bytes wait; where more come than the queue holds, the oldest go and are
 * counted.
 */
#ifndef DBGPORTD_STREAM_STREAM_H
#define DBGPORTD_STREAM_STREAM_H

#include "dbgportd/stream/state.h"

/**
 * stream_init() - make a stream
 * @s: zeroed but for @notice up to @held, which the caller may have set
 * @fd: the open file; stays the caller's on failure; -1 for a STREAM_REGULAR, or
 *	one of which it is not known yet
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

/*
 * When bytes were put last that somebody may be watching for, into another stream than a
 * STREAM_REGULAR: as loop_now(); 0: never.
 */
__u64 streams_hurried_at(void);

/* Write nothing for now, or (again) what waits: there is no reader, or one is back. */
void stream_hold(struct stream *s, bool held);

/* @s->hand_over() may take some now. */
void stream_go(struct stream *s);

/* Throw away what waits, without counting it as dropped: no one is to have it. */
void stream_discard(struct stream *s);

/**
 * stream_use() - the file of a stream is known now
 * @s: a STREAM_REGULAR so far
 * @fd: the open file
 * @kind: how to write to it
 */
void stream_use(struct stream *s, int fd, enum stream_kind kind);

/* A STREAM_REGULAR has another file now: it lives again if it was dead. */
void stream_revive(struct stream *s);

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

/* @closing is called with each stream right before its @closed. */
void streams_on_close(void (*closing)(const struct stream *s));

#endif /* DBGPORTD_STREAM_STREAM_H */
