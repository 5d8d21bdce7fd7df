// SPDX-License-Identifier: GPL-2.0
/* What a ring holds, counted, and how many writes a second that is. */
#include "lib/harness.h"

#include "dbgportctl/show/kept.h"
#include "lib/clock.h"

static const struct dbgport_vm_info info = {
	.nports = 2,
	.ports = { { .port = 0x80 }, { .port = 0xe9 } },
};

/* Of each test by itself: the harness forks. */
static struct kept kept;

/* @count writes to 0xe9 from number @seq on, all of them @age_ns ago. */
static void add(__u64 seq, __u64 count, __u64 age_ns)
{
	for (__u64 i = 0; i < count; i++) {
		const struct dbgport_record rec = {
			.seq = seq + i, .type = DBGPORT_WRITE, .port = 0xe9, .vcpu = 3,
		};

		kept_add(&kept, &info, &rec, age_ns);
	}
}

TEST(nothing_is_no_rate)
{
	EXPECT_EQ(0, kept_rate(&kept, kept.recent));
}

TEST(a_few_writes_of_just_now_are_these_a_second)
{
	add(0, 7, NSEC_PER_MSEC);
	EXPECT_EQ(7, kept.recent);
	EXPECT_EQ(7, kept_rate(&kept, kept.recent));
	EXPECT_EQ(7, kept_rate(&kept, kept.recent_port[1]));
	EXPECT_EQ(0, kept_rate(&kept, kept.recent_port[0]));
	EXPECT_EQ(7, kept.vcpu[3]);
}

TEST(what_is_older_than_a_second_is_not_recent)
{
	add(0, 5, 3 * NSEC_PER_SEC);
	add(5, 2, NSEC_PER_MSEC);
	EXPECT_EQ(7, kept.count);
	EXPECT_EQ(2, kept_rate(&kept, kept.recent));
}

TEST(of_a_ring_that_reaches_back_less_than_a_second_it_is_more)
{
	add(1000, 64, NSEC_PER_SEC / 4);
	EXPECT_EQ(256, kept_rate(&kept, kept.recent));
}

TEST_HARNESS_MAIN
