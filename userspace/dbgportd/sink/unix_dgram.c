// SPDX-License-Identifier: GPL-2.0
/* unix-dgram=PATH: a datagram for each line, or of raw bytes for each turn. */
#include <string.h>

#include "dbgportd/sink/dgram.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/settings.h"

#define DATAGRAM_MAX	16384

static const struct drop_notice notice = { "[… ", " bytes dropped …]\n" };

static ssize_t cut_raw(struct stream *s, const struct iovec *iov, int count, size_t len,
		       size_t *skip)
{
	(void)s;
	(void)iov;
	(void)count;
	(void)skip;
	return len < DATAGRAM_MAX ? len : DATAGRAM_MAX;
}

static ssize_t cut_line(struct stream *s, const struct iovec *iov, int count, size_t len,
			size_t *skip)
{
	size_t before = 0;

	for (int i = 0; i < count && before < DATAGRAM_MAX; i++) {
		const char *begin = iov[i].iov_base;
		const char *end = memchr(begin, '\n', iov[i].iov_len);

		if (end && before + (end - begin) < DATAGRAM_MAX)
			return before + (end + 1 - begin);
		before += iov[i].iov_len;
	}
	return cut_raw(s, iov, count, len, skip);
}

static struct sink *unix_dgram_open(const struct sink_request *rq, char *why, size_t size)
{
	const struct dgram_kind kind = {
		.ops = rq->kind,
		.cut = rq->raw ? cut_raw : cut_line,
		.notice = rq->notice ?: &notice,
		.whose = "",
	};
	struct sink *sink = dgram_open(&kind, rq->path, rq->set->queue, why, size);

	if (sink)
		sink->shared = !rq->vm;
	return sink;
}

const struct sink_ops sink_unix_dgram = {
	.name = "unix-dgram",
	.arg = "PATH",
	.help = "datagrams to a socket that another program listens on",
	.notices = true,
	.raw = true,
	.open = unix_dgram_open,
	.put = sink_put_stream,
	.close = dgram_close,
};
