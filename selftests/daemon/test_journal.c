// SPDX-License-Identifier: GPL-2.0
/* Entries of the journal, as its daemon gets them. */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "lib/harness.h"

#include "daemon/inbox.h"
#include "dbgportd/sink/journal.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/settings.h"
#include "words/entry.h"

static const struct entry_vm vm_1 = { .name = "vm-1", .id = 7, .zero_ns = 1000000000,
				     .boot = 2 };

FIXTURE(journal)
{
	struct sink *sink;
	struct inbox inbox;
	char why[512];
};

static struct sink *open_journal(char *why)
{
	static const struct sink_settings set = { .queue = 65536 };
	const struct sink_request rq = { .kind = &sink_journal, .path = "", .set = &set };

	return sink_journal.open(&rq, why, 512);
}

FIXTURE_SETUP(journal)
{
	drive_without_log();
	signal(SIGPIPE, SIG_IGN);
	ASSERT_EQ(0, loop_init(ENGINE));
	ASSERT_TRUE(inbox_make(&self->inbox));
	journal_socket = self->inbox.path;
	self->sink = open_journal(self->why);
	ASSERT_NE(NULL, self->sink) TH_LOG("%s", self->why);
}

FIXTURE_TEARDOWN(journal)
{
	inbox_close(&self->inbox);
	if (self->sink)
		sink_journal.close(self->sink);
	EXPECT_TRUE(drive_until(!sinks_open()));
	EXPECT_TRUE(inbox_remove(&self->inbox));
	loop_exit();
}

static void put(struct sink *sink, const struct entry *e)
{
	sink->ops->put_entry(sink, e);
}

static struct entry line(const char *text, size_t len)
{
	return (struct entry){
		.type = ENTRY_LINE, .vm = &vm_1, .port = 0xe9, .vcpu = 3, .seq = 42,
		.count = len, .time_ns = 1500000001, .text = text, .len = len,
	};
}

TEST_F(journal, a_line_has_its_fields)
{
	const struct entry e = line("hello", 5);

	put(self->sink, &e);
	EXPECT_STREQ("MESSAGE=hello\n"
		     "PRIORITY=6\n"
		     "SYSLOG_IDENTIFIER=dbgportd\n"
		     "DBGPORT_VM=vm-1\n"
		     "DBGPORT_VM_ID=7\n"
		     "DBGPORT_BOOT=2\n"
		     "DBGPORT_PORT=0xe9\n"
		     "DBGPORT_VCPU=3\n"
		     "DBGPORT_TIME_NS=500000001\n"
		     "DBGPORT_MONOTONIC_NS=1500000001\n"
		     "DBGPORT_SEQ=42\n"
		     "DBGPORT_COUNT=5\n", inbox_next(self->inbox.fd));
}

TEST_F(journal, a_code_has_its_fields)
{
	const struct entry e = {
		.type = ENTRY_CODE, .vm = &vm_1, .port = 0x80, .width = 1, .value = 0x10,
		.seq = 9, .count = 1, .time_ns = 1000000000, .component = "Firmware",
		.text = "Memory found", .len = 12,
	};
	const char *got;

	put(self->sink, &e);
	got = inbox_next(self->inbox.fd);
	EXPECT_EQ(got, strstr(got, "MESSAGE=0x10 Firmware"));
	EXPECT_NE(NULL, strstr(got, "Memory found\n"));
	EXPECT_NE(NULL, strstr(got, "\nDBGPORT_PORT=0x80\n"));
	EXPECT_NE(NULL, strstr(got, "\nDBGPORT_CODE=0x10\nDBGPORT_COMPONENT=Firmware\n"));
	EXPECT_NE(NULL, strstr(got, "\nDBGPORT_TIME_NS=0\n"));
	EXPECT_NE(NULL, strstr(got, "\nDBGPORT_SEQ=9\n"));
}

TEST_F(journal, what_was_lost_is_a_warning)
{
	const struct entry e = {
		.type = ENTRY_LOST, .vm = &vm_1, .seq = 100, .count = 23, .time_ns = 0,
	};
	const char *got;

	put(self->sink, &e);
	got = inbox_next(self->inbox.fd);
	EXPECT_EQ(got, strstr(got, "MESSAGE=[… 23 writes lost …]\nPRIORITY=4\n"));
	EXPECT_NE(NULL, strstr(got, "\nDBGPORT_SEQ=100\nDBGPORT_LOST=23\n"));
	EXPECT_EQ(NULL, strstr(got, "DBGPORT_PORT"));
	EXPECT_EQ(NULL, strstr(got, "DBGPORT_TIME_NS"));
	EXPECT_EQ(NULL, strstr(got, "DBGPORT_COUNT"));
}

