// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "dbgportd/stream/failure.h"

bool failure_passes(enum stream_kind kind, int err)
{
	switch (kind) {
	case STREAM_REGULAR:
		return err == ENOSPC || err == EDQUOT || err == EFBIG;
	case STREAM_FIFO:
		return err == EPIPE;
	case STREAM_DATAGRAM:
		return err == ECONNREFUSED || err == ENOTCONN || err == ECONNRESET ||
		       err == EPIPE || err == ENOENT || err == ENOBUFS || err == ENOMEM;
	default:
		return false;
	}
}

const char *failure_awaits(int err, const char *awaits)
{
	if (err == ENOBUFS || err == ENOMEM)
		return "there is memory";
	return awaits ?: "there is space";
}
