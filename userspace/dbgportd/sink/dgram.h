/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A sink whose bytes go to a datagram socket.  While no process listens
 * there they wait, as many as the queue holds; it is tried again each second.
 */
#ifndef DBGPORTD_SINK_DGRAM_H
#define DBGPORTD_SINK_DGRAM_H

#include "dbgportd/sink/sink.h"
#include "words/drop_notice.h"

/**
 * struct dgram_kind - what such a sink is
 * @ops: its kind
 * @cut: which bytes one datagram takes, as in struct stream
 * @notice: what is sent in place of dropped bytes, in a datagram of its own
 * @whose: what stands behind it, such as whose bytes they were; copied
 * @needed: what to ask the user where no process listens; NULL: the bytes wait
 */
struct dgram_kind {
	const struct sink_ops *ops;
	ssize_t (*cut)(struct stream *s, const struct iovec *iov, int count, size_t len,
		       size_t *skip);
	const struct drop_notice *notice;
	const char *whose;
	const char *needed;
};

/**
 * dgram_open() - open such a sink
 * @kind: what it is; need not stay
 * @path: of the socket; not followed if it is a symbolic link
 * @queue: bytes that may wait, a power of two; 0: the default
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: the sink, or NULL.
 */
struct sink *dgram_open(const struct dgram_kind *kind, const char *path, size_t queue,
			char *why, size_t size);

/* ops->close of these sinks. */
void dgram_close(struct sink *sink);

#endif /* DBGPORTD_SINK_DGRAM_H */
