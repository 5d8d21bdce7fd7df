/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Boots that wait for a receiver.  They go one by one, the oldest one first; one that the
 * receiver asks for later, or that it is not there for, is sent again, and the others wait.
 */
#ifndef DBGPORTCTL_OTLP_OUTBOX_H
#define DBGPORTCTL_OTLP_OUTBOX_H

#include <linux/types.h>

#include "dbgportctl/boot/boot.h"
#include "dbgportctl/otlp/http.h"

/* All together are no longer; if they were, the oldest are dropped. */
#define OUTBOX_BYTES	(16 * 1024 * 1024)

struct letter;

/**
 * struct outbox - what waits
 * @http: the receiver
 * @first: the oldest one, which may be under way; NULL: none waits
 * @count, @bytes: how many they are, and how long
 * @tries: how often the first one was sent
 * @again_ns: when to send it again, CLOCK_MONOTONIC
 */
struct outbox {
	struct http http;
	struct letter *first;
	size_t count;
	size_t bytes;
	unsigned int tries;
	__u64 again_ns;
};

/* Begin with @endpoint, which must stay. */
void outbox_begin(struct outbox *outbox, const struct endpoint *endpoint);

/* Free all.  What waits is not sent, which is told. */
void outbox_end(struct outbox *outbox);

/* Take a boot of which the host's clock is known. */
void outbox_add(struct outbox *outbox, const struct boot *boot);

/*
 * Do what can be done at @now_ns, without waiting.  Return: nanoseconds until there is
 * more to be done, though the receiver says nothing; 0: there is not.
 */
__u64 outbox_turn(struct outbox *outbox, __u64 now_ns);

#endif /* DBGPORTCTL_OTLP_OUTBOX_H */
