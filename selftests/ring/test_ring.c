// SPDX-License-Identifier: GPL-2.0
/* The ring, one thread, under AddressSanitizer and UBSan. */
#include "cursor.h"
#include "leaks.h"
#include "ring.h"

#include "lib/harness.h"

#define SIZE	64
#define VM	7

static unsigned int woken;

static void wake(struct dbgport_waiter *waiter)
{
	(void)waiter;
	woken++;
}

FIXTURE(ring) {
	struct dbgport_port ports[2];
	struct dbgport_ring ring;
	struct dbgport_cursor cursor;
	struct dbgport_record rec[2 * SIZE];
	bool ended;
};

FIXTURE_SETUP(ring)
{
	shim_no_memory = false;
	woken = 0;
	self->ports[0].port = 0x80;
	self->ports[1].port = 0x402;
	dbgport_port_set_claimed(&self->ports[0], 0, false);
	dbgport_port_set_claimed(&self->ports[1], 1, false);
	dbgport_ring_init(&self->ring, SIZE, self->ports);
	dbgport_cursor_init(&self->cursor, &self->ring, VM, wake);
}

FIXTURE_TEARDOWN(ring)
{
	dbgport_cursor_exit(&self->cursor);
	dbgport_ring_drop(&self->ring);
	EXPECT_EQ(0, leaks());
}

static bool write_one(struct dbgport_ring *ring, u8 port, u16 vcpu, u8 width, u32 value,
		      bool claimed)
{
	dbgport_port_set_claimed(&ring->ports[port], port, claimed);
	return dbgport_ring_write(ring, port, vcpu, width, value);
}

/* Write values @from … @to - 1 to the second port. */
static void write_values(struct dbgport_ring *ring, u32 from, u32 to)
{
	u32 value;

	for (value = from; value < to; value++)
		write_one(ring, 1, 3, 4, value, false);
}

/* Peek and commit everything; the number of records. */
static u32 take(struct dbgport_cursor *cursor, struct dbgport_record *rec,
		u32 room, bool *ended)
{
	u32 n = dbgport_cursor_peek(cursor, rec, room, ended);

	dbgport_cursor_commit(cursor, rec, n);
	return n;
}

TEST_F(ring, is_empty_at_first)
{
	struct dbgport_ring_state state;

	EXPECT_EQ(0, take(&self->cursor, self->rec, SIZE, &self->ended));
	EXPECT_FALSE(self->ended);
	dbgport_ring_state(&self->ring, &state, NULL, 0);
	EXPECT_EQ(0, state.written);
	EXPECT_EQ(0, state.oldest);
	EXPECT_EQ(0, state.end_ns);
}

TEST_F(ring, takes_memory_at_the_first_write_only)
{
	EXPECT_EQ(NULL, self->ring.entries);
	write_values(&self->ring, 0, 1);
	EXPECT_NE(NULL, self->ring.entries);
}

TEST_F(ring, keeps_every_field_of_a_write)
{
	EXPECT_TRUE(write_one(&self->ring, 0, 65535, 1, 0xa5, true));
	EXPECT_FALSE(write_one(&self->ring, 1, 0, 4, 0xffffffff, false));
	ASSERT_EQ(2, take(&self->cursor, self->rec, SIZE, &self->ended));

	EXPECT_EQ(DBGPORT_WRITE, self->rec[0].type);
	EXPECT_EQ(VM, self->rec[0].vm);
	EXPECT_EQ(0, self->rec[0].seq);
	EXPECT_EQ(0x80, self->rec[0].port);
	EXPECT_EQ(65535, self->rec[0].vcpu);
	EXPECT_EQ(1, self->rec[0].width);
	EXPECT_EQ(0xa5, self->rec[0].value);
	EXPECT_EQ(DBGPORT_CLAIMED, self->rec[0].flags);

	EXPECT_EQ(1, self->rec[1].seq);
	EXPECT_EQ(0x402, self->rec[1].port);
	EXPECT_EQ(4, self->rec[1].width);
	EXPECT_EQ(0xffffffff, self->rec[1].value);
	EXPECT_EQ(0, self->rec[1].flags);
	EXPECT_LE(self->rec[0].time_ns, self->rec[1].time_ns);
}

