// SPDX-License-Identifier: GPL-2.0
/* Numbers in all their spellings, and what is none. */
#include "lib/harness.h"
#include <stdint.h>

#include "lib/number.h"

#define NONE	424242

static __u64 parsed(const char *text, enum number_kind kind)
{
	__u64 n = NONE;

	return number_parse(text, kind, 0, UINT64_MAX, &n) ? NONE : n;
}

TEST(each_kind_has_its_base)
{
	EXPECT_EQ(233, parsed("233", NUMBER_ANY));
	EXPECT_EQ(0xe9, parsed("0xe9", NUMBER_ANY));
	EXPECT_EQ(0xe9, parsed("0XE9", NUMBER_ANY));
	EXPECT_EQ(233, parsed("233", NUMBER_DECIMAL));
	EXPECT_EQ(0640, parsed("640", NUMBER_OCTAL));
	EXPECT_EQ(0x1234567890abcdef, parsed("1234567890abcdef", NUMBER_HEX));
	EXPECT_EQ(0xABCDEF, parsed("ABCDEF", NUMBER_HEX));
	EXPECT_EQ(0xe9, parsed("0xe9", NUMBER_0X));
}

TEST(a_zero_in_front_changes_nothing)
{
	EXPECT_EQ(10, parsed("010", NUMBER_ANY));
	EXPECT_EQ(10, parsed("010", NUMBER_DECIMAL));
	EXPECT_EQ(010, parsed("010", NUMBER_OCTAL));
	EXPECT_EQ(0x10, parsed("010", NUMBER_HEX));
	EXPECT_EQ(0xe9, parsed("0x0000000000000000000e9", NUMBER_ANY));
	EXPECT_EQ(10240, parsed("010K", NUMBER_BYTES));
}

TEST(bytes_have_units)
{
	EXPECT_EQ(7, parsed("7", NUMBER_BYTES));
	EXPECT_EQ(7ULL << 10, parsed("7K", NUMBER_BYTES));
	EXPECT_EQ(7ULL << 20, parsed("7M", NUMBER_BYTES));
	EXPECT_EQ(7ULL << 30, parsed("7G", NUMBER_BYTES));
	EXPECT_EQ(7ULL << 40, parsed("7T", NUMBER_BYTES));
	EXPECT_EQ(16777215ULL << 40, parsed("16777215T", NUMBER_BYTES));
	EXPECT_EQ(NONE, parsed("16777216T", NUMBER_BYTES));
}

static const struct {
	enum number_kind kind;
	const char *text;
} none[] = {
	{ NUMBER_ANY, "" }, { NUMBER_ANY, "x" }, { NUMBER_ANY, "e9" }, { NUMBER_ANY, "0x" },
	{ NUMBER_ANY, "0xg" }, { NUMBER_ANY, "0x-1" }, { NUMBER_ANY, "0x 1" },
	{ NUMBER_ANY, "0xe9z" }, { NUMBER_ANY, "1K" }, { NUMBER_ANY, "1.5" },
	{ NUMBER_ANY, "0x0x1" },
	{ NUMBER_DECIMAL, "-1" }, { NUMBER_DECIMAL, "+1" }, { NUMBER_DECIMAL, " 1" },
	{ NUMBER_DECIMAL, "1 " }, { NUMBER_DECIMAL, "0x1" }, { NUMBER_DECIMAL, "1e9" },
	{ NUMBER_OCTAL, "8" }, { NUMBER_OCTAL, "0o7" }, { NUMBER_OCTAL, "0x7" },
	{ NUMBER_HEX, "0xe9" }, { NUMBER_HEX, "" },
	{ NUMBER_0X, "e9" }, { NUMBER_0X, "0Xe9" }, { NUMBER_0X, "233" }, { NUMBER_0X, "0x" },
	{ NUMBER_BYTES, "K" }, { NUMBER_BYTES, "1k" }, { NUMBER_BYTES, "1KB" },
	{ NUMBER_BYTES, "1KK" }, { NUMBER_BYTES, "1.5G" }, { NUMBER_BYTES, "0x1K" },
};

TEST(what_is_no_number_is_refused)
{
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		EXPECT_EQ(NONE, parsed(none[i].text, none[i].kind))
			TH_LOG("'%s'", none[i].text);
	}
}

TEST(what_64_bits_do_not_hold_is_refused)
{
	EXPECT_EQ(UINT64_MAX, parsed("18446744073709551615", NUMBER_DECIMAL));
	EXPECT_EQ(NONE, parsed("18446744073709551616", NUMBER_DECIMAL));
	EXPECT_EQ(NONE, parsed("99999999999999999999", NUMBER_DECIMAL));
	EXPECT_EQ(UINT64_MAX, parsed("0xffffffffffffffff", NUMBER_ANY));
	EXPECT_EQ(NONE, parsed("0x10000000000000000", NUMBER_ANY));
	EXPECT_EQ(UINT64_MAX, parsed("1777777777777777777777", NUMBER_OCTAL));
	EXPECT_EQ(NONE, parsed("2000000000000000000000", NUMBER_OCTAL));
}

TEST(bounds_are_part_of_the_range)
{
	__u64 n = NONE;

	EXPECT_EQ(-1, number_parse("9", NUMBER_DECIMAL, 10, 20, &n));
	EXPECT_EQ(-1, number_parse("21", NUMBER_DECIMAL, 10, 20, &n));
	EXPECT_EQ(NONE, n);
	EXPECT_EQ(0, number_parse("10", NUMBER_DECIMAL, 10, 20, &n));
	EXPECT_EQ(10, n);
	EXPECT_EQ(0, number_parse("20", NUMBER_DECIMAL, 10, 20, &n));
	EXPECT_EQ(20, n);
}

TEST(what_follows_is_told)
{
	__u64 n = NONE;

	EXPECT_STREQ("-0x2f", number_scan("0x20-0x2f", NUMBER_ANY, &n));
	EXPECT_EQ(0x20, n);
	EXPECT_STREQ(":7", number_scan("12:7", NUMBER_DECIMAL, &n));
	EXPECT_EQ(12, n);
	EXPECT_STREQ("iB", number_scan("3KiB", NUMBER_BYTES, &n));
	EXPECT_EQ(3072, n);
	EXPECT_EQ(NULL, number_scan("-1", NUMBER_DECIMAL, &n));
	EXPECT_EQ(3072, n);
}

TEST_HARNESS_MAIN
