// SPDX-License-Identifier: GPL-2.0
/* What the records of a VM become: printed, kept to be printed later, looked through. */
#include "lib/harness.h"

#include "dbgportctl/follow/entries.h"
#include "dbgportctl/follow/match.h"
#include "dbgportctl/follow/print.h"
#include "lib/clock.h"

#define ZERO_NS		(5 * NSEC_PER_SEC)

/* Standard output is a file, to be looked at; an entry that was found is here. */
FIXTURE(follow)
{
	struct form form;
	struct print print;
	struct match match;
	struct lines_pending pending;
	struct entries entries;
	__u64 seq;
	__u64 now_ns;
	int stdout_fd;
	FILE *file;
	char said[4096];
};

FIXTURE_SETUP(follow)
{
	self->form = (struct form){ 0 };
	self->match = (struct match){ 0 };
	self->pending = (struct lines_pending)LINES_PENDING_INIT(self->pending);
	self->seq = 0;
	self->now_ns = ZERO_NS;
	self->file = tmpfile();
	ASSERT_NE(NULL, self->file);
	fflush(stdout);
	self->stdout_fd = dup(STDOUT_FILENO);
	ASSERT_EQ(STDOUT_FILENO, dup2(fileno(self->file), STDOUT_FILENO));
}

FIXTURE_TEARDOWN(follow)
{
	fflush(stdout);
	dup2(self->stdout_fd, STDOUT_FILENO);
	close(self->stdout_fd);
	fclose(self->file);
	print_kept(&self->print);
	form_free(&self->form);
}

static const struct dbgport_record attached = {
	.type = DBGPORT_ATTACHED, .vm = 7, .time_ns = ZERO_NS,
};

static const struct entry_vm vm = { .id = 7, .name = "web", .pid = 70 };

#define BEGIN(output) do {								\
	char why[256];									\
	ASSERT_EQ(0, form_parse(&self->form, output, false, why, sizeof(why)));		\
} while (0)

/* Print what comes, as @output says. */
#define PRINTING(output) do {								\
	struct formatter f;								\
	BEGIN(output);									\
	f = print_init(&self->print, &self->form);					\
	entries_init(&self->entries, &self->form, &f, &self->pending, print_entry,	\
		     &self->print, &vm, NULL, &attached);					\
} while (0)

/* Look for what self->match says. */
#define MATCHING() do {									\
	struct formatter f;								\
	BEGIN("text,time=none");							\
	self->form.style.storm = STORM_SHOW;						\
	f = print_init(&self->match.print, &self->form);				\
	print_init(&self->print, &self->form);						\
	entries_init(&self->entries, &self->form, &f, &self->pending, match_entry,	\
		     &self->match, &vm, NULL, &attached);					\
} while (0)

static void put(struct _test_data_follow *self, __u16 port, __u32 value, __u8 width)
{
	const struct dbgport_record rec = {
		.type = DBGPORT_WRITE,
		.vm = 7,
		.port = port,
		.width = width,
		.value = value,
		.seq = self->seq++,
		.time_ns = self->now_ns,
	};

	entries_put(&self->entries, &rec, self->now_ns);
}

static void put_text(struct _test_data_follow *self, const char *text)
{
	while (*text)
		put(self, 0xe9, (unsigned char)*text++, 1);
}

static void put_codes(struct _test_data_follow *self, int count)
{
	while (count--)
		put(self, 0x80, 0x10, 1);
}

static void put_event(struct _test_data_follow *self, __u8 type, __u64 count)
{
	const struct dbgport_record rec = {
		.type = type, .vm = 7, .seq = self->seq, .count = count,
	};

	entries_put(&self->entries, &rec, self->now_ns);
}

/* Nothing comes for so long. */
static void pass(struct _test_data_follow *self, __u64 ms)
{
	self->now_ns += ms * NSEC_PER_MSEC;
	lines_quiet(&self->pending, self->now_ns / NSEC_PER_MSEC);
	entries_calm(&self->entries, self->now_ns);
}

/* What was printed since the last time. */
static const char *said(struct _test_data_follow *self)
{
	int fd = fileno(self->file);
	ssize_t n;

	fflush(stdout);
	n = pread(fd, self->said, sizeof(self->said) - 1, 0);
	if (n < 0 || ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET))
		return NULL;
	self->said[n] = '\0';
	return self->said;
}