TEST_F(ring, loses_nothing_while_it_is_exactly_full)
{
	write_values(&self->ring, 0, SIZE);
	ASSERT_EQ(SIZE, take(&self->cursor, self->rec, 2 * SIZE, &self->ended));
	EXPECT_EQ(0, self->rec[0].value);
	EXPECT_EQ(SIZE - 1, self->rec[SIZE - 1].value);
	EXPECT_EQ(0, self->cursor.lost);
	EXPECT_EQ(SIZE, self->cursor.delivered);
}

TEST_F(ring, overwrites_the_oldest_and_says_how_many)
{
	write_values(&self->ring, 0, SIZE + 5);
	ASSERT_EQ(SIZE + 1,
		  take(&self->cursor, self->rec, 2 * SIZE, &self->ended));
	EXPECT_EQ(DBGPORT_LOST, self->rec[0].type);
	EXPECT_EQ(VM, self->rec[0].vm);
	EXPECT_EQ(0, self->rec[0].seq);
	EXPECT_EQ(5, self->rec[0].count);
	EXPECT_EQ(0, self->rec[0].time_ns);
	EXPECT_EQ(5, self->rec[1].seq);
	EXPECT_EQ(5, self->rec[1].value);
	EXPECT_EQ(SIZE + 4, self->rec[SIZE].seq);
	EXPECT_EQ(5, self->cursor.lost);
	EXPECT_EQ(SIZE, self->cursor.delivered);
}

TEST_F(ring, delivers_plus_loses_what_was_written_at_any_reading_pace)
{
	u32 written = 0, pace, i, n;
	u64 next = 0;

	for (pace = 1; pace < 3 * SIZE; pace++) {
		write_values(&self->ring, written, written + pace);
		written += pace;
		n = take(&self->cursor, self->rec, pace % 7 + 1, &self->ended);
		for (i = 0; i < n; i++) {
			ASSERT_EQ(next, self->rec[i].seq);
			if (self->rec[i].type == DBGPORT_LOST) {
				next += self->rec[i].count;
			} else {
				ASSERT_EQ(next, self->rec[i].value);
				next++;
			}
		}
	}
	while (take(&self->cursor, self->rec, SIZE, &self->ended))
		;
	EXPECT_EQ(written, self->cursor.delivered + self->cursor.lost);
	EXPECT_NE(0, self->cursor.lost);
	EXPECT_NE(0, self->cursor.delivered);
}

TEST_F(ring, peeks_the_same_again_until_committed)
{
	struct dbgport_record again[2];

	write_values(&self->ring, 0, 2);
	ASSERT_EQ(2, dbgport_cursor_peek(&self->cursor, self->rec, 2,
					 &self->ended));
	ASSERT_EQ(2, dbgport_cursor_peek(&self->cursor, again, 2,
					 &self->ended));
	EXPECT_EQ(0, memcmp(self->rec, again, sizeof(again)));

	dbgport_cursor_commit(&self->cursor, self->rec, 1);
	ASSERT_EQ(1, dbgport_cursor_peek(&self->cursor, again, 2,
					 &self->ended));
	EXPECT_EQ(1, again[0].seq);
}

TEST_F(ring, gives_a_loss_through_a_buffer_for_one)
{
	write_values(&self->ring, 0, SIZE + 1);
	ASSERT_EQ(1, take(&self->cursor, self->rec, 1, &self->ended));
	EXPECT_EQ(DBGPORT_LOST, self->rec[0].type);
	EXPECT_EQ(1, self->rec[0].count);
	ASSERT_EQ(1, take(&self->cursor, self->rec, 1, &self->ended));
	EXPECT_EQ(DBGPORT_WRITE, self->rec[0].type);
	EXPECT_EQ(1, self->rec[0].seq);
}

TEST_F(ring, lets_cursors_read_on_their_own)
{
	struct dbgport_cursor other;

	dbgport_cursor_init(&other, &self->ring, VM, wake);
	write_values(&self->ring, 0, 3);
	EXPECT_EQ(3, take(&self->cursor, self->rec, SIZE, &self->ended));
	EXPECT_EQ(0, take(&self->cursor, self->rec, SIZE, &self->ended));
	EXPECT_EQ(3, take(&other, self->rec, SIZE, &self->ended));
	dbgport_cursor_exit(&other);
}

