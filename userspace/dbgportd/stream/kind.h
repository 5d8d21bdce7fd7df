/* SPDX-License-Identifier: GPL-2.0 */
/* What the file of a stream is: how it is written to, and what its failures mean. */
#ifndef DBGPORTD_STREAM_KIND_H
#define DBGPORTD_STREAM_KIND_H

#include <stdbool.h>

/* How to write without waiting, by what the file is. */
enum stream_kind {
	STREAM_REGULAR,		/* file systems may hang, so another process writes: see
				 * stream_wrote()
				 */
	STREAM_NONBLOCK,	/* O_NONBLOCK is set: write(2), and wait for room */
	STREAM_FIFO,		/* the same, and its readers come and go */
	STREAM_DATAGRAM,	/* the same on a connected socket: it may have no listener */
	STREAM_SHARED,		/* others have it open too, so O_NONBLOCK must not be set:
				 * loop_write_shared()
				 */
};

/* Which kind the open file @fd is, if O_NONBLOCK must not be set on it. */
enum stream_kind stream_kind_of(int fd);

/* Whether a write that failed with @err, an errno, may go through later. */
bool stream_kind_retries(enum stream_kind kind, int err);

#endif /* DBGPORTD_STREAM_KIND_H */
