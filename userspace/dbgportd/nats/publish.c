// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/nats/inbox.h"
#include "dbgportd/nats/lane.h"
#include "dbgportd/nats/publish.h"
#include "lib/clock.h"
#include "lib/hostname.h"

/* What is taken out of the spool at a time. */
#define WINDOW		1024
#define WINDOW_BYTES	(4 << 20)
/* How long to wait before a server is tried again: at first, and at most. */
#define BACKOFF_MS	500
#define BACKOFF_MAX_MS	8000
/* How often what nobody reports is looked for: answers that do not come. */
#define LOOK_MS		1000
/* How often others may come between in a subject before that is told. */
#define MISMATCHES	5

/* JetStream's: the subject's last message is another. */
#define WRONG_LAST_SEQUENCE	10071

static pthread_t thread;

/* All below belongs to that thread, while it runs. */
static const struct nats_address *address;
static struct spool *spool;
static void (*tell)(const char *why);
static struct hostname host;
/* A ring, by the numbers of their frames. */
static struct item *window[WINDOW];
static size_t window_first, window_count, window_bytes;
/* Came out of the spool, and found no memory; it does not come again. */
static struct spooled taken;
static __u64 looked_ns;
/* The server has taken something, or would. */
static bool served;
/* Why it does not; empty: it does, or nothing is known yet. */
static char why[SERVER_WHY];

static void report(void)
{
	tell(*why ? why : NULL);
}

/* For what stands in @why; returns -1. */
static int give_up(void)
{
	served = false;
	report();
	return -1;
}

static void go_well(void)
{
	served = true;
	*why = '\0';
	report();
}

static struct item *item_at(size_t i)
{
	return window[(window_first + i) % WINDOW];
}

/* The one with this number; NULL: it has been done. */
static struct item *find_item(__u64 number)
{
	size_t low = 0, high = window_count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (item_at(mid)->spooled.number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low < window_count && item_at(low)->spooled.number == number ? item_at(low) : NULL;
}

/* Return: 0 or -ENOMEM. */
static int add_item(const struct spooled *spooled)
{
	struct item *item = calloc(1, sizeof(*item));
	char subject[OBJECT_SUBJECT_SIZE];
	struct object_head head = { 0 };

	if (!item)
		return -ENOMEM;
	item->spooled = *spooled;
	item->json = object_head_parse(&head, spooled->text, spooled->len) ?: spooled->text;
	object_id(item->id, &head);
	object_subject(subject, address->subject, host.name, &head);
	item->lane = lane_of(subject);
	if (!item->lane) {
		free(item);
		return -ENOMEM;
	}
	window[(window_first + window_count++) % WINDOW] = item;
	window_bytes += spooled->len;
	lane_add(item);
	return 0;
}

static int fill_window(void)
{
	int err = 1;

	while (window_count < WINDOW && window_bytes < WINDOW_BYTES) {
		err = taken.text ? 1 : spool_take(spool, &taken);
		if (err <= 0)
			break;
		err = add_item(&taken);
		if (err)
			break;
		taken.text = NULL;
	}
	if (err >= 0)
		return 0;
	snprintf(why, sizeof(why), "its spool cannot be read: %s", strerror(-err));
	return give_up();
}

static void free_item(struct item *item)
{
	free(item->spooled.text);
	free(item);
}

static struct item *shift_window(void)
{
	struct item *item = item_at(0);

