// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/stat.h>

#include "dbgportd/stream/kind.h"

enum stream_kind stream_kind_of(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode) ? STREAM_REGULAR : STREAM_SHARED;
}

bool stream_kind_retries(enum stream_kind kind, int err)
{
	switch (kind) {
	case STREAM_REGULAR:
		return err == ENOSPC || err == EDQUOT || err == EFBIG || err == ENOMEM;
	case STREAM_FIFO:
		return err == EPIPE;
	case STREAM_DATAGRAM:
		return err == ECONNREFUSED || err == ENOTCONN || err == ECONNRESET ||
		       err == EPIPE || err == ENOENT || err == ENOBUFS || err == ENOMEM;
	default:
		return false;
	}
}
