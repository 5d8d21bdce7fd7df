// SPDX-License-Identifier: GPL-2.0
/* The text format: times, labels, and who shares a sink with whom. */
#include <time.h>

#include "lib/harness.h"

#include "daemon/page.h"

FIXTURE(text)
{
	struct page page;
	struct writer vm, other;
};

FIXTURE_SETUP(text)
{
	memset(&self->page, 0, sizeof(self->page));
	writer_init(&self->vm, &self->page, &format_text, "web");
	writer_init(&self->other, &self->page, &format_text, "db");
}

FIXTURE_TEARDOWN(text)
{
}

/* A line, or a part of one, of @w's only vCPU; @ns after the VM's zero. */
static void part(struct writer *w, const char *text, __s64 ns, bool begun, bool goes_on)
{
	const struct entry entry = {
		.type = ENTRY_LINE, .vm = &w->vm, .line = w, .text = text, .len = strlen(text),
		.time_ns = w->vm.zero_ns + ns, .begun = begun, .unfinished = goes_on,
	};

	write_entry(w, &entry);
}

static void line(struct writer *w, const char *text, __s64 ns)
{
	part(w, text, ns, false, false);
}

static void event(struct writer *w, enum entry_type type, __u64 count)
{
	const struct entry entry = { .type = type, .vm = &w->vm, .count = count };

	write_entry(w, &entry);
}

TEST_F(text, without_a_time_by_default)
{
	line(&self->vm, "hello", 5);
	EXPECT_STREQ("hello\n", self->page.text);
}

TEST_F(text, an_entry_is_put_in_one_go)
{
	self->vm.style.time = STAMP_ISO8601;
	self->vm.style.label = LABEL_YES;
	part(&self->vm, "begun", 0, false, true);
	part(&self->other, "interrupted", 0, false, false);
	part(&self->vm, "ended", 0, true, false);
	EXPECT_EQ(3, self->page.puts);
}

TEST_F(text, seconds_since_the_vms_zero)
{
	self->vm.style.time = STAMP_VM;
	line(&self->vm, "a", 0);
	line(&self->vm, "b", 1234567999);
	line(&self->vm, "c", 99999 * 1000000000LL);
	line(&self->vm, "d", 100000 * 1000000000LL);
	line(&self->vm, "e", -1000);
	EXPECT_STREQ("[    0.000000] a\n"
		     "[    1.234567] b\n"
		     "[99999.000000] c\n"
		     "[100000.000000] d\n"
		     "[   -0.000001] e\n", self->page.text);
}

TEST_F(text, seconds_since_the_line_before_of_the_same_output)
{
	self->vm.style.time = STAMP_DELTA;
	self->other.style.time = STAMP_DELTA;
	line(&self->vm, "a", 2000000000);
	line(&self->vm, "b", 2500000000);
	line(&self->other, "x", 1000000000);
	line(&self->vm, "c", 2500001000);
	line(&self->vm, "earlier", 2500000000);
	EXPECT_STREQ("[    2.000000] a\n"
		     "[    0.500000] b\n"
		     "[    1.000000] x\n"
		     "[    0.000001] c\n"
		     "[   -0.000001] earlier\n", self->page.text);
}

TEST_F(text, the_hosts_monotonic_clock)
{
	self->vm.style.time = STAMP_MONOTONIC;
	line(&self->vm, "a", 41000001000);
	EXPECT_STREQ("[   42.000001] a\n", self->page.text);
}

/* The wall clock's time, in ns, of @ns after the VM's zero; up to the clocks' own distance. */
static __u64 realtime(struct writer *w, __u64 ns)
{
	struct timespec real, mono;

	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_MONOTONIC, &mono);
	return (real.tv_sec - mono.tv_sec) * 1000000000LL + real.tv_nsec - mono.tv_nsec +
	       w->vm.zero_ns + ns;
}

#define EXPECT_NEAR(a, b) \
	EXPECT_GT(100000000LL, llabs((long long)(a) - (long long)(b)))

TEST_F(text, seconds_since_1970)
{
	unsigned long long s = 0, us = 0;
	int n;

	self->vm.style.time = STAMP_EPOCH;
	line(&self->vm, "a", 7000000);
	n = sscanf(self->page.text, "[%10llu.%6llu] a\n", &s, &us);
	ASSERT_EQ(2, n);
	EXPECT_NEAR(realtime(&self->vm, 7000000), s * 1000000000 + us * 1000);
	EXPECT_EQ(strlen("[1234567890.123456] a\n"), self->page.len);
}

