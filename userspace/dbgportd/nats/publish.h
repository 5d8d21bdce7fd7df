/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sends what a spool has to a stream of NATS JetStream, each object once and in order.
 *
 * Of each subject one message is under way at a time, which says what it follows
 * (Nats-Expected-Last-Subject-Sequence).  Wherever it is not known what has become of one,
 * the last message of its subject is read back first.  There can be only one in a process.
 */
#ifndef DBGPORTD_NATS_PUBLISH_H
#define DBGPORTD_NATS_PUBLISH_H

#include "dbgportd/nats/server.h"
#include "dbgportd/spool/spool.h"

/**
 * publish_start() - begin to send, in a thread
 * @to: where; must stay
 * @spool: what; must stay
 * @tell: called from that thread when something has changed: @why it takes nothing for
 *	now; NULL: it does, or nothing is known yet
 *
 * Return: 0 or a negative errno.
 */
int publish_start(const struct nats_address *to, struct spool *spool,
		  void (*tell)(const char *why));

/* There is something new in the spool. */
void publish_wake(void);

/* End the thread, which may take some seconds. */
void publish_stop(void);

#endif /* DBGPORTD_NATS_PUBLISH_H */