/* That begins so. */
#define EXPECT_SAID(beginning) do {			\
	const char *text = said(self);			\
	EXPECT_EQ(text, strstr(text, beginning));	\
} while (0)

TEST_F(follow, lines_and_codes_are_printed_as_they_come)
{
	PRINTING("text,time=none");
	put_text(self, "one\n");
	put(self, 0x80, 0x10, 1);
	put_text(self, "two\n");
	EXPECT_STREQ("one\n0x10 Firmware\ntwo\n", said(self));
	entries_end(&self->entries);
}

TEST_F(follow, times_count_from_where_the_vm_was_attached)
{
	PRINTING(NULL);
	self->now_ns += 1500 * NSEC_PER_MSEC;
	put_text(self, "one\n");
	EXPECT_STREQ("[    1.500000] one\n", said(self));
	entries_end(&self->entries);
}

TEST_F(follow, what_is_unfinished_is_printed_when_it_has_been_quiet)
{
	PRINTING("text,time=none");
	put_text(self, "login: ");
	EXPECT_TRUE(lines_are_pending(&self->pending));
	pass(self, LINES_QUIET_MS - 1);
	EXPECT_STREQ("", said(self));
	pass(self, 1);
	EXPECT_STREQ("login: ", said(self));
	EXPECT_FALSE(lines_are_pending(&self->pending));
	put_text(self, "root\n");
	EXPECT_STREQ("root\n", said(self));
	entries_end(&self->entries);
}

TEST_F(follow, what_is_unfinished_is_printed_at_the_end)
{
	PRINTING("text,time=none");
	put_text(self, "login>");
	entries_end(&self->entries);
	EXPECT_STREQ("login>\n", said(self));
}

TEST_F(follow, other_ports_are_not_printed)
{
	char why[128];

	ASSERT_EQ(0, form_add_port(&self->form, "post", why, sizeof(why)));
	PRINTING("text,time=none");
	put_text(self, "one\n");
	put_codes(self, 1);
	EXPECT_STREQ("0x10 Firmware\n", said(self));
	entries_end(&self->entries);
}

TEST_F(follow, a_storm_of_codes_is_counted)
{
	PRINTING("text,time=none");
	put_codes(self, STORM_BURST);
	said(self);
	EXPECT_FALSE(entries_have_storm(&self->entries));
	put_codes(self, 5);
	EXPECT_STREQ("", said(self));
	EXPECT_TRUE(entries_have_storm(&self->entries));
	pass(self, STORM_QUIET_NS / NSEC_PER_MSEC - 1);
	EXPECT_STREQ("", said(self));
	pass(self, 1);
	EXPECT_SAID("[… 5 codes in ");
	entries_end(&self->entries);
}

TEST_F(follow, a_storm_is_told_with_no_earlier_time_than_the_line_before)
{
	PRINTING("text,time=vm");
	put_codes(self, STORM_BURST + 5);
	self->now_ns = ZERO_NS + 150 * NSEC_PER_MSEC;
	put_text(self, "meanwhile\n");
	said(self);
	pass(self, STORM_QUIET_NS / NSEC_PER_MSEC);
	EXPECT_SAID("[    0.150000] [… 5 codes in ");
	entries_end(&self->entries);
}

TEST_F(follow, a_storm_is_told_before_what_was_lost_in_it)
{
	const char *text;

	PRINTING("text,time=none");
	put_codes(self, STORM_BURST);
	said(self);
	put_codes(self, 1);
	put_event(self, DBGPORT_LOST, 3);
	text = said(self);
	EXPECT_EQ(text, strstr(text, "[… 1 code in "));
	EXPECT_NE(NULL, strstr(text, "\n[… 3 writes lost …]\n"));
	entries_end(&self->entries);
}

TEST_F(follow, storms_are_shown_on_request)
{
	PRINTING("text,time=none,storm=show");
	put_codes(self, STORM_BURST + 2);
	EXPECT_FALSE(entries_have_storm(&self->entries));
	EXPECT_EQ((STORM_BURST + 2) * strlen("0x10 Firmware\n"), strlen(said(self)));
	entries_end(&self->entries);
}

TEST_F(follow, exact_bytes_are_those_of_each_width)
{
	PRINTING("raw");
	put(self, 0xe9, 0x61, 1);
	put(self, 0xe9, 0x6362, 2);
	put(self, 0x80, 0x67666564, 4);
	EXPECT_STREQ("abcdefg", said(self));
	put_event(self, DBGPORT_LOST, 1);
	EXPECT_STREQ("\n[… 1 write lost …]\n", said(self));
	put_event(self, DBGPORT_GONE, 0);
	EXPECT_STREQ("", said(self));
}

