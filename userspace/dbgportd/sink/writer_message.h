/* SPDX-License-Identifier: GPL-2.0 */
/* What the daemon and its writers (writer.h) tell each other. */
#ifndef DBGPORTD_SINK_WRITER_MESSAGE_H
#define DBGPORTD_SINK_WRITER_MESSAGE_H

#include <linux/types.h>
#include <stdbool.h>
#include <sys/types.h>

#include "dbgportd/sink/settings.h"

/* Bytes of the memory that both see, for a path or what is to be written. */
#define WRITER_AREA	(256 * 1024)

enum writer_op {
	WRITER_OPEN,		/* the path in the memory, its pattern behind; by settings */
	WRITER_ADOPT,		/* the file that comes with the request */
	WRITER_WRITE,		/* what is in the memory */
	WRITER_REOPEN,		/* the path may be another file now */
	WRITER_CLOSE,		/* the only one without a reply */
	WRITER_REPLACE,		/* the path in the memory, and behind it all that is to be there */
	WRITER_REMOVE,		/* the path in the memory */
};

/**
 * struct writer_request - what is to be done
 * @op: enum writer_op
 * @file: the daemon's number for the file; one that is open already is closed by
 *	WRITER_OPEN and WRITER_ADOPT
 * @len: bytes in the memory; of WRITER_REPLACE those behind the path
 * @set: of WRITER_OPEN
 * @end_line: of WRITER_OPEN: a file that ends within a line gets a line end first
 */
struct writer_request {
	enum writer_op op;
	__u32 file;
	__u32 len;
	struct sink_settings set;
	bool end_line;
};

/**
 * struct writer_reply - what came of it
 * @err: what kept it from being done, or from being done in full: an errno; 0: nothing
 * @done: of WRITER_WRITE: bytes written
 * @rotates: of WRITER_WRITE: it was rotation that failed
 * @unmarked: of WRITER_OPEN and WRITER_REOPEN: why it cannot be told later that it is ours,
 *	an errno; 0: it can, or need not be
 * @mode: of WRITER_OPEN and WRITER_ADOPT: st_mode; what is no regular file comes with the reply
 * @no_reader: of WRITER_OPEN: it is a FIFO without a reader
 * @within_line: of WRITER_OPEN and WRITER_REOPEN: it does not end with a line end
 * @changed: of WRITER_REOPEN: it is another file now
 */
struct writer_reply {
	int err;
	__u32 done;
	bool rotates;
	int unmarked;
	mode_t mode;
	bool no_reader;
	bool within_line;
	bool changed;
};

#endif /* DBGPORTD_SINK_WRITER_MESSAGE_H */
