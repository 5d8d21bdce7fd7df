/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One connection to a NATS server that has JetStream.  There can be only one in a process;
 * called by the thread that publishes alone.  Answers and the connection's end come to the
 * inbox (inbox.h), from threads of libnats.
 */
#ifndef DBGPORTD_NATS_SERVER_H
#define DBGPORTD_NATS_SERVER_H

#include <linux/types.h>
#include <stddef.h>

#include "dbgportd/spool/object.h"
#include "lib/nats_address.h"

/* A server that does not answer for so long is left. */
#define SERVER_ANSWER_MS	5000

/* Most that is said of what is wrong, with a NUL. */
#define SERVER_WHY		256

/**
 * struct server_message - one to be published
 * @subject: where
 * @id: its message id
 * @number: the answer comes with this
 * @after: number in the stream of the subject's last message; 0: there is none
 * @data: @len bytes of it
 */
struct server_message {
	const char *subject;
	const char *id;
	__u64 number;
	__u64 after;
	const char *data;
	size_t len;
};

/**
 * server_connect() - connect, and find the stream that takes our subjects
 * @to: where
 * @subject: one of them
 * @why: on failure, SERVER_WHY bytes with one line
 *
 * To be followed by server_disconnect(), whatever comes of it.  May take some seconds.
 *
 * Return: 0 or -1.
 */
int server_connect(const struct nats_address *to, const char *subject, char *why);
void server_disconnect(void);

/* What the stream is called. */
const char *server_stream(void);

/**
 * server_publish() - send one message
 * @msg: what
 * @why: as for server_connect()
 *
 * Return: 0: it is on its way; or -1.
 */
int server_publish(const struct server_message *msg, char *why);

/**
 * server_last() - read back the last message of a subject
 * @subject: which
 * @seq: set to its number in the stream; 0: there is none
 * @id: set to its message id; empty: it has none
 * @why: as for server_connect()
 *
 * Return: 0 or -1.
 */
int server_last(const char *subject, __u64 *seq, char id[OBJECT_ID_SIZE], char *why);

#endif /* DBGPORTD_NATS_SERVER_H */
