// SPDX-License-Identifier: GPL-2.0
/* The slots of a VM's ports, with the ring that counts in them. */
#include "cursor.h"
#include "ports.h"
#include "ring.h"

#include "lib/harness.h"

#define SIZE	64
#define VM	7

static const u16 first[] = { 0x80, 0x402 };
static const u16 plain[2];

FIXTURE(ports) {
	struct dbgport_ports ports;
	struct dbgport_ports_state state;
	struct dbgport_ring ring;
	struct dbgport_ring_state counted;
	struct dbgport_port_info counts[DBGPORT_MAX_PORTS];
};

static void write_one(struct dbgport_ring *ring, u8 port, u32 value)
{
	dbgport_ring_write(ring, port, 0, 1, value);
}

FIXTURE_SETUP(ports)
{
	u8 slot;

	dbgport_ports_init(&self->ports, first, plain, 2);
	dbgport_ring_init(&self->ring, SIZE, self->ports.slots);
	for (slot = 0; slot < DBGPORT_MAX_PORTS; slot++)
		dbgport_port_set_claimed(&self->ports.slots[slot], slot, true);
}

FIXTURE_TEARDOWN(ports)
{
	dbgport_ring_drop(&self->ring);
}

TEST_F(ports, are_all_on_at_first)
{
	dbgport_ports_state(&self->ports, &self->state);
	EXPECT_EQ(2, self->state.n);
	EXPECT_EQ(3, self->state.on);
	EXPECT_EQ(0, self->state.taken);
}

TEST_F(ports, keep_their_slots)
{
	static const u16 both[] = { 0x402, 0x80 };

	EXPECT_EQ(2, dbgport_ports_find(&self->ports, both, 1, 2));
	EXPECT_EQ(3, dbgport_ports_find(&self->ports, both, 2, 2));
	dbgport_ports_state(&self->ports, &self->state);
	EXPECT_EQ(2, self->state.n);
}

TEST_F(ports, get_slots_of_their_own_while_there_is_room)
{
	static const u16 one[] = { 0x402, 0x3f8 };
	static const u16 two[] = { 0x2f8, 0x3f8 };

	write_one(&self->ring, 1, 'a');
	EXPECT_EQ(6, dbgport_ports_find(&self->ports, one, 2, 3));
	write_one(&self->ring, 2, 'b');

	/* The third would be one too many, and the second is not taken then. */
	EXPECT_EQ(-ENOSPC, dbgport_ports_find(&self->ports, two, 2, 3));

	dbgport_ports_state(&self->ports, &self->state);
	ASSERT_EQ(3, self->state.n);
	EXPECT_EQ(3, self->state.on);
	dbgport_ring_state(&self->ring, &self->counted, self->counts, 3);
	EXPECT_EQ(0x3f8, self->counts[2].port);
	EXPECT_EQ(1, self->counts[2].writes);
}

TEST_F(ports, give_back_the_slots_that_they_did_not_use)
{
	static const u16 more[] = { 0x300, 0x301, 0x302 };
	static const u16 other[] = { 0x3f8 };

	ASSERT_EQ(28, dbgport_ports_find(&self->ports, more, 3, DBGPORT_MAX_PORTS));
	write_one(&self->ring, 3, 'a');
	dbgport_ports_set_taken(&self->ports, 4, true);
	dbgport_ports_give_back(&self->ports, 2);

	/* A record has the second one, so there is also the first. */
	dbgport_ports_state(&self->ports, &self->state);
	EXPECT_EQ(4, self->state.n);
	EXPECT_EQ(3, self->state.on);
	EXPECT_EQ(0, self->state.taken);
	EXPECT_EQ(16, dbgport_ports_find(&self->ports, other, 1, DBGPORT_MAX_PORTS));
	dbgport_ring_state(&self->ring, &self->counted, self->counts, 5);
	EXPECT_EQ(0x301, self->counts[3].port);
	EXPECT_EQ(1, self->counts[3].writes);
	EXPECT_EQ(0x3f8, self->counts[4].port);
}

TEST_F(ports, have_flags_by_their_slots)
{
	static const u16 both[] = { 0x402, 0x80 };
	static const u16 flags[] = { DBGPORT_PORT_TEE, 0 };
	static const u16 other[] = { 0x3f8 };
	static const u16 tee = DBGPORT_PORT_TEE;

	EXPECT_EQ(2, dbgport_ports_flagged(&self->ports, both, flags, 2, tee));
	EXPECT_EQ(1, dbgport_ports_flagged(&self->ports, first, flags, 2, tee));
	EXPECT_EQ(0, dbgport_ports_flagged(&self->ports, first, flags + 1, 1, tee));
	EXPECT_EQ(0, dbgport_ports_flagged(&self->ports, other, flags, 1, tee));
	EXPECT_EQ(0, dbgport_ports_flagged(&self->ports, both, flags, 2, DBGPORT_PORT_UART));
}

