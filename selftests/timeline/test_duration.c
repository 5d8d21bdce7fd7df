// SPDX-License-Identifier: GPL-2.0
/* Lengths of time, as they are read and written. */
#include "lib/harness.h"

#include "dbgportctl/timeline/axis.h"
#include "lib/duration.h"

static __s64 parsed(const char *text)
{
	__s64 ns;

	return duration_parse(text, NULL, &ns) ? -1 : ns;
}

TEST(units)
{
	EXPECT_EQ(7, parsed("7ns"));
	EXPECT_EQ(7000, parsed("7us"));
	EXPECT_EQ(7000, parsed("7µs"));
	EXPECT_EQ(7000000, parsed("7ms"));
	EXPECT_EQ(7000000000, parsed("7s"));
	EXPECT_EQ(420000000000, parsed("7min"));
	EXPECT_EQ(7 * 3600000000000, parsed("7h"));
	EXPECT_EQ(7 * 86400000000000, parsed("7d"));
}

TEST(shorter_units_may_follow)
{
	EXPECT_EQ(5400000000000, parsed("1h30min"));
	EXPECT_EQ(93784005006007, parsed("1d2h3min4s5ms6us7ns"));
	EXPECT_EQ(-1, parsed("30min1h"));
	EXPECT_EQ(-1, parsed("1s1s"));
	EXPECT_EQ(-1, parsed("1h30"));
	EXPECT_EQ(-1, parsed("1h-30min"));
}

TEST(a_hundred_years_are_the_most)
{
	EXPECT_EQ(36600 * 86400000000000, parsed("36600d"));
	EXPECT_EQ(-1, parsed("36601d"));
	EXPECT_EQ(-1, parsed("36600d1ns"));
	EXPECT_EQ(-1, parsed("36600d878400h"));
}

TEST(whole_seconds_or_a_number_of_a_given_unit)
{
	__u64 s = 0;

	EXPECT_EQ(0, duration_parse_seconds("3", 60, &s));
	EXPECT_EQ(180, s);
	EXPECT_EQ(0, duration_parse_seconds("3h", 60, &s));
	EXPECT_EQ(10800, s);
	EXPECT_EQ(0, duration_parse_seconds("1.5min", 60, &s));
	EXPECT_EQ(90, s);
	EXPECT_EQ(-1, duration_parse_seconds("1.5s", 60, &s));
	EXPECT_EQ(-1, duration_parse_seconds("1.5", 60, &s));
	EXPECT_EQ(-1, duration_parse_seconds("36601", 86400, &s));
	EXPECT_EQ(-1, duration_parse_seconds("", 60, &s));
}

TEST(fractions)
{
	EXPECT_EQ(1500000, parsed("1.5ms"));
	EXPECT_EQ(1000000001, parsed("1.000000001s"));
	EXPECT_EQ(1, parsed("1.9ns"));
	EXPECT_EQ(0, parsed("0s"));
}

TEST(what_is_none)
{
	static const char *const none[] = {
		"", "s", "1", "1.s.", "-1s", "1 s", "1w", "1m", "1ss", "1.2.3s", ".5s", "0x10s",
		"99999999999999999999s", "1e3s",
	};

	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		EXPECT_EQ(-1, parsed(none[i]))
			TH_LOG("'%s'", none[i]);
	}
}

TEST(what_follows_is_told)
{
	const char *end;
	__s64 ns;

	ASSERT_EQ(0, duration_parse("5ms, more", &end, &ns));
	EXPECT_EQ(5000000, ns);
	EXPECT_STREQ(", more", end);
}

TEST(for_people)
{
	char text[DURATION_SIZE];

	EXPECT_STREQ("999 ns", duration_text(text, 999));
	EXPECT_STREQ("1.000 µs", duration_text(text, 1000));
	EXPECT_STREQ("12.345 ms", duration_text(text, 12345678));
	EXPECT_STREQ("61.002 s", duration_text(text, 61002000000));
	EXPECT_STREQ("1.000002", duration_seconds(text, 1000002999));
}

TEST(in_a_given_unit)
{
	char text[DURATION_SIZE];

	EXPECT_STREQ("12.345", duration_in(text, 12345678, 1000000, 3));
	EXPECT_STREQ("1.000000007", duration_in(text, 1000000007, 1000000000, 9));
	EXPECT_STREQ("12", duration_in(text, 12999999, 1000000, 0));
	EXPECT_STREQ("-0.001500", duration_in(text, -1500000, 1000000000, 6));
}

TEST(on_the_scale_of_another_one)
{
	char text[DURATION_SIZE];

	EXPECT_STREQ("400 ms", duration_on_scale(text, 400000000, 200000000));
	EXPECT_STREQ("1400 ms", duration_on_scale(text, 1400000000, 200000000));
	EXPECT_STREQ("0 µs", duration_on_scale(text, 0, 1000));
	EXPECT_STREQ("7 ns", duration_on_scale(text, 7, 1));
	EXPECT_STREQ("120 s", duration_on_scale(text, 120000000000, 60000000000));
}

TEST(ages_have_two_units_at_most)
{
	const __s64 s = 1000000000;
	char text[DURATION_SIZE];

	EXPECT_STREQ("0s", duration_age(text, s - 1));
	EXPECT_STREQ("59s", duration_age(text, 59 * s));
	EXPECT_STREQ("3min07s", duration_age(text, 187 * s));
	EXPECT_STREQ("1h00min", duration_age(text, 3600 * s));
	EXPECT_STREQ("23h59min", duration_age(text, 86399 * s));
	EXPECT_STREQ("12d03h", duration_age(text, (12 * 24 + 3) * 3600 * s));
}

TEST(ages_are_read_as_they_are_written)
{
	const __s64 s = 1000000000;
	char text[DURATION_SIZE];

	EXPECT_EQ(187 * s, parsed(duration_age(text, 187 * s)));
	EXPECT_EQ(3600 * s, parsed(duration_age(text, 3600 * s)));
	EXPECT_EQ((12 * 24 + 3) * 3600 * s, parsed(duration_age(text, (12 * 24 + 3) * 3600 * s)));
}

TEST(whole_seconds_have_the_longest_unit_that_fits)
{
	char text[DURATION_SIZE];

	EXPECT_STREQ("0d", duration_whole(text, 0));
	EXPECT_STREQ("59s", duration_whole(text, 59));
	EXPECT_STREQ("90min", duration_whole(text, 5400));
	EXPECT_STREQ("36h", duration_whole(text, 36 * 3600));
	EXPECT_STREQ("30d", duration_whole(text, 30 * 86400));
}

TEST(ticks_are_round_and_not_too_many)
{
	char text[DURATION_SIZE];

	EXPECT_EQ(1, axis_step(0, 8));
	EXPECT_EQ(200000000, axis_step(1600000000, 8));
	EXPECT_EQ(500000000, axis_step(1800000000, 8));
	EXPECT_STREQ("400 ms", duration_on_scale(text, 400000000, 200000000));
	EXPECT_STREQ("2 s", duration_on_scale(text, 2000000000, 1000000000));
}

TEST_HARNESS_MAIN