TEST_F(text, local_time_with_its_offset)
{
	char offset[8];
	struct tm tm = {};
	int us, ahead, n;

	setenv("TZ", "XXX-05:45", 1);
	tzset();
	self->vm.style.time = STAMP_ISO8601;
	line(&self->vm, "a", 7000000);
	line(&self->vm, "b", 7000000);
	n = sscanf(self->page.text, "%d-%d-%dT%d:%d:%d.%6d%6s a", &tm.tm_year, &tm.tm_mon,
		   &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &us, offset);
	ASSERT_EQ(8, n);
	EXPECT_STREQ("+05:45", offset);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	ahead = 5 * 3600 + 45 * 60;
	EXPECT_NEAR(realtime(&self->vm, 7000000),
		    (timegm(&tm) - ahead) * 1000000000ULL + us * 1000);
	/* The same second again, which is kept. */
	EXPECT_EQ(0, strncmp(self->page.text, strchr(self->page.text, '\n') + 1,
			     strlen("2026-01-02T03:04:05.678901+05:45 ")));
}

TEST_F(text, local_time_of_day)
{
	char expect[64], iso[64];

	setenv("TZ", "XXX+03:30", 1);
	tzset();
	self->vm.style.time = STAMP_ISO8601;
	line(&self->vm, "a", 0);
	snprintf(iso, sizeof(iso), "%.63s", self->page.text);
	page_forget(&self->page);
	self->vm.style.time = STAMP_24H;
	line(&self->vm, "a", 0);
	EXPECT_NE(NULL, strstr(iso, "-03:30 a"));
	snprintf(expect, sizeof(expect), "%.15s a\n", strchr(iso, 'T') + 1);
	EXPECT_STREQ(expect, self->page.text);
}

TEST_F(text, a_time_that_is_not_known_is_not_made_up)
{
	self->vm.style.time = STAMP_VM;
	event(&self->vm, ENTRY_LOST, 2);
	self->vm.style.time = STAMP_24H;
	event(&self->vm, ENTRY_LOST, 2);
	self->vm.style.time = STAMP_NONE;
	event(&self->vm, ENTRY_LOST, 2);
	EXPECT_STREQ("[           ?] [… 2 writes lost …]\n"
		     "? [… 2 writes lost …]\n"
		     "[… 2 writes lost …]\n", self->page.text);
}

TEST_F(text, the_time_stands_before_the_label)
{
	self->vm.style.time = STAMP_VM;
	self->vm.style.label = LABEL_YES;
	line(&self->vm, "hello", 5000000);
	EXPECT_STREQ("[    0.005000] [web] hello\n", self->page.text);
}

TEST_F(text, labels_can_be_wanted_or_not)
{
	self->vm.style.label = LABEL_YES;
	line(&self->vm, "a", 0);
	self->vm.formatter.several = true;
	self->vm.style.label = LABEL_NO;
	line(&self->vm, "b", 0);
	self->vm.style.label = LABEL_AUTO;
	line(&self->vm, "c", 0);
	EXPECT_STREQ("[web] a\nb\n[web] c\n", self->page.text);
}

TEST_F(text, a_line_that_goes_on_has_one_time)
{
	self->vm.style.time = STAMP_VM;
	part(&self->vm, "login: ", 1000000000, false, true);
	part(&self->vm, "root", 2000000000, true, false);
	EXPECT_STREQ("[    1.000000] login: root\n", self->page.text);
}

TEST_F(text, a_line_that_was_broken_has_the_time_of_each_part)
{
	self->vm.style.time = STAMP_VM;
	self->other.style.time = STAMP_VM;
	part(&self->vm, "login: ", 1000000000, false, true);
	line(&self->other, "x", 1500000000);
	part(&self->vm, "root", 2000000000, true, false);
	EXPECT_STREQ("[    1.000000] login: …\n"
		     "[    1.500000] x\n"
		     "[    2.000000] …root\n", self->page.text);
}

TEST_F(text, lines_end_as_the_sink_wants)
{
	self->vm.formatter.eol = "\r\n";
	self->other.formatter.eol = "\r\n";
	part(&self->vm, "a", 0, false, true);
	line(&self->other, "b", 0);
	write_notice(&self->vm, "c");
	EXPECT_STREQ("a…\r\nb\r\nc\r\n", self->page.text);
}