TEST_F(ring, starts_at_the_newest_if_asked)
{
	write_values(&self->ring, 0, 10);
	dbgport_cursor_to_newest(&self->cursor);
	EXPECT_EQ(0, take(&self->cursor, self->rec, SIZE, &self->ended));
	write_values(&self->ring, 10, 11);
	ASSERT_EQ(1, take(&self->cursor, self->rec, SIZE, &self->ended));
	EXPECT_EQ(10, self->rec[0].seq);
	EXPECT_EQ(0, self->cursor.lost);
}

TEST_F(ring, seeks_and_counts_from_there)
{
	write_values(&self->ring, 0, 10);
	take(&self->cursor, self->rec, SIZE, &self->ended);

	EXPECT_EQ(0, dbgport_cursor_seek(&self->cursor, 7));
	ASSERT_EQ(3, take(&self->cursor, self->rec, SIZE, &self->ended));
	EXPECT_EQ(7, self->rec[0].seq);
	EXPECT_EQ(3, self->cursor.delivered);
	EXPECT_EQ(0, self->cursor.lost);

	EXPECT_EQ(0, dbgport_cursor_seek(&self->cursor, 10));
	EXPECT_EQ(-EINVAL, dbgport_cursor_seek(&self->cursor, 11));
}

TEST_F(ring, tells_what_is_lost_behind_a_seek)
{
	write_values(&self->ring, 0, SIZE + 10);
	EXPECT_EQ(0, dbgport_cursor_seek(&self->cursor, 4));
	ASSERT_EQ(SIZE + 1,
		  take(&self->cursor, self->rec, 2 * SIZE, &self->ended));
	EXPECT_EQ(DBGPORT_LOST, self->rec[0].type);
	EXPECT_EQ(4, self->rec[0].seq);
	EXPECT_EQ(6, self->rec[0].count);
}

TEST_F(ring, wakes_a_waiting_cursor_once)
{
	EXPECT_TRUE(dbgport_cursor_wait(&self->cursor));
	write_values(&self->ring, 0, 3);
	EXPECT_EQ(1, woken);
}

TEST_F(ring, does_not_let_a_cursor_wait_that_has_something_to_read)
{
	write_values(&self->ring, 0, 1);
	EXPECT_FALSE(dbgport_cursor_wait(&self->cursor));
	write_values(&self->ring, 1, 2);
	EXPECT_EQ(0, woken);
}

TEST_F(ring, does_not_wake_a_cursor_that_left)
{
	EXPECT_TRUE(dbgport_cursor_wait(&self->cursor));
	dbgport_cursor_exit(&self->cursor);
	write_values(&self->ring, 0, 1);
	EXPECT_EQ(0, woken);
}

TEST_F(ring, ends_after_its_last_record)
{
	write_values(&self->ring, 0, 2);
	dbgport_ring_end(&self->ring);
	EXPECT_EQ(1, take(&self->cursor, self->rec, 1, &self->ended));
	EXPECT_EQ(1, take(&self->cursor, self->rec, SIZE, &self->ended));
	EXPECT_EQ(0, take(&self->cursor, self->rec, SIZE, &self->ended));
	EXPECT_TRUE(self->ended);
}

TEST_F(ring, wakes_by_its_end_and_lets_nobody_wait_after)
{
	EXPECT_TRUE(dbgport_cursor_wait(&self->cursor));
	dbgport_ring_end(&self->ring);
	EXPECT_EQ(1, woken);
	EXPECT_FALSE(dbgport_cursor_wait(&self->cursor));
}

TEST_F(ring, loses_by_number_what_is_dropped)
{
	write_values(&self->ring, 0, 5);
	dbgport_ring_end(&self->ring);
	dbgport_ring_drop(&self->ring);
	ASSERT_EQ(1, take(&self->cursor, self->rec, SIZE, &self->ended));
	EXPECT_EQ(DBGPORT_LOST, self->rec[0].type);
	EXPECT_EQ(5, self->rec[0].count);
	EXPECT_EQ(0, take(&self->cursor, self->rec, SIZE, &self->ended));
	EXPECT_TRUE(self->ended);
}

TEST_F(ring, counts_writes_without_memory_as_lost_and_recovers)
{
	u32 written = 0;

	shim_no_memory = true;
	write_values(&self->ring, 0, 10);
	shim_no_memory = false;
	for (written = 10; !self->ring.entries && written < 100000; written++)
		write_values(&self->ring, written, written + 1);
	ASSERT_NE(NULL, self->ring.entries);
	write_values(&self->ring, written, written + 3);
	written += 3;

	while (take(&self->cursor, self->rec, SIZE, &self->ended))
		;
	EXPECT_EQ(written, self->cursor.delivered + self->cursor.lost);
	EXPECT_LE(3, self->cursor.delivered);
	EXPECT_LE(10, self->cursor.lost);
}