TEST_F(journal, what_was_cut_is_a_warning)
{
	const struct entry e = {
		.type = ENTRY_CUT, .vm = &vm_1, .port = 0x402, .seq = 100, .count = 23, .bytes = 92,
		.time_ns = 1000000000,
	};
	const char *got;

	put(self->sink, &e);
	got = inbox_next(self->inbox.fd);
	EXPECT_EQ(got, strstr(got, "MESSAGE=[… 92 bytes in 0.000000 seconds cut by rate= …]\n"
				   "PRIORITY=4\n"));
	EXPECT_NE(NULL, strstr(got, "\nDBGPORT_PORT=0x402\n"));
	EXPECT_NE(NULL, strstr(got, "\nDBGPORT_SEQ=100\nDBGPORT_COUNT=23\n"));
}

TEST_F(journal, a_vm_that_comes_and_goes_is_told)
{
	struct entry e = { .type = ENTRY_ATTACHED, .vm = &vm_1, .time_ns = 1000000000 };

	put(self->sink, &e);
	EXPECT_NE(NULL, strstr(inbox_next(self->inbox.fd), "\nPRIORITY=5\n"));
	e.type = ENTRY_GONE;
	e.seq = 5;
	put(self->sink, &e);
	EXPECT_NE(NULL, strstr(inbox_next(self->inbox.fd), "\nDBGPORT_SEQ=5\n"));
}

/* A guest must not be able to make fields, or entries, of its own. */
TEST_F(journal, no_field_comes_from_a_guest)
{
	static const char evil[] = "x\nPRIORITY=0\n\nMESSAGE=\0forged\x1b[2J\xff";
	const struct entry e = line(evil, sizeof(evil) - 1);
	static const char shown[] =
		"MESSAGE=x<0a>PRIORITY=0<0a><0a>MESSAGE=<00>forged<1b>[2J<ff>\nPRIORITY=6\n";
	const char *got, *p;
	int lines = 0;

	put(self->sink, &e);
	got = inbox_next(self->inbox.fd);
	EXPECT_EQ(got, strstr(got, shown));
	for (p = got; (p = strchr(p, '\n')); p++)
		lines++;
	EXPECT_EQ(12, lines);
	EXPECT_STREQ("", inbox_next(self->inbox.fd));
}

TEST_F(journal, the_longest_line_is_one_entry)
{
	char text[LINES_MAX];
	const struct entry e = line(text, sizeof(text));
	const char *got;

	memset(text, 0xff, sizeof(text));
	put(self->sink, &e);
	got = inbox_next(self->inbox.fd);
	EXPECT_EQ(strlen("MESSAGE=") + 4 * LINES_MAX, strchr(got, '\n') - got);
	EXPECT_NE(NULL, strstr(got, "\nDBGPORT_COUNT=1024\n"));
}

TEST_F(journal, a_line_told_in_parts_shows_it)
{
	struct entry e = line("begun", 5);

	e.unfinished = true;
	put(self->sink, &e);
	EXPECT_EQ(0, strncmp(inbox_next(self->inbox.fd), "MESSAGE=begun…\n", 17));
	e = line("ended", 5);
	e.begun = true;
	put(self->sink, &e);
	EXPECT_EQ(0, strncmp(inbox_next(self->inbox.fd), "MESSAGE=…ended\n", 17));
	/* Only its line end came. */
	e = line("", 0);
	e.begun = true;
	put(self->sink, &e);
	EXPECT_STREQ("", inbox_next(self->inbox.fd));
	/* But an empty line is one. */
	e = line("", 0);
	put(self->sink, &e);
	EXPECT_EQ(0, strncmp(inbox_next(self->inbox.fd), "MESSAGE=\nPRIORITY", 17));
}

