/* SPDX-License-Identifier: GPL-2.0 */
/* Bytes that lie in several places. */
#ifndef DBGPORTD_STREAM_IOV_H
#define DBGPORTD_STREAM_IOV_H

#include <stddef.h>
#include <sys/uio.h>

/* How many bytes there are. */
static inline size_t iov_length(const struct iovec *iov, int count)
{
	size_t len = 0;

	while (count--)
		len += iov++->iov_len;
	return len;
}

/* Keep the first @len bytes only; returns how many of @iov still have some. */
static inline int iov_shorten(struct iovec *iov, int count, size_t len)
{
	int n = 0;

	while (n < count && len) {
		if (iov[n].iov_len > len)
			iov[n].iov_len = len;
		len -= iov[n++].iov_len;
	}
	return n;
}

#endif /* DBGPORTD_STREAM_IOV_H */
