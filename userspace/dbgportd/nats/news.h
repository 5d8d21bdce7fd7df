/* SPDX-License-Identifier: GPL-2.0 */
/* What the process for a NATS server tells the daemon besides writer_message.h. */
#ifndef DBGPORTD_NATS_NEWS_H
#define DBGPORTD_NATS_NEWS_H

#include <linux/types.h>
#include <stdbool.h>

/**
 * struct nats_news - how the process fares; comes through a pipe
 * @waiting: bytes of objects in the spool
 * @dropped: bytes that made way there, since it was opened
 * @unserved: the server takes nothing for now
 * @text: if @unserved: why; one line, without control characters
 */
struct nats_news {
	__u64 waiting;
	__u64 dropped;
	bool unserved;
	char text[256];
};

#endif /* DBGPORTD_NATS_NEWS_H */
