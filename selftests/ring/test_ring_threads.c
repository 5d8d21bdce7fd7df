// SPDX-License-Identifier: GPL-2.0
/* The ring, writers and readers at once, under ThreadSanitizer. */
#include <stdatomic.h>

#include "cursor.h"
#include "ring.h"

#include "lib/harness.h"

#define SIZE	256
#define WRITERS	4
#define READERS	3
#define WRITES	100000

/* The harness ends tests by _exit(), so a report has to end them itself. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "halt_on_error=1";
}

/* Writes to the second are claimed. */
static struct dbgport_port ports[2] = { { .port = 0x80 }, { .port = 0xe9 } };
static struct dbgport_ring ring;

struct reader {
	struct dbgport_cursor cursor;
	pthread_mutex_t lock;
	pthread_cond_t cond;
	bool woken;
	u32 next[WRITERS];	/* least value that each writer may still show */
	u64 seq;
	u64 time_ns;
	const char *fault;
};

static void wake(struct dbgport_waiter *waiter)
{
	struct reader *reader = container_of(waiter, struct reader, cursor.waiter);

	pthread_mutex_lock(&reader->lock);
	reader->woken = true;
	pthread_cond_signal(&reader->cond);
	pthread_mutex_unlock(&reader->lock);
}

static void *write_all(void *arg)
{
	u16 id = *(u16 *)arg;
	u32 i;

	for (i = 0; i < WRITES; i++)
		dbgport_ring_write(&ring, i & 1, id, 4, i);
	return NULL;
}

static void check(struct reader *reader, const struct dbgport_record *rec)
{
	if (rec->seq != reader->seq)
		reader->fault = "a gap in the numbers";
	reader->seq += rec->type == DBGPORT_LOST ? rec->count : 1;
	if (rec->type == DBGPORT_LOST)
		return;
	if (rec->flags != (rec->value & 1 ? DBGPORT_CLAIMED : 0) ||
	    rec->port != ports[rec->value & 1].port)
		reader->fault = "a write to another port";
	if (rec->value < reader->next[rec->vcpu])
		reader->fault = "a writer's order is broken";
	if (rec->time_ns < reader->time_ns)
		reader->fault = "time goes back";
	reader->next[rec->vcpu] = rec->value + 1;
	reader->time_ns = rec->time_ns;
}

static void *read_all(void *arg)
{
	struct reader *reader = arg;
	struct dbgport_record rec[50];
	bool ended = false;
	u32 i, n;

	while (!ended) {
		n = dbgport_cursor_peek(&reader->cursor, rec, 50, &ended);
		for (i = 0; i < n; i++)
			check(reader, &rec[i]);
		dbgport_cursor_commit(&reader->cursor, rec, n);
		/* A peek that ends exactly at the last record does not end. */
		if (n || ended || !dbgport_cursor_wait(&reader->cursor))
			continue;
		pthread_mutex_lock(&reader->lock);
		while (!reader->woken)
			pthread_cond_wait(&reader->cond, &reader->lock);
		reader->woken = false;
		pthread_mutex_unlock(&reader->lock);
	}
	return NULL;
}

TEST(writers_and_readers_at_once_keep_every_promise)
{
	static struct reader readers[READERS];
	pthread_t writer[WRITERS], thread[READERS];
	struct dbgport_port_info info[2];
	struct dbgport_ring_state state;
	u16 id[WRITERS];
	int i;

	dbgport_ring_init(&ring, SIZE, ports);
	dbgport_port_set_claimed(&ports[0], 0, false);
	dbgport_port_set_claimed(&ports[1], 1, true);
	for (i = 0; i < READERS; i++) {
		struct reader *reader = &readers[i];

		pthread_mutex_init(&reader->lock, NULL);
		pthread_cond_init(&reader->cond, NULL);
		dbgport_cursor_init(&reader->cursor, &ring, 1, wake);
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, read_all, reader));
	}
	for (i = 0; i < WRITERS; i++) {
		id[i] = i;
		ASSERT_EQ(0, pthread_create(&writer[i], NULL, write_all, &id[i]));
	}
	for (i = 0; i < WRITERS; i++)
		pthread_join(writer[i], NULL);
	dbgport_ring_end(&ring);

	for (i = 0; i < READERS; i++) {
		struct reader *reader = &readers[i];

		pthread_join(thread[i], NULL);
		EXPECT_EQ(NULL, reader->fault) {
			TH_LOG("reader %d: %s", i, reader->fault);
		}
		EXPECT_EQ(WRITERS * WRITES,
			  reader->cursor.delivered + reader->cursor.lost);
		dbgport_cursor_exit(&reader->cursor);
	}
	dbgport_ring_state(&ring, &state, info, 2);
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(WRITERS * WRITES / 2, info[i].writes);
		EXPECT_EQ(i ? WRITERS * WRITES / 2 : 0, info[i].claimed);
	}
	dbgport_ring_drop(&ring);
}

TEST_HARNESS_MAIN