TEST_F(ring, has_its_memory_before_the_first_write_if_asked)
{
	const struct dbgport_entry *entries;

	shim_no_memory = true;
	EXPECT_EQ(-ENOMEM, dbgport_ring_prepare(&self->ring));
	shim_no_memory = false;
	EXPECT_EQ(0, dbgport_ring_prepare(&self->ring));
	entries = self->ring.entries;
	ASSERT_NE(NULL, entries);
	EXPECT_EQ(0, dbgport_ring_prepare(&self->ring));
	EXPECT_EQ(entries, self->ring.entries);

	write_values(&self->ring, 0, 3);
	EXPECT_EQ(3, take(&self->cursor, self->rec, SIZE, &self->ended));
	EXPECT_EQ(entries, self->ring.entries);
}

FIXTURE(prepared) {
	struct dbgport_port ports[2];
	struct dbgport_ring ring;
	struct dbgport_cursor cursor;
	struct dbgport_record rec[8192];
	bool ended;
};

/* A ring for 4096 writes, which has memory for the first 1024. */
FIXTURE_SETUP(prepared)
{
	shim_no_memory = false;
	dbgport_ring_init(&self->ring, 4096, self->ports);
	dbgport_cursor_init(&self->cursor, &self->ring, VM, wake);
	ASSERT_EQ(0, dbgport_ring_prepare(&self->ring));
	EXPECT_EQ(1024 * sizeof(struct dbgport_entry), dbgport_ring_bytes(&self->ring));
}

FIXTURE_TEARDOWN(prepared)
{
	dbgport_cursor_exit(&self->cursor);
	dbgport_ring_drop(&self->ring);
	EXPECT_EQ(0, leaks());
}

/* That the last @n of @written writes are to be read, and the others lost. */
static bool has_last(struct dbgport_cursor *cursor, struct dbgport_record *rec, u32 written,
		     u32 n)
{
	u32 got, lost = written > n, i;
	bool ended;

	got = take(cursor, rec, 8192, &ended);
	if (got != n + lost || (lost && rec[0].count != written - n))
		return false;
	for (i = 0; i < n; i++) {
		if (rec[lost + i].value != written - n + i)
			return false;
	}
	return true;
}

TEST_F(prepared, keeps_what_it_has_when_it_grows)
{
	write_values(&self->ring, 0, 100);
	EXPECT_EQ(0, dbgport_ring_grow(&self->ring));
	EXPECT_EQ(4096 * sizeof(struct dbgport_entry), dbgport_ring_bytes(&self->ring));
	write_values(&self->ring, 100, 4000);
	EXPECT_TRUE(has_last(&self->cursor, self->rec, 4000, 4000));
	write_values(&self->ring, 4000, 12000);
	EXPECT_EQ(0, dbgport_ring_grow(&self->ring));
	dbgport_cursor_seek(&self->cursor, 0);
	EXPECT_TRUE(has_last(&self->cursor, self->rec, 12000, 4096));
}

TEST_F(prepared, what_was_lost_before_it_grew_stays_lost)
{
	struct dbgport_ring_state state;

	write_values(&self->ring, 0, 1200);
	EXPECT_EQ(0, dbgport_ring_grow(&self->ring));
	dbgport_ring_state(&self->ring, &state, NULL, 0);
	EXPECT_EQ(176, state.oldest);
	write_values(&self->ring, 1200, 2000);
	EXPECT_TRUE(has_last(&self->cursor, self->rec, 2000, 1824));
	write_values(&self->ring, 2000, 8000);
	dbgport_cursor_seek(&self->cursor, 0);
	EXPECT_TRUE(has_last(&self->cursor, self->rec, 8000, 4096));
}

TEST_F(prepared, stays_as_it_is_without_memory_or_when_it_has_ended)
{
	write_values(&self->ring, 0, 1200);
	shim_no_memory = true;
	EXPECT_EQ(-ENOMEM, dbgport_ring_grow(&self->ring));
	shim_no_memory = false;
	EXPECT_TRUE(has_last(&self->cursor, self->rec, 1200, 1024));

	dbgport_ring_end(&self->ring);
	dbgport_ring_grow(&self->ring);
	EXPECT_EQ(1024 * sizeof(struct dbgport_entry), dbgport_ring_bytes(&self->ring));
	dbgport_cursor_seek(&self->cursor, 0);
	EXPECT_TRUE(has_last(&self->cursor, self->rec, 1200, 1024));
}