	window_first = (window_first + 1) % WINDOW;
	window_count--;
	window_bytes -= item->spooled.len;
	return item;
}

/* What the stream has, and all before it, need not be kept. */
static void acknowledge(void)
{
	__u64 number = 0;
	size_t len = 0;

	while (window_count && item_at(0)->done) {
		struct item *item = shift_window();

		number = item->spooled.number;
		len += item->spooled.len;
		free_item(item);
	}
	if (!len)
		return;
	spool_acknowledge(spool, number, len);
	report();
}

/* Which message is the last of its subject. */
static int look(struct lane *lane)
{
	char id[OBJECT_ID_SIZE];

	if (server_last(lane->subject, &lane->seq, id, why))
		return give_up();
	lane->known = true;
	if (*id)
		lane_finish_up_to(lane, id);
	return 0;
}

static int publish(struct lane *lane, const struct item *item)
{
	const struct server_message msg = {
		.subject = lane->subject,
		.id = item->id,
		.number = item->spooled.number,
		.after = lane->seq,
		.data = item->json,
		.len = item->spooled.text + item->spooled.len - item->json,
	};

	if (server_publish(&msg, why))
		return give_up();
	lane->sent_ns = clock_ns(CLOCK_MONOTONIC);
	return 0;
}

static int send_first(struct lane *lane)
{
	if (!lane->known && look(lane))
		return -1;
	return lane->first ? publish(lane, lane->first) : 0;
}

static int send_ready(void)
{
	struct lane *lane;
	int err = 0;

	while (!err && (lane = lane_next_ready()))
		err = send_first(lane);
	return err;
}

static void use_success(struct lane *lane, __u64 seq)
{
	lane->seq = seq;
	lane->mismatches = 0;
	lane_finish_first(lane);
	lane_make_ready(lane);
	if (!served)
		go_well();
}

static int use_failure(struct lane *lane, const struct answer *a)
{
	lane->known = false;
	if (!a->code) {
		snprintf(why, sizeof(why), "no stream takes %.200s", lane->subject);
		return give_up();
	}
	if (a->code != WRONG_LAST_SEQUENCE) {
		snprintf(why, sizeof(why), "stream %.100s takes nothing: %s", server_stream(),
			 a->why);
		return give_up();
	}
	if (++lane->mismatches > MISMATCHES) {
		snprintf(why, sizeof(why), "something else writes to %.200s", lane->subject);
		return give_up();
	}
	lane_make_ready(lane);
	return 0;
}

static int use_answer(const struct answer *a)
{
	const struct item *item = find_item(a->number);
	struct lane *lane;

	/* Without anything to send a lane may be forgotten. */
	if (!item || item->done)
		return 0;
	lane = item->lane;
	if (!lane->sent_ns || lane->first != item)
		return 0;
	lane->sent_ns = 0;
	if (!a->seq)
		return use_failure(lane, a);
	use_success(lane, a->seq);
	return 0;
}

static int use_answers(void)
{
	struct answer *a;
	int err = 0;

	while (!err && (a = inbox_take())) {
		err = use_answer(a);
		free(a);
	}
	return err;
}

static int look_for_silence(void)
{
	__u64 now = clock_ns(CLOCK_MONOTONIC);

	if (now - looked_ns < LOOK_MS * NSEC_PER_MSEC)
		return 0;
	looked_ns = now;
	if (!lanes_wait_since(now - SERVER_ANSWER_MS * NSEC_PER_MSEC))
		return 0;
	snprintf(why, sizeof(why), "the server does not answer");
	return give_up();
}

static int turn(void)
{
	int err = use_answers();

	if (!err)
		err = fill_window();
	if (!err)
		err = send_ready();
	acknowledge();
	if (err || look_for_silence())
		return -1;
	/* With nothing to be sent it is enough that there is a stream. */
	if (!window_count && !served)
		go_well();
	inbox_wait(LOOK_MS);
	if (!inbox_is_lost())
		return 0;
	snprintf(why, sizeof(why), "the connection was lost");
	return give_up();
}

/* Until the connection is of no use any more.  Return: whether it was of any. */
static bool serve(void)
{
	const struct object_head any = { .name = OBJECT_NO_VM };
	char subject[OBJECT_SUBJECT_SIZE];
	bool was = false;

	object_subject(subject, address->subject, host.name, &any);
	if (server_connect(address, subject, why)) {
		give_up();
		return false;
	}
	lanes_doubt();
	while (!inbox_is_stopping() && !turn())
		was = was || served;
	return was;
}

static void *run(void *arg)
{
	unsigned int backoff_ms = BACKOFF_MS;

	(void)arg;
	while (!inbox_is_stopping()) {
		if (serve())
			backoff_ms = BACKOFF_MS;
		server_disconnect();
		inbox_pause(backoff_ms);
		backoff_ms = 2 * backoff_ms < BACKOFF_MAX_MS ? 2 * backoff_ms : BACKOFF_MAX_MS;
	}
	return NULL;
}

int publish_start(const struct nats_address *to, struct spool *what,
		  void (*telling)(const char *why))
{
	int err;

	address = to;
	spool = what;
	tell = telling;
	hostname_get(&host);
	served = false;
	*why = '\0';
	inbox_open();
	err = pthread_create(&thread, NULL, run, NULL);
	if (err)
		inbox_close();
	return -err;
}

void publish_wake(void)
{
	inbox_wake();
}

void publish_stop(void)
{
	inbox_stop();
	pthread_join(thread, NULL);
	inbox_close();
	lanes_free();
	while (window_count)
		free_item(shift_window());
	free(taken.text);
	taken.text = NULL;
}