TEST_F(text, lines_begin_as_the_sink_wants)
{
	self->vm.formatter.bol = "<6>";
	self->other.formatter.bol = "<6>";
	self->vm.style.time = STAMP_VM;
	line(&self->vm, "<0>boom", 0);
	part(&self->vm, "a", 0, false, true);
	part(&self->vm, "b", 0, true, true);
	line(&self->other, "c", 0);
	part(&self->vm, "d", 0, true, false);
	EXPECT_STREQ("<6>[    0.000000] <0>boom\n"
		     "<6>[    0.000000] ab…\n"
		     "<6>c\n"
		     "<6>[    0.000000] …d\n", self->page.text);
}

/* journald cuts a line at 48 KiB, and takes what follows for a line of its own. */
TEST_F(text, no_line_of_the_journals_stream_is_so_long_that_it_is_cut)
{
	char bytes[LINES_MAX + 1] = "";
	size_t longest = 0, got = 0;
	const char *end;

	self->vm.formatter.bol = "<6>";
	/* The worst: each of them becomes four. */
	memset(bytes, '\033', LINES_MAX);
	for (int i = 0; i < 15; i++)
		part(&self->vm, bytes, 0, i, i < 14);
	for (const char *at = self->page.text; *at; at = end + 1) {
		end = strchr(at, '\n');
		ASSERT_NE(NULL, end);
		EXPECT_EQ(0, strncmp(at, "<6>", 3));
		if ((size_t)(end - at) > longest)
			longest = end - at;
	}
	/* One that is dropped whole or not at all: QUEUE_LINE_MAX. */
	EXPECT_GE(16384, longest);
	EXPECT_LT(8192, longest);
	for (const char *at = self->page.text; (at = strstr(at, "<1b>")); at++)
		got++;
	EXPECT_EQ(15 * LINES_MAX, got);
}

TEST_F(text, elsewhere_a_line_is_as_long_as_the_guest_says)
{
	char bytes[LINES_MAX + 1] = "";

	memset(bytes, 'x', LINES_MAX);
	for (int i = 0; i < 40; i++)
		part(&self->vm, bytes, 0, i, i < 39);
	EXPECT_EQ(40 * LINES_MAX, strcspn(self->page.text, "\n"));
}

TEST_F(text, codes_stand_on_lines_of_their_own)
{
	const struct entry code = {
		.type = ENTRY_CODE, .vm = &self->vm.vm, .value = 0x41, .component = "Kernel",
		.text = "init", .len = 4, .time_ns = self->vm.vm.zero_ns + 2000,
	};

	self->vm.style.time = STAMP_VM;
	part(&self->vm, "a", 0, false, true);
	write_entry(&self->vm, &code);
	EXPECT_STREQ("[    0.000000] a…\n[    0.000002] 0x41 Kernel: init\n", self->page.text);
}

TEST_F(text, other_formats_do_not_mix_with_an_unfinished_line)
{
	self->other.format = &format_json;
	part(&self->vm, "a", 0, false, true);
	line(&self->other, "x", 0);
	EXPECT_TRUE(strstr(self->page.text, "a…\n{\"type\":\"line\"") == self->page.text);
	EXPECT_EQ(2, self->page.puts);
	page_forget(&self->page);
	part(&self->vm, "b", 0, true, true);
	self->other.format = &format_cloud_hypervisor;
	line(&self->other, "x", 0);
	part(&self->vm, "c", 0, true, false);
	EXPECT_STREQ("…b…\nx\n…c\n", self->page.text);
}

TEST_F(text, the_longest_line_fits)
{
	char text[LINES_MAX + 1];

	memset(text, 0x1b, LINES_MAX);
	text[LINES_MAX] = '\0';
	memset(self->vm.vm.name, 'n', sizeof(self->vm.vm.name) - 1);
	self->vm.formatter.eol = "\r\n";
	self->vm.formatter.bol = "<6>";
	self->vm.style.time = STAMP_VM;
	self->vm.style.label = LABEL_YES;
	self->vm.vm.zero_ns = 100;
	part(&self->other, "unfinished", 0, false, true);
	page_forget(&self->page);
	/* The widest time: a record of long before the VM. */
	part(&self->vm, text, -0x7fffffffffffffff + 99, true, false);
	EXPECT_EQ(strlen("…\r\n<6>[-9223372036.854775] [] …\r\n") +
		  strlen(self->vm.vm.name) + ESCAPE_MAX * LINES_MAX, self->page.len);
}

TEST_HARNESS_MAIN