TEST_F(ring, counts_each_port_and_gives_its_last_value)
{
	struct dbgport_ring_state state;
	struct dbgport_port_info ports[2];

	EXPECT_EQ(0, dbgport_ring_read(&self->ring, 0));
	write_one(&self->ring, 0, 0, 1, 0x11, true);
	write_one(&self->ring, 0, 0, 2, 0x2222, false);
	write_one(&self->ring, 1, 0, 4, 0x33, false);
	EXPECT_EQ(0x2222, dbgport_ring_read(&self->ring, 0));

	dbgport_ring_state(&self->ring, &state, ports, 2);
	EXPECT_EQ(3, state.written);
	EXPECT_EQ(2, ports[0].writes);
	EXPECT_EQ(3, ports[0].bytes);
	EXPECT_EQ(2, ports[0].reads);
	EXPECT_EQ(3, ports[0].claimed);
	EXPECT_EQ(1, ports[1].writes);
	EXPECT_EQ(4, ports[1].bytes);
	EXPECT_EQ(0, ports[1].reads);
	EXPECT_EQ(0, ports[1].claimed);
}

TEST_F(ring, rounds_its_size_up_to_a_power_of_two)
{
	struct dbgport_ring odd;

	dbgport_ring_init(&odd, SIZE + 1, self->ports);
	EXPECT_EQ(2 * SIZE - 1, odd.mask);
}

/* The caller decides, whatever the port's mode is. */
TEST_F(ring, takes_bytes_claimed_or_not_one_by_one)
{
	struct dbgport_port_info counts[2];
	struct dbgport_ring_state state;

	for (u32 i = 0; i < 4; i++) {
		dbgport_port_set_claimed(&self->ports[1], 1, i & 2);
		spin_lock(&self->ring.lock);
		dbgport_ring_add(&self->ring, 1, 3, 'a' + i, i & 1);
		dbgport_ring_add_read(&self->ring, 1, i == 3);
		spin_unlock(&self->ring.lock);
	}
	ASSERT_EQ(4, take(&self->cursor, self->rec, SIZE, &self->ended));
	for (u32 i = 0; i < 4; i++) {
		EXPECT_EQ(0x402, self->rec[i].port);
		EXPECT_EQ(1, self->rec[i].width);
		EXPECT_EQ(3, self->rec[i].vcpu);
		EXPECT_EQ('a' + i, self->rec[i].value);
		EXPECT_EQ(i & 1 ? DBGPORT_CLAIMED : 0, self->rec[i].flags);
	}
	dbgport_ring_state(&self->ring, &state, counts, 2);
	EXPECT_EQ(4, state.written);
	EXPECT_EQ(4, counts[1].writes);
	EXPECT_EQ(1, counts[1].reads);
	EXPECT_EQ(3, counts[1].passed);
	EXPECT_EQ(3, counts[1].passed_at);
	/* Two writes and a read. */
	EXPECT_EQ(3, counts[1].claimed);
}

TEST_F(ring, wakes_who_waits_for_such_a_byte)
{
	write_values(&self->ring, 0, 1);
	take(&self->cursor, self->rec, SIZE, &self->ended);
	ASSERT_TRUE(dbgport_cursor_wait(&self->cursor));
	spin_lock(&self->ring.lock);
	dbgport_ring_add(&self->ring, 1, 0, 'a', true);
	spin_unlock(&self->ring.lock);
	EXPECT_EQ(1, woken);
	EXPECT_EQ(1, take(&self->cursor, self->rec, SIZE, &self->ended));
}

TEST_F(ring, counts_such_bytes_without_memory)
{
	struct dbgport_ring_state state;

	shim_no_memory = true;
	spin_lock(&self->ring.lock);
	dbgport_ring_add(&self->ring, 1, 0, 'a', true);
	spin_unlock(&self->ring.lock);
	dbgport_ring_state(&self->ring, &state, NULL, 0);
	EXPECT_EQ(1, state.written);
	EXPECT_EQ(1, state.oldest);
	shim_no_memory = false;
}

TEST_HARNESS_MAIN
