// SPDX-License-Identifier: GPL-2.0
#include <kselftest_harness.h>

#include "dbgportd/format.h"

static const char *harmless_n(const char *s, size_t n)
{
	static char out[4096 * FORMAT_HARMLESS_MAX + 1];

	out[format_harmless(out, s, n)] = '\0';
	return out;
}

static const char *harmless(const char *s)
{
	return harmless_n(s, strlen(s));
}

static const char *post(__u32 code, __u64 ns)
{
	static char out[FORMAT_LINE_MAX];

	format_post(out, code, ns);
	return out;
}

TEST(a_post_code_is_the_specifications_line)
{
	EXPECT_STREQ("[Debug I/O port: Firmware code 0x0] 0.019004 seconds",
		     post(0x00, 19004000));
	EXPECT_STREQ("[Debug I/O port: Firmware code 0x1] 0.402744 seconds",
		     post(0x01, 402744999));
	EXPECT_STREQ("[Debug I/O port: Kernel code 0x41] 0.000000 seconds", post(0x41, 999));
}

TEST(seconds_are_right_above_one)
{
	EXPECT_STREQ("[Debug I/O port: Custom code 0xff] 1.250000 seconds",
		     post(0xff, 1250000000));
	EXPECT_STREQ("[Debug I/O port: Custom code 0xff] 1.000001 seconds",
		     post(0xff, 1000001000));
	EXPECT_STREQ("[Debug I/O port: Custom code 0xff] 86400.000000 seconds",
		     post(0xff, 86400000000000));
}

TEST(wide_codes_are_shown_whole)
{
	EXPECT_STREQ("[Debug I/O port: Custom code 0xdeadbeef] 18446744073.709551 seconds",
		     post(0xdeadbeef, ~0ULL));
}

TEST(plain_text_stays_as_it_is)
{
	EXPECT_STREQ("SeaBIOS (version 1.16.2)\t~", harmless("SeaBIOS (version 1.16.2)\t~"));
}

TEST(utf8_stays_as_it_is)
{
	EXPECT_STREQ("Grüße, 世界 🙂", harmless("Grüße, 世界 🙂"));
	EXPECT_STREQ("\xf4\x8f\xbf\xbf", harmless("\xf4\x8f\xbf\xbf"));
	EXPECT_STREQ("\xc2\xa0", harmless("\xc2\xa0"));
}

TEST(control_bytes_are_shown)
{
	EXPECT_STREQ("<1b>[2J<1b>]0;title<07>", harmless("\033[2J\033]0;title\a"));
	EXPECT_STREQ("a<0d>b<08><7f>", harmless("a\rb\b\x7f"));
	EXPECT_STREQ("<00>x", harmless_n("\0x", 2));
}

TEST(c1_controls_are_shown_in_utf8_and_alone)
{
	EXPECT_STREQ("<c2><9b>2J", harmless("\302\2332J"));
	EXPECT_STREQ("<9b>2J", harmless("\2332J"));
}

TEST(what_is_no_utf8_is_shown)
{
	EXPECT_STREQ("<ff><fe>", harmless("\xff\xfe"));
	/* Overlong, surrogate, above U+10FFFF, cut short, lone continuation. */
	EXPECT_STREQ("<c0><af>", harmless("\xc0\xaf"));
	EXPECT_STREQ("<e0><80><af>", harmless("\xe0\x80\xaf"));
	EXPECT_STREQ("<ed><a0><80>", harmless("\xed\xa0\x80"));
	EXPECT_STREQ("<f4><90><80><80>", harmless("\xf4\x90\x80\x80"));
	EXPECT_STREQ("<e4><b8>x", harmless("\xe4\xb8x"));
	EXPECT_STREQ("<e4><b8>", harmless("\xe4\xb8"));
	EXPECT_STREQ("<80>", harmless("\x80"));
}

TEST(no_byte_that_a_terminal_obeys_comes_through)
{
	char all[4096], out[sizeof(all) * FORMAT_HARMLESS_MAX];
	unsigned int x = 1;
	size_t n;

	for (size_t i = 0; i < sizeof(all); i++) {
		x = x * 1103515245 + 12345;
		all[i] = i < 256 ? i : x >> 16;
	}
	n = format_harmless(out, all, sizeof(all));
	for (size_t i = 0; i < n; i++) {
		unsigned char c = out[i];

		ASSERT_TRUE(c == '\t' || (c >= 0x20 && c != 0x7f)) {
			TH_LOG("byte 0x%02x at %zu", c, i);
		}
		if (c == 0xc2)
			ASSERT_LE(0xa0, (unsigned char)out[i + 1]);
	}
}

TEST(the_unfinished_end_is_found)
{
	EXPECT_EQ(0, format_unfinished("", 0));
	EXPECT_EQ(0, format_unfinished("abc", 3));
	EXPECT_EQ(1, format_unfinished("abc\r", 4));
	EXPECT_EQ(1, format_unfinished("a\xc3", 2));
	EXPECT_EQ(2, format_unfinished("a\xe4\xb8", 3));
	EXPECT_EQ(3, format_unfinished("\xf0\x9f\x99", 3));
	EXPECT_EQ(0, format_unfinished("\xe4\xb8\x96", 3));
	/* Never to become UTF-8, whatever follows. */
	EXPECT_EQ(0, format_unfinished("\xed\xa0", 2));
	EXPECT_EQ(0, format_unfinished("\xff", 1));
}

TEST(losses_are_counted_in_words)
{
	char out[FORMAT_LINE_MAX];

	format_lost(out, 1);
	EXPECT_STREQ("[… 1 write lost …]", out);
	format_lost(out, ~0ULL);
	EXPECT_STREQ("[… 18446744073709551615 writes lost …]", out);
}

TEST_HARNESS_MAIN
