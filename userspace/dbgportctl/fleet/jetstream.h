/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One stream of a NATS server that has JetStream, and a consumer that reads it in order,
 * each message once.  There can be one at a time in a process.  All of it waits for the
 * server, some seconds at most.
 *
 * Functions that fail return -1 with one line for the user in @why, JETSTREAM_WHY bytes.
 * What a server says is made harmless there, and no password stands in it.
 */
#ifndef DBGPORTCTL_FLEET_JETSTREAM_H
#define DBGPORTCTL_FLEET_JETSTREAM_H

#include <linux/types.h>
#include <stddef.h>

#include "lib/nats_address.h"

#define JETSTREAM_WHY	768

enum jetstream_from {
	JETSTREAM_FIRST,	/* all that it has */
	JETSTREAM_NUMBER,	/* from the one of this number on */
	JETSTREAM_TIME,		/* from what it took at this time on, CLOCK_REALTIME */
	JETSTREAM_LAST_OF_EACH,	/* of each subject the last one */
};

/**
 * struct jetstream_message - one of them
 * @subject: its subject
 * @number: its number in the stream
 * @time_ns: when the stream took it, CLOCK_REALTIME
 * @data: @len bytes, and a NUL; may be changed
 * @len: of @data
 *
 * It stays until the next call.
 */
struct jetstream_message {
	const char *subject;
	__u64 number;
	__u64 time_ns;
	char *data;
	size_t len;
};

/**
 * jetstream_open() - connect, and find the stream
 * @to: where
 * @name: the stream's name; NULL: the one that takes @subject
 * @subject: what is to be read, which may have the wildcards of NATS
 * @why: see above
 *
 * To be followed by jetstream_close(), whatever comes of it.  Until then SIGPIPE is ignored.
 */
int jetstream_open(const struct nats_address *to, const char *name, const char *subject,
		   char *why);
void jetstream_close(void);

/* What it is called; the numbers of its first and its last message when it was opened. */
const char *jetstream_name(void);
__u64 jetstream_first(void);
__u64 jetstream_last(void);

/**
 * jetstream_begin() - begin to read, or begin anew
 * @subject: what is read
 * @from: from where on
 * @at: of JETSTREAM_NUMBER and JETSTREAM_TIME
 * @kept: set to how many there are
 * @why: see above
 */
int jetstream_begin(const char *subject, enum jetstream_from from, __u64 at, __u64 *kept,
		    char *why);

/**
 * jetstream_next() - the next message
 * @msg: set to it
 * @ms: how long to wait for it
 * @why: see above
 *
 * Return: 1; 0: none came; -1: the connection is of no use any more.
 */
int jetstream_next(struct jetstream_message *msg, unsigned int ms, char *why);

/* Set @left to how many have not come yet.  Return: as above. */
int jetstream_left(__u64 *left, char *why);

#endif /* DBGPORTCTL_FLEET_JETSTREAM_H */