TEST_F(journal, a_stuck_one_holds_up_nobody_and_is_told_what_it_lacks)
{
	unsigned long long dropped = 0, count = 0, expect = 0, got;
	__u64 begin = drive_clock();
	struct entry e = line("a line of usual length, as guests write them", 44);
	size_t size = 0;
	const char *text;

	for (int i = 0; i < 20000; i++) {
		e.seq = 100000 + i;
		put(self->sink, &e);
		if (!size)
			size = self->sink->stream.put;
		if (!(i % 100))
			drive_for(1);
	}
	EXPECT_GT(PATIENCE_MS / 2, drive_clock() - begin);
	EXPECT_GE(65536, stream_waiting(&self->sink->stream));
	EXPECT_LT(0, self->sink->stream.dropped);
	EXPECT_EQ(0, self->sink->stream.dropped % size);

	while (*(text = inbox_next(self->inbox.fd))) {
		if (sscanf(text, "MESSAGE=[… %llu bytes dropped …]\n", &dropped) == 1) {
			ASSERT_NE(NULL, strstr(text, "\nPRIORITY=4\n"));
			expect += dropped / size;
			continue;
		}
		/* Each is a whole entry. */
		ASSERT_EQ(text, strstr(text, "MESSAGE=a line of usual length"));
		ASSERT_NE(NULL, strstr(text, "\nDBGPORT_COUNT=44\n"));
		ASSERT_NE(NULL, strstr(text, "DBGPORT_SEQ="));
		got = atoi(strstr(text, "DBGPORT_SEQ=") + strlen("DBGPORT_SEQ="));
		ASSERT_EQ(100000 + expect, got);
		expect++;
		count++;
	}
	EXPECT_EQ(20000, expect);
	EXPECT_EQ(self->sink->stream.dropped, dropped);
	EXPECT_EQ(20000, count + dropped / size);
}

static struct sink *journal_of(const char *vm, char *why)
{
	static const struct sink_settings set = { .queue = 65536 };
	const struct sink_request rq = {
		.kind = &sink_journal, .path = "", .vm = vm, .set = &set,
	};

	return sink_get(&rq, why, 512);
}

TEST_F(journal, a_vm_that_floods_drops_nothing_of_another)
{
	const struct entry flood = line("more than journald takes", 24);
	const struct entry word = line("a word", 6);
	struct sink *one = journal_of("vm-1", self->why);
	struct sink *two = journal_of("vm-2", self->why);
	bool came = false, told = false;
	const char *text;

	ASSERT_NE(NULL, one) TH_LOG("%s", self->why);
	ASSERT_NE(NULL, two) TH_LOG("%s", self->why);
	EXPECT_NE(one, two);
	/* But the routes of one have one. */
	EXPECT_EQ(one, journal_of("vm-1", self->why));
	sink_release(&sink_journal, one);

	put(two, &word);
	for (int i = 0; i < 20000; i++) {
		put(one, &flood);
		if (!(i % 100))
			drive_for(1);
		if (i == 10000)
			put(two, &word);
	}
	EXPECT_LT(0, one->stream.dropped);
	EXPECT_EQ(0, two->stream.dropped);
	while (*(text = inbox_next(self->inbox.fd))) {
		came = came || !strncmp(text, "MESSAGE=a word\n", 15);
		if (strstr(text, " bytes dropped …]\n"))
			told = strstr(text, "\nDBGPORT_VM=vm-1\n");
	}
	EXPECT_TRUE(came);
	EXPECT_TRUE(told);
	EXPECT_TRUE(stream_is_empty(&two->stream));
	sink_release(&sink_journal, one);
	sink_release(&sink_journal, two);
}

/* journald is started again just when a VM comes. */
TEST_F(journal, a_vm_that_comes_while_there_is_none_waits_for_it)
{
	const struct entry e = line("words", 5);
	struct sink *sink;

	inbox_close(&self->inbox);
	sink = journal_of("vm-1", self->why);
	ASSERT_NE(NULL, sink) TH_LOG("%s", self->why);
	put(sink, &e);
	ASSERT_TRUE(inbox_open(&self->inbox));
	EXPECT_TRUE(drive_until(!sink->stream.stalled));
	EXPECT_EQ(0, strncmp(inbox_next(self->inbox.fd), "MESSAGE=words\n", 14));
	sink_release(&sink_journal, sink);
}

TEST_F(journal, one_that_is_started_again_gets_what_waited)
{
	const struct entry e = line("words", 5);

	inbox_close(&self->inbox);
	put(self->sink, &e);
	drive_for(50);
	EXPECT_TRUE(self->sink->stream.stalled);
	ASSERT_TRUE(inbox_open(&self->inbox));
	EXPECT_TRUE(drive_until(!self->sink->stream.stalled));
	EXPECT_EQ(0, strncmp(inbox_next(self->inbox.fd), "MESSAGE=words\n", 14));
}

TEST_F(journal, where_there_is_none_it_is_refused)
{
	inbox_close(&self->inbox);
	EXPECT_EQ(NULL, open_journal(self->why));
	EXPECT_NE(NULL, strstr(self->why, "Connection refused: is systemd-journald running?"));
	unlink(self->inbox.path);
	EXPECT_EQ(NULL, open_journal(self->why));
	EXPECT_NE(NULL, strstr(self->why, "directory: is systemd-journald running?"));
}

TEST_HARNESS_MAIN
