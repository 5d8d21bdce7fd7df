// SPDX-License-Identifier: GPL-2.0
/* Which codes are counted instead of shown. */
#include "lib/harness.h"

#include "words/storm.h"

#define MS	1000000ULL
#define S	(1000 * MS)

static struct storm storm;
static __u64 seq, ns;
static unsigned int shown;

FIXTURE(storm)
{
};

FIXTURE_SETUP(storm)
{
	storm_init(&storm);
	seq = 0;
	ns = 100 * S;
	shown = 0;
}

FIXTURE_TEARDOWN(storm)
{
}

/* @n codes, @gap ns apart. */
static void codes(int n, __u64 gap)
{
	while (n--) {
		shown += !storm_takes(&storm, seq++, ns);
		ns += gap;
	}
}

TEST_F(storm, what_firmware_writes_is_shown)
{
	codes(STORM_BURST, 1);
	EXPECT_EQ(STORM_BURST, shown);
	EXPECT_EQ(0, storm.count);
}

TEST_F(storm, slow_codes_are_shown_for_ever)
{
	codes(10000, STORM_REFILL_NS);
	EXPECT_EQ(10000, shown);
	EXPECT_EQ(0, storm.count);
}

TEST_F(storm, fast_ones_are_counted)
{
	codes(STORM_BURST, 1000);
	codes(5000, 1000);
	EXPECT_EQ(STORM_BURST, shown);
	EXPECT_EQ(5000, storm.count);
	EXPECT_EQ(STORM_BURST, storm.seq);
	EXPECT_EQ(100 * S + STORM_BURST * 1000, storm.begin_ns);
	EXPECT_EQ(ns - 1000, storm.end_ns);
}

TEST_F(storm, a_storm_is_over_when_it_is_quiet)
{
	codes(1000, 1000);
	EXPECT_FALSE(storm_is_over(&storm, storm.end_ns));
	EXPECT_FALSE(storm_is_over(&storm, storm.end_ns + STORM_QUIET_NS - 1));
	EXPECT_TRUE(storm_is_over(&storm, storm.end_ns + STORM_QUIET_NS));
	ns = storm.end_ns + STORM_QUIET_NS;
	codes(1, 0);
	EXPECT_EQ(STORM_BURST + 1, shown);
	EXPECT_EQ(1000 - STORM_BURST, storm.count);
}

TEST_F(storm, without_a_storm_nothing_is_over)
{
	EXPECT_FALSE(storm_is_over(&storm, ~0ULL));
	codes(10, 1000);
	EXPECT_FALSE(storm_is_over(&storm, ~0ULL));
}

TEST_F(storm, none_is_shown_while_it_rages)
{
	/* A thousand a second for an hour: no trickle of single codes. */
	codes(3600000, MS);
	EXPECT_GE(STORM_BURST + STORM_BURST / 9 + 1, shown);
	EXPECT_EQ(3600000 - shown, storm.count);
}

TEST_F(storm, one_that_goes_on_is_told_in_parts)
{
	codes(1000, 1000);
	codes(9000, MS);
	EXPECT_FALSE(storm_is_over(&storm, ns));
	codes(1000, MS);
	EXPECT_TRUE(storm_is_over(&storm, ns));
	/* It was told; and goes on. */
	shown = 0;
	storm.count = 0;
	EXPECT_FALSE(storm_is_over(&storm, ~0ULL));
	codes(1000, MS);
	EXPECT_EQ(0, shown);
	EXPECT_EQ(1000, storm.count);
	EXPECT_EQ(11000, storm.seq);
}

TEST_F(storm, codes_are_shown_again_when_they_come_slowly)
{
	codes(10000, 1000);
	shown = 0;
	/* 20 a second: never quiet, but slow enough to be of interest soon. */
	codes(20 * 5, 50 * MS);
	EXPECT_LE(50, shown);
	EXPECT_GE(80, shown);
	shown = 0;
	codes(1000, 50 * MS);
	EXPECT_EQ(1000, shown);
}

TEST_F(storm, pauses_do_not_make_a_flood_of_it)
{
	/* Bursts with just enough of a pause between. */
	for (int i = 0; i < 300; i++) {
		codes(500, 1000);
		ns += STORM_QUIET_NS;
	}
	/* In a minute: what the budget refills, and no more. */
	EXPECT_GE(STORM_BURST + (ns - 100 * S) / STORM_REFILL_NS, shown);
	EXPECT_EQ(300 * 500, shown + storm.count);
}

TEST_F(storm, a_clock_that_jumps_breaks_nothing)
{
	srand(3);
	for (int i = 0; i < 100000; i++) {
		ns = (__u64)rand() << 33 ^ (__u64)rand() << 10 ^ rand();
		if (i % 3)
			ns = rand() % 2 ? 0 : ~0ULL;
		codes(rand() % 3, 1);
		ASSERT_GE(STORM_BURST, storm.budget);
		storm_is_over(&storm, rand() % 2 ? 0 : ~0ULL);
	}
	EXPECT_EQ(seq, shown + storm.count);
}

TEST_HARNESS_MAIN
