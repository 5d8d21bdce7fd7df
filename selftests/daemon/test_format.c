// SPDX-License-Identifier: GPL-2.0
#include "lib/harness.h"

#include "daemon/page.h"
#include "lib/codes.h"
#include "lib/escape.h"
#include "lib/sgr.h"
#include "words/format.h"

static const char *escape_n(const char *s, size_t n)
{
	static char out[4096 * ESCAPE_MAX + 1];

	out[escape(out, s, n)] = '\0';
	return out;
}

static const char *shown(const char *s)
{
	return escape_n(s, strlen(s));
}

static struct page page;
static struct writer vm;

/* What is made of a code @ns after the VM's zero. */
static const char *post(__u32 code, __u64 ns)
{
	const enum seconds_style seconds = vm.style.seconds;
	struct entry entry = {
		.type = ENTRY_CODE, .vm = &vm.vm, .port = 0x80, .width = 1, .value = code,
		.component = code_component(codes_load(NULL, NULL, 0), code),
	};

	memset(&page, 0, sizeof(page));
	writer_init(&vm, &page, &format_post, "vm");
	vm.vm.zero_ns = 0;
	vm.style.seconds = seconds;
	entry.time_ns = ns;
	write_entry(&vm, &entry);
	if (!page.len || page.text[page.len - 1] != '\n' || page.puts != 1)
		return "not one line in one go";
	page.text[page.len - 1] = '\0';
	return page.text;
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
	EXPECT_STREQ("SeaBIOS (version 1.16.2)\t~", shown("SeaBIOS (version 1.16.2)\t~"));
}

TEST(utf8_stays_as_it_is)
{
	EXPECT_STREQ("Grüße, 世界 🙂", shown("Grüße, 世界 🙂"));
	EXPECT_STREQ("\xf4\x8f\xbf\xbf", shown("\xf4\x8f\xbf\xbf"));
	EXPECT_STREQ("\xc2\xa0", shown("\xc2\xa0"));
}

TEST(control_bytes_are_shown)
{
	EXPECT_STREQ("<1b>[2J<1b>]0;title<07>", shown("\033[2J\033]0;title\a"));
	EXPECT_STREQ("<1b>[1;31<1b>[1 m<1b>m", shown("\033[1;31\033[1 m\033m"));
	EXPECT_STREQ("a<0d>b<08><7f>", shown("a\rb\b\x7f"));
	EXPECT_STREQ("<00>x", escape_n("\0x", 2));
}

TEST(colours_are_dropped_unless_all_is_shown)
{
	static const char coloured[] = "\033[0m\033[1;38:5:9mred\033[m";
	char out[sizeof(coloured) * ESCAPE_MAX];

	EXPECT_STREQ("red", shown(coloured));
	out[escape_all(out, coloured, strlen(coloured))] = '\0';
	EXPECT_STREQ("<1b>[0m<1b>[1;38:5:9mred<1b>[m", out);
}

TEST(what_looks_like_a_colour_has_an_end)
{
	char text[SGR_MAX + 2];

	/* The longest one, and one that is longer. */
	memset(text, '1', sizeof(text));
	memcpy(text, "\033[", 2);
	text[SGR_MAX - 1] = 'm';
	EXPECT_STREQ("", escape_n(text, SGR_MAX));
	text[SGR_MAX - 1] = '1';
	text[SGR_MAX] = 'm';
	EXPECT_NE(0, strlen(escape_n(text, SGR_MAX + 1)));
	EXPECT_EQ(SGR_MAX - 1, escape_unfinished(text, SGR_MAX - 1));
	EXPECT_EQ(0, escape_unfinished(text, SGR_MAX));
	EXPECT_EQ(1, escape_unfinished("ab\033", 3));
	EXPECT_EQ(2, escape_unfinished("ab\033[", 4));
	EXPECT_EQ(0, escape_unfinished("ab\033[m", 5));
	EXPECT_EQ(0, escape_unfinished("ab\033]0", 5));
}

TEST(c1_controls_are_shown_in_utf8_and_alone)
{
	EXPECT_STREQ("<c2><9b>2J", shown("\302\2332J"));
	EXPECT_STREQ("<9b>2J", shown("\2332J"));
}

TEST(what_turns_the_direction_of_text_or_ends_a_line_is_shown)
{
	EXPECT_STREQ("a<e2><80><ae>b", shown("a\u202eb"));
	EXPECT_STREQ("<d8><9c>", shown("\u061c"));
	EXPECT_STREQ("<e2><80><8e><e2><80><8f>", shown("\u200e\u200f"));
	EXPECT_STREQ("<e2><80><a8><e2><80><a9><e2><80><aa>", shown("\u2028\u2029\u202a"));
	EXPECT_STREQ("<e2><81><a6><e2><81><a9>", shown("\u2066\u2069"));
	/* Their neighbours do nothing. */
	EXPECT_STREQ("\u061b\u061d", shown("\u061b\u061d"));
	EXPECT_STREQ("\u200d\u2010\u2027\u202f", shown("\u200d\u2010\u2027\u202f"));
	EXPECT_STREQ("\u2065\u206a", shown("\u2065\u206a"));
}