TEST_F(ports, are_uarts_at_first_or_later)
{
	static const u16 flags[] = { 0, DBGPORT_PORT_UART | DBGPORT_PORT_TEE };
	struct dbgport_ports ports;

	dbgport_ports_init(&ports, first, flags, 2);
	dbgport_ports_state(&ports, &self->state);
	EXPECT_EQ(2, self->state.uart);
	dbgport_ports_set_uart(&ports, 1);
	dbgport_ports_state(&ports, &self->state);
	EXPECT_EQ(1, self->state.uart);
}

/* In both directions; a UART has eight. */
TEST_F(ports, overlap)
{
	static const u16 uart = DBGPORT_PORT_UART;
	static const struct {
		u16 a, a_flags, b, b_flags;
		bool overlap;
	} pairs[] = {
		{ 0x3f8, 0, 0x3f8, 0, true },
		{ 0x3f8, 0, 0x3f9, 0, false },
		{ 0x3f8, uart, 0x3f7, 0, false },
		{ 0x3f8, uart, 0x3f8, 0, true },
		{ 0x3f8, uart, 0x3ff, 0, true },
		{ 0x3f8, uart, 0x400, 0, false },
		{ 0x3f8, uart, 0x3f8, uart, true },
		{ 0x3f8, uart, 0x3f1, uart, true },
		{ 0x3f8, uart, 0x3f0, uart, false },
		{ 0x3f8, uart, 0x400, uart, false },
		{ 0xfff8, uart, 0xffff, 0, true },
		{ 0xfff8, uart, 0, 0, false },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		EXPECT_EQ(pairs[i].overlap,
			  dbgport_ports_overlap(pairs[i].a, pairs[i].a_flags, pairs[i].b,
						pairs[i].b_flags));
		EXPECT_EQ(pairs[i].overlap,
			  dbgport_ports_overlap(pairs[i].b, pairs[i].b_flags, pairs[i].a,
						pairs[i].a_flags));
	}
}

TEST_F(ports, of_a_uart_end_at_0xffff)
{
	EXPECT_TRUE(dbgport_ports_fit(0xffff, 0));
	EXPECT_TRUE(dbgport_ports_fit(0xfff8, DBGPORT_PORT_UART));
	EXPECT_FALSE(dbgport_ports_fit(0xfff9, DBGPORT_PORT_UART));
	EXPECT_FALSE(dbgport_ports_fit(0xffff, DBGPORT_PORT_UART));
}

TEST_F(ports, of_kvms_are_seen_within_a_uarts)
{
	EXPECT_EQ(NULL, dbgport_ports_kvms(0x39, 0));
	EXPECT_STREQ("PIT", dbgport_ports_kvms(0x39, DBGPORT_PORT_UART));
	EXPECT_EQ(NULL, dbgport_ports_kvms(0x38, DBGPORT_PORT_UART));
	EXPECT_STREQ("PIT", dbgport_ports_kvms(0x43, DBGPORT_PORT_UART));
	EXPECT_EQ(NULL, dbgport_ports_kvms(0x44, DBGPORT_PORT_UART));
	EXPECT_EQ(NULL, dbgport_ports_kvms(0xfffe, DBGPORT_PORT_UART));
}

TEST_F(ports, that_are_off_keep_counters_and_records)
{
	struct dbgport_cursor cursor;
	struct dbgport_record rec;
	bool ended;

	write_one(&self->ring, 1, 'a');
	dbgport_ports_set_on(&self->ports, 1);
	dbgport_ports_state(&self->ports, &self->state);
	EXPECT_EQ(1, self->state.on);
	EXPECT_EQ(2, self->state.n);
	dbgport_ring_state(&self->ring, &self->counted, self->counts, 2);
	EXPECT_EQ(1, self->counts[1].writes);
	dbgport_cursor_init(&cursor, &self->ring, VM, NULL);
	ASSERT_EQ(1, dbgport_cursor_peek(&cursor, &rec, 1, &ended));
	EXPECT_EQ(0x402, rec.port);
	dbgport_cursor_exit(&cursor);

	dbgport_ports_set_on(&self->ports, 3);
	dbgport_ports_state(&self->ports, &self->state);
	EXPECT_EQ(3, self->state.on);
	dbgport_ring_state(&self->ring, &self->counted, self->counts, 2);
	EXPECT_EQ(1, self->counts[1].writes);
}

TEST_F(ports, tell_only_news_of_what_is_taken)
{
	EXPECT_FALSE(dbgport_ports_set_taken(&self->ports, 1, false));
	EXPECT_TRUE(dbgport_ports_set_taken(&self->ports, 1, true));
	EXPECT_FALSE(dbgport_ports_set_taken(&self->ports, 1, true));
	dbgport_ports_state(&self->ports, &self->state);
	EXPECT_EQ(2, self->state.taken);
	EXPECT_TRUE(dbgport_ports_set_taken(&self->ports, 1, false));
	dbgport_ports_state(&self->ports, &self->state);
	EXPECT_EQ(0, self->state.taken);
}

TEST_HARNESS_MAIN