TEST_F(follow, a_vm_that_comes_and_goes_is_told_where_the_format_does)
{
	PRINTING("json");
	EXPECT_SAID("{\"type\":\"attached\",\"vm\":\"web\",\"vm_id\":7,");
	put_text(self, "end");
	put_event(self, DBGPORT_LOST, 3);
	said(self);
	put_event(self, DBGPORT_GONE, 0);
	EXPECT_SAID("{\"type\":\"line\"");
	entries_end(&self->entries);
}

/* The numbers of the boots of what was said. */
#define EXPECT_BOOTS(expected) do {				\
	const char *text = said(self);				\
	char boots[64] = "";					\
	while ((text = strstr(text, "\"boot\":"))) {		\
		text += strlen("\"boot\":");			\
		strncat(boots, text, 1);			\
	}							\
	EXPECT_STREQ(expected, boots);				\
} while (0)

static void boot_once(struct _test_data_follow *self)
{
	put_text(self, "SeaBIOS (version 1)\n");
}

TEST_F(follow, json_says_which_boot_it_is)
{
	PRINTING("json");
	for (int i = 0; i < 4; i++)
		boot_once(self);
	put_event(self, DBGPORT_GONE, 0);
	EXPECT_BOOTS("112344");
}

TEST_F(follow, what_is_not_shown_counts_for_boots)
{
	PRINTING("json");
	boot_once(self);
	for (const char *c = "SeaBIOS (version 1)\n"; *c; c++) {
		const struct dbgport_record rec = {
			.type = DBGPORT_WRITE, .vm = 7, .port = 0xe9, .width = 1,
			.value = *c, .seq = self->seq++, .time_ns = self->now_ns,
		};

		entries_pass(&self->entries, &rec);
	}
	put_text(self, "x\n");
	EXPECT_BOOTS("112");
}

TEST_F(follow, boots_go_on_where_others_have_read_to)
{
	struct begins_state state;

	PRINTING("json");
	for (int i = 0; i < 3; i++)
		boot_once(self);
	state = self->entries.begins.state;
	entries_end(&self->entries);
	said(self);
	PRINTING("json");
	entries_begin_at(&self->entries, &state);
	put_text(self, "x\n");
	boot_once(self);
	EXPECT_BOOTS("134");
	entries_end(&self->entries);
}

TEST_F(follow, the_last_lines_are_kept_until_all_has_come)
{
	PRINTING("text,time=none");
	print_keep(&self->print, 2);
	put_text(self, "one\ntwo\nthree\n");
	EXPECT_STREQ("", said(self));
	print_kept(&self->print);
	EXPECT_STREQ("two\nthree\n", said(self));
	put_text(self, "four\n");
	EXPECT_STREQ("four\n", said(self));
	entries_end(&self->entries);
}

TEST_F(follow, a_line_without_its_end_is_one_of_the_last)
{
	PRINTING("text,time=none");
	print_keep(&self->print, 2);
	put_text(self, "one\ntwo\nthr");
	pass(self, LINES_QUIET_MS);
	print_kept(&self->print);
	EXPECT_STREQ("two\nthr", said(self));
	put_text(self, "ee\n");
	EXPECT_STREQ("ee\n", said(self));
	entries_end(&self->entries);
}

TEST_F(follow, no_lines_are_none)
{
	PRINTING("text,time=none");
	print_keep(&self->print, 0);
	put_text(self, "one\n");
	print_kept(&self->print);
	EXPECT_STREQ("", said(self));
	entries_end(&self->entries);
}

TEST_F(follow, lines_that_are_kept_are_few_among_many)
{
	PRINTING("text,time=none");
	print_keep(&self->print, 1);
	for (int i = 0; i < 40000; i++)
		put_text(self, "a line of some length, as there are so many of them in a boot\n");
	put_text(self, "last\n");
	print_kept(&self->print);
	EXPECT_STREQ("last\n", said(self));
	entries_end(&self->entries);
}

static void look_for(struct match *m, const char *code, const char *text)
{
	char why[256];

	if (code)
		match_add_code(m, code, why, sizeof(why));
	if (text)
		match_add_text(m, text, why, sizeof(why));
}