TEST(what_is_no_utf8_is_shown)
{
	EXPECT_STREQ("<ff><fe>", shown("\xff\xfe"));
	/* Overlong, surrogate, above U+10FFFF, cut short, lone continuation. */
	EXPECT_STREQ("<c0><af>", shown("\xc0\xaf"));
	EXPECT_STREQ("<e0><80><af>", shown("\xe0\x80\xaf"));
	EXPECT_STREQ("<ed><a0><80>", shown("\xed\xa0\x80"));
	EXPECT_STREQ("<f4><90><80><80>", shown("\xf4\x90\x80\x80"));
	EXPECT_STREQ("<e4><b8>x", shown("\xe4\xb8x"));
	EXPECT_STREQ("<e4><b8>", shown("\xe4\xb8"));
	EXPECT_STREQ("<80>", shown("\x80"));
}

TEST(no_byte_that_a_terminal_obeys_comes_through)
{
	char all[4096], out[sizeof(all) * ESCAPE_MAX];
	unsigned int x = 1;
	size_t n;

	for (size_t i = 0; i < sizeof(all); i++) {
		x = x * 1103515245 + 12345;
		all[i] = i < 256 ? i : x >> 16;
	}
	n = escape(out, all, sizeof(all));
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
	EXPECT_EQ(0, escape_unfinished("", 0));
	EXPECT_EQ(0, escape_unfinished("abc", 3));
	EXPECT_EQ(1, escape_unfinished("abc\r", 4));
	EXPECT_EQ(1, escape_unfinished("a\xc3", 2));
	EXPECT_EQ(2, escape_unfinished("a\xe4\xb8", 3));
	EXPECT_EQ(3, escape_unfinished("\xf0\x9f\x99", 3));
	EXPECT_EQ(0, escape_unfinished("\xe4\xb8\x96", 3));
	/* Never to become UTF-8, whatever follows. */
	EXPECT_EQ(0, escape_unfinished("\xed\xa0", 2));
	EXPECT_EQ(0, escape_unfinished("\xff", 1));
}

static const char *words(const struct entry *entry)
{
	static char out[FORMAT_WORDS_MAX + 1];

	out[format_words(out, entry)] = '\0';
	return out;
}

TEST(losses_are_counted_in_words)
{
	EXPECT_STREQ("[… 1 write lost …]",
		     words(&(struct entry){ .type = ENTRY_LOST, .count = 1 }));
	EXPECT_STREQ("[… 18446744073709551615 writes lost …]",
		     words(&(struct entry){ .type = ENTRY_LOST, .count = ~0ULL }));
}

#define STORM_HINT " (written to wait?): storm=show shows them …]"

TEST(storms_are_counted_in_words)
{
	struct entry storm = {
		.type = ENTRY_STORM, .count = 1234, .time_ns = 5000000000, .end_ns = 6250000999,
	};

	EXPECT_STREQ("[… 1234 codes in 1.250000 seconds not shown" STORM_HINT,
		     words(&storm));
	storm.end_ns = 0;
	storm.count = 1;
	EXPECT_STREQ("[… 1 code in 0.000000 seconds not shown" STORM_HINT,
		     words(&storm));
}

TEST(what_was_cut_is_counted_in_words)
{
	struct entry cut = {
		.type = ENTRY_CUT, .bytes = 4711, .time_ns = 5000000000, .end_ns = 6250000999,
	};

	EXPECT_STREQ("[… 4711 bytes in 1.250000 seconds cut by rate= …]", words(&cut));
	cut.end_ns = 0;
	cut.bytes = 1;
	EXPECT_STREQ("[… 1 byte in 0.000000 seconds cut by rate= …]", words(&cut));
}

TEST(codes_have_their_component_and_their_name)
{
	struct entry code = { .type = ENTRY_CODE, .value = 0x10, .component = "Firmware" };

	EXPECT_STREQ("0x10 Firmware", words(&code));
	code.text = "Memory found";
	EXPECT_STREQ("0x10 Firmware: Memory found", words(&code));
	code.value = 0xdeadbeef;
	EXPECT_STREQ("0xdeadbeef Firmware: Memory found", words(&code));
	code.value = 0;
	EXPECT_STREQ("0x0 Firmware: Memory found", words(&code));
}

