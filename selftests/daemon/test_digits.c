// SPDX-License-Identifier: GPL-2.0
#include "lib/harness.h"

#include "words/digits.h"

/* What follows the number must stay. */
#define AFTER	'#'

static const char *decimal(__u64 n)
{
	static char text[DIGITS_MAX + 1];

	memset(text, AFTER, sizeof(text));
	*digits(text, n) = '\0';
	return text;
}

static const char *as_printf(const char *format, unsigned long long n)
{
	static char text[64];

	snprintf(text, sizeof(text), format, n);
	return text;
}

TEST(decimal_numbers_of_each_length)
{
	__u64 power = 1;

	for (int i = 0; i < DIGITS_MAX; i++, power *= 10) {
		EXPECT_STREQ(as_printf("%llu", power - 1), decimal(power - 1));
		EXPECT_STREQ(as_printf("%llu", power), decimal(power));
		EXPECT_STREQ(as_printf("%llu", power + 1), decimal(power + 1));
	}
	EXPECT_STREQ("18446744073709551615", decimal(~0ULL));
}

TEST(decimal_numbers_of_any_size)
{
	__u64 n = 1;

	for (int i = 0; i < 100000; i++) {
		n = n * 6364136223846793005ULL + 1442695040888963407ULL;
		ASSERT_STREQ(as_printf("%llu", n >> i % 64), decimal(n >> i % 64));
	}
}

TEST(zeros_fill_the_width)
{
	char text[16];

	for (int width = 1; width <= 9; width++) {
		memset(text, AFTER, sizeof(text));
		ASSERT_EQ(text + width, digits_fixed(text, 7, width));
		ASSERT_EQ(AFTER, text[width]);
		text[width] = '\0';
		EXPECT_STREQ(as_printf("%09llu", 7) + 9 - width, text);
	}
	*digits_fixed(text, 987654321, 9) = '\0';
	EXPECT_STREQ("987654321", text);
	*digits_fixed(text, 987654321, 4) = '\0';
	EXPECT_STREQ("4321", text);
}

TEST(hexadecimal_numbers_of_each_length)
{
	char text[16];

	for (int shift = 0; shift < 32; shift++) {
		__u32 n = 0xfedcba98U >> shift;

		*digits_hex(text, n) = '\0';
		EXPECT_STREQ(as_printf("%llx", n), text);
	}
	*digits_hex(text, 0) = '\0';
	EXPECT_STREQ("0", text);
}

TEST_HARNESS_MAIN