TEST_F(follow, a_code_is_found_and_printed)
{
	look_for(&self->match, "0x11", NULL);
	MATCHING();
	put_codes(self, 2 * STORM_BURST);
	EXPECT_FALSE(match_is_done(&self->match));
	put(self, 0x80, 0x11, 1);
	EXPECT_TRUE(match_is_done(&self->match));
	EXPECT_STREQ("0x11 Firmware\n", said(self));
	put(self, 0x80, 0x11, 1);
	EXPECT_STREQ("", said(self));
	entries_end(&self->entries);
}

TEST_F(follow, a_text_in_two_parts_is_found_whole)
{
	look_for(&self->match, NULL, "AS*ERT");
	MATCHING();
	put_text(self, "an AS");
	pass(self, LINES_QUIET_MS);
	EXPECT_FALSE(match_is_done(&self->match));
	put_text(self, "SERT");
	pass(self, LINES_QUIET_MS);
	EXPECT_TRUE(match_is_done(&self->match));
	EXPECT_STREQ("an ASSERT\n", said(self));
	entries_end(&self->entries);
}

TEST_F(follow, a_text_is_found_among_colours_and_by_them)
{
	look_for(&self->match, NULL, "Reached target Basic");
	look_for(&self->match, NULL, "\033\\[31m");
	MATCHING();
	put_text(self, "Reached target \033[0;1;39mSysinit\033[0m\n");
	EXPECT_FALSE(match_is_done(&self->match));
	put_text(self, "Reached target \033[0;1;39mBasic\033[0m\n");
	EXPECT_TRUE(match_is_done(&self->match));
	EXPECT_STREQ("Reached target Basic\n", said(self));
	self->match.done = false;
	put_text(self, "\033[31mred\n");
	EXPECT_TRUE(match_is_done(&self->match));
	entries_end(&self->entries);
}

TEST_F(follow, the_case_of_letters_counts_unless_it_is_to_be_ignored)
{
	look_for(&self->match, NULL, "assert: [a-c]");
	MATCHING();
	put_text(self, "ASSERT: B\n");
	EXPECT_FALSE(match_is_done(&self->match));
	match_ignore_case(&self->match);
	put_text(self, "ASSERT: D\n");
	EXPECT_FALSE(match_is_done(&self->match));
	put_text(self, "Assert: B\n");
	EXPECT_TRUE(match_is_done(&self->match));
	entries_end(&self->entries);
}

TEST_F(follow, the_case_of_letters_that_are_not_asciis_always_counts)
{
	look_for(&self->match, NULL, "Ärger");
	match_ignore_case(&self->match);
	MATCHING();
	put_text(self, "ärger\n");
	EXPECT_FALSE(match_is_done(&self->match));
	put_text(self, "ÄRGER\n");
	EXPECT_TRUE(match_is_done(&self->match));
	entries_end(&self->entries);
}

TEST_F(follow, a_text_without_its_end_is_found_at_the_end)
{
	look_for(&self->match, NULL, "login: $");
	MATCHING();
	put_text(self, "login: ");
	EXPECT_FALSE(match_is_done(&self->match));
	entries_end(&self->entries);
	EXPECT_TRUE(match_is_done(&self->match));
}

/* Enough after the second one. */
static bool count(void *arg, const struct entry *entry)
{
	int *n = arg;

	return entry->type == ENTRY_LINE && ++*n == 2;
}

TEST_F(follow, each_is_found_until_it_is_enough)
{
	int n = 0;

	look_for(&self->match, NULL, "again");
	self->match.found = count;
	self->match.arg = &n;
	MATCHING();
	put_text(self, "again\nnot\nagain\nagain\n");
	EXPECT_EQ(2, n);
	EXPECT_STREQ("again\nagain\n", said(self));
	entries_end(&self->entries);
}

TEST_F(follow, what_cannot_be_looked_for_is_told)
{
	char why[256];

	EXPECT_EQ(-1, match_add_code(&self->match, "sixty", why, sizeof(why)));
	EXPECT_STREQ("--code sixty: it takes a number, 0x0 to 0xffffffff", why);
	EXPECT_EQ(-1, match_add_code(&self->match, "0x100000000", why, sizeof(why)));
	EXPECT_EQ(-1, match_add_text(&self->match, "(", why, sizeof(why)));
	EXPECT_EQ(&why[0], strstr(why, "--text (: "));
	EXPECT_FALSE(match_is_set(&self->match));
	BEGIN("text");
	print_init(&self->print, &self->form);
}

TEST_HARNESS_MAIN