TEST(the_seconds_of_the_original_are_wrong_above_one_if_asked_for)
{
	vm.style.seconds = SECONDS_ORIGINAL;
	EXPECT_STREQ("[Debug I/O port: Kernel code 0x41] 0.019004 seconds", post(0x41, 19004000));
	EXPECT_STREQ("[Debug I/O port: Kernel code 0x41] 0.999999 seconds", post(0x41, 999999999));
	EXPECT_STREQ("[Debug I/O port: Kernel code 0x41] 1.1000000 seconds",
		     post(0x41, 1000000000));
	EXPECT_STREQ("[Debug I/O port: Kernel code 0x41] 1.1250000 seconds",
		     post(0x41, 1250000000));
}

TEST(a_code_before_the_vms_zero_is_at_zero)
{
	const struct entry entry = {
		.type = ENTRY_CODE, .vm = &vm.vm, .component = "Kernel", .time_ns = 5,
	};

	memset(&page, 0, sizeof(page));
	writer_init(&vm, &page, &format_post, "vm");
	write_entry(&vm, &entry);
	EXPECT_STREQ("[Debug I/O port: Kernel code 0x0] 0.000000 seconds\n", page.text);
}

/* Of such a line, the words behind its one "--"; -1 if that is not so. */
static int split_as_boot_time_tools_do(char *line, char *word[9])
{
	char *tail = strstr(line, "--");
	int count = 0;

	if (!tail || tail == line || tail[-1] != ' ' || strstr(tail + 2, "--"))
		return -1;
	for (char *s = tail + 2, *save; count < 9; s = NULL, count++) {
		word[count] = strtok_r(s, " \t\r\n", &save);
		if (!word[count])
			break;
	}
	return count;
}

/*
 * As that project's own performance test takes the line apart: two parts around
 * "--", eight words in the second, the seventh of them a number, the last one a unit.
 */
TEST(boot_time_tools_find_eight_words_and_the_seconds)
{
	static const char *const tables[] = { "cloud-hypervisor", "coreboot", "ami" };
	struct entry entry = { .type = ENTRY_CODE, .vm = &vm.vm, .time_ns = 2500000000 };

	memset(&page, 0, sizeof(page));
	writer_init(&vm, &page, &format_cloud_hypervisor, "vm");
	for (int t = 0; t < 3; t++) {
		struct codes *codes = codes_load(tables[t], NULL, 0);

		for (entry.value = 0; entry.value <= 0x100; entry.value++) {
			char *word[9];

			entry.component = code_component(codes, entry.value);
			page_forget(&page);
			write_entry(&vm, &entry);
			ASSERT_EQ(8, split_as_boot_time_tools_do(page.text, word)) {
				TH_LOG("table %s, code 0x%x", tables[t], entry.value);
			}
			ASSERT_STREQ("1.500000", word[6]);
			ASSERT_STREQ("seconds", word[7]);
		}
		codes_free(codes);
	}
}

TEST(a_line_of_cloud_hypervisors_log_has_time_and_vcpu)
{
	static const char log[] = "cloud-hypervisor: 1.019004s: <vcpu3> WARN:dbgport -- ";
	const struct entry entry = {
		.type = ENTRY_CODE, .vm = &vm.vm, .component = "Kernel", .value = 0x40,
		.vcpu = 3, .time_ns = 1019004000,
	};

	memset(&page, 0, sizeof(page));
	writer_init(&vm, &page, &format_cloud_hypervisor, "vm");
	vm.vm.zero_ns = 0;
	write_entry(&vm, &entry);
	EXPECT_EQ(0, strncmp(log, page.text, strlen(log)));
	EXPECT_STREQ("[Debug I/O port: Kernel code 0x40] 1.019004 seconds\n",
		     page.text + strlen(log));
}

TEST(all_but_codes_is_text_without_time)
{
	const struct entry line = {
		.type = ENTRY_LINE, .vm = &vm.vm, .text = "hello", .len = 5, .time_ns = 7,
	};

	memset(&page, 0, sizeof(page));
	writer_init(&vm, &page, &format_cloud_hypervisor, "vm");
	vm.style.time = STAMP_VM;
	vm.style.label = LABEL_YES;
	write_entry(&vm, &line);
	EXPECT_STREQ("[vm] hello\n", page.text);
}

TEST(every_format_can_be_found_and_explains_itself)
{
	int count = 0;

	for (; formats[count]; count++) {
		EXPECT_TRUE(formats[count]->name && formats[count]->help);
		EXPECT_EQ(formats[count]->raw, !formats[count]->render);
	}
	EXPECT_EQ(6, count);
	EXPECT_TRUE(format_raw.unsafe);
	EXPECT_FALSE(format_text.unsafe || format_json.unsafe || format_post.unsafe ||
		     format_cloud_hypervisor.unsafe);
}

TEST_HARNESS_MAIN
