/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Subjects, and what is to be sent to each, in order.  There is one set in a process, which
 * belongs to the thread that publishes.
 */
#ifndef DBGPORTD_NATS_LANE_H
#define DBGPORTD_NATS_LANE_H

#include <linux/types.h>
#include <stdbool.h>

#include "dbgportd/spool/object.h"
#include "dbgportd/spool/spool.h"

struct lane;

/**
 * struct item - an object that was taken out of the spool
 * @lane: its subject's
 * @next: what comes behind it there
 * @spooled: as it was in the spool
 * @json: what is sent of it
 * @id: its message id
 * @done: the stream has it
 */
struct item {
	struct lane *lane;
	struct item *next;
	struct spooled spooled;
	const char *json;
	char id[OBJECT_ID_SIZE];
	bool done;
};

/**
 * struct lane - one subject
 * @next: in its list
 * @next_ready: in the list of those that can send
 * @is_ready: it is in there
 * @first, @last: what it has to send
 * @known: the last message of the subject in the stream is known:
 * @seq: its number there; 0: there is none
 * @sent_ns: since when @first is under way, CLOCK_MONOTONIC; 0: it is not
 * @mismatches: how often the last one was another, since something went well
 * @subject: the subject
 */
struct lane {
	struct lane *next;
	struct lane *next_ready;
	bool is_ready;
	struct item *first, *last;
	bool known;
	__u64 seq;
	__u64 sent_ns;
	unsigned int mismatches;
	char subject[];
};

/*
 * The lane of a subject; those that are idle are forgotten where there are too many.
 * Return: NULL: there is no memory.
 */
struct lane *lane_of(const char *subject);

/* @item, whose lane is set, comes last there. */
void lane_add(struct item *item);

/* It can send, if it has something and nothing of it is under way. */
void lane_make_ready(struct lane *lane);

/* One that can; NULL: there is none.  It does not come again until it is made ready. */
struct lane *lane_next_ready(void);

/* The stream has its first item. */
void lane_finish_first(struct lane *lane);

/* The stream has the item with this id, if that is one of the lane's, and those before it. */
void lane_finish_up_to(struct lane *lane, const char *id);

/* Of no lane is anything known any more: neither its last message, nor what is under way. */
void lanes_doubt(void);

/* Whether something has been under way since before @ns. */
bool lanes_wait_since(__u64 ns);

/* Forget all lanes; the items are the owner's. */
void lanes_free(void);

#endif /* DBGPORTD_NATS_LANE_H */
