/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the thread that publishes waits for: answers of the server, the end of a connection,
 * objects to be sent, and its own end.  Filled by libnats' threads and by the one that stores.
 * There is one in a process; a mutex of its own guards it, which nobody holds for long.
 */
#ifndef DBGPORTD_NATS_INBOX_H
#define DBGPORTD_NATS_INBOX_H

#include <linux/types.h>
#include <stdbool.h>

/**
 * struct answer - what the server says of one message
 * @next: in the inbox
 * @number: of the message, as its sender has it
 * @seq: the number that it has in the stream; 0: it was not taken:
 * @code: why, as JetStream numbers errors; 0: no stream takes it
 * @why: the same in the server's words
 */
struct answer {
	struct answer *next;
	__u64 number;
	__u64 seq;
	unsigned int code;
	char why[128];
};

/* Begin, with nothing in it. */
void inbox_open(void);

/* The thread has ended.  What comes late from connections of before does no harm. */
void inbox_close(void);

/* One more connection: what is in there is of others, and goes.  Return: its number. */
unsigned long inbox_connect(void);

/* From any thread: connection @number has ended; of one before it comes too late. */
void inbox_lose(unsigned long number);

/* From any thread: an answer, which is freed by the one who takes it. */
void inbox_put(struct answer *answer);

/* From any thread: there are objects to be sent; or the thread is to end. */
void inbox_wake(void);
void inbox_stop(void);

/* The oldest answer, to be freed; NULL: there is none. */
struct answer *inbox_take(void);

/* Whether the present connection has ended, or the thread is to end. */
bool inbox_is_lost(void);
bool inbox_is_stopping(void);

/* Wait for any of these, at most @ms milliseconds. */
void inbox_wait(unsigned int ms);

/* The same, but for the end of the thread alone. */
void inbox_pause(unsigned int ms);

#endif /* DBGPORTD_NATS_INBOX_H */
