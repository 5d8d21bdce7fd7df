// SPDX-License-Identifier: GPL-2.0
/* The debug log of OVMF, in made-up memory of a process that is there. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/harness.h"

#include "captured.h"
#include "dbgportctl/memlog/confidential.h"
#include "dbgportctl/memlog/find.h"
#include "dbgportctl/memlog/header.h"
#include "dbgportctl/memlog/memlog.h"
#include "dbgportctl/memlog/place.h"
#include "dbgportctl/memlog/process.h"
#include "dbgportctl/memlog/text.h"

#define MIB		(1024 * 1024)
#define RAM_SIZE	(64 * MIB)
#define EARLY		0x820000
#define LATE		(RAM_SIZE - 4 * MIB)

/* A header, and its ring behind it. */
struct log {
	char magic[16];
	uint64_t header_size, size, lock, head, tail, truncated;
	char version[128];
	char ring[64];
};

static const struct log empty = {
	.magic = { 'o', 'v', 'm', 'f', 'm', 'd', 'g', '1', 'o', 'v', 'm', 'f', 'm', 'd', 'g', '2' },
	.header_size = HEADER_SIZE,
	.size = 64,
	.version = "2026.08",
};

static struct log log_with(const char *text)
{
	struct log log = empty;

	log.tail = strlen(text);
	memcpy(log.ring, text, log.tail);
	return log;
}

/* As firmware does it: the oldest byte is the one behind the next. */
static void append(struct log *log, const char *text)
{
	for (; *text; text++) {
		log->ring[log->tail++] = *text;
		if (log->tail == log->size) {
			log->tail = 0;
			log->truncated = 1;
		}
		if (log->truncated)
			log->head = (log->tail + 1) % log->size;
	}
}

static bool parses(const struct log *log)
{
	struct header h;

	return header_parse(&h, log, sizeof(*log));
}

FIXTURE(header)
{
	struct log log;
};

FIXTURE_SETUP(header)
{
	self->log = log_with("hello");
	ASSERT_TRUE(parses(&self->log));
}

FIXTURE_TEARDOWN(header)
{
}

TEST_F(header, is_read)
{
	struct header h;

	ASSERT_TRUE(header_parse(&h, &self->log, sizeof(self->log)));
	EXPECT_EQ(HEADER_SIZE, h.text);
	EXPECT_EQ(64, h.size);
	EXPECT_EQ(5, header_length(&h));
	EXPECT_FALSE(h.truncated);
	EXPECT_STREQ("2026.08", h.version);
}

TEST_F(header, has_a_version_without_an_end)
{
	struct header h;

	memset(self->log.version, 'x', sizeof(self->log.version));
	ASSERT_TRUE(header_parse(&h, &self->log, sizeof(self->log)));
	EXPECT_EQ(128, strlen(h.version));
}

TEST_F(header, has_its_magic)
{
	self->log.magic[15] = '1';
	EXPECT_FALSE(parses(&self->log));
}

TEST_F(header, has_offsets_in_the_ring)
{
	self->log.head = 65;
	EXPECT_FALSE(parses(&self->log));
	self->log.head = UINT64_MAX;
	EXPECT_FALSE(parses(&self->log));
	self->log.head = 0;
	self->log.tail = 65;
	EXPECT_FALSE(parses(&self->log));
	self->log.tail = 64;
	EXPECT_TRUE(parses(&self->log));
}

TEST_F(header, has_room_for_the_ring)
{
	struct header h;

	EXPECT_FALSE(header_parse(&h, &self->log, sizeof(self->log) - 1));
	self->log.size = 65;
	EXPECT_FALSE(parses(&self->log));
	self->log.size = UINT64_MAX;
	EXPECT_FALSE(parses(&self->log));
	self->log.size = UINT64_MAX - HEADER_SIZE + 1;
	EXPECT_FALSE(parses(&self->log));
	self->log.size = 0;
	self->log.tail = 0;
	EXPECT_FALSE(parses(&self->log));
}

TEST_F(header, is_not_larger_than_memory_that_we_take)
{
	struct header h;

	self->log.size = HEADER_TEXT_MAX;
	EXPECT_TRUE(header_parse(&h, &self->log, UINT64_MAX));
	self->log.size++;
	EXPECT_FALSE(header_parse(&h, &self->log, UINT64_MAX));
}

TEST_F(header, has_a_size)
{
	self->log.header_size = HEADER_SIZE - 1;
	EXPECT_FALSE(parses(&self->log));
	self->log.header_size = 4097;
	EXPECT_FALSE(parses(&self->log));
	self->log.header_size = UINT64_MAX;
	EXPECT_FALSE(parses(&self->log));
}

/*
 * A VMM, and its guest's memory, which is ours, too, so that we can write in it as the
 * guest does.  It has in its page table what was written before start().
 */
FIXTURE(vm)
{
	int fd;
	char *ram;
	pid_t pid;
	struct process process;
	struct found found;
	struct text text;
};

FIXTURE_SETUP(vm)
{
	self->fd = memfd_create("ram", 0);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, ftruncate(self->fd, RAM_SIZE));
	self->ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, self->fd, 0);
	ASSERT_NE(MAP_FAILED, self->ram);
	self->pid = 0;
	self->text.bytes = NULL;
}

#define vmm FIXTURE_DATA(vm)

static void stop(vmm *self)
{
	kill(self->pid, SIGKILL);
	waitpid(self->pid, NULL, 0);
}

FIXTURE_TEARDOWN(vm)
{
	if (self->pid) {
		stop(self);
		process_close(&self->process);
	}
	text_free(&self->text);
	munmap(self->ram, RAM_SIZE);
	close(self->fd);
}

/* Return: whether it runs; @argument is on its command line. */
static bool start_with(vmm *self, const char *argument)
{
	char fd[16], ready;
	int out[2];
	bool runs;

	snprintf(fd, sizeof(fd), "%d", self->fd);
	if (pipe(out))
		return false;
	self->pid = fork();
	if (!self->pid) {
		dup2(out[1], STDOUT_FILENO);
		execl("./fake_vmm", "./fake_vmm", fd, argument, NULL);
		_exit(1);
	}
	close(out[1]);
	runs = read(out[0], &ready, 1) == 1 && !process_open(&self->process, self->pid);
	close(out[0]);
	return runs;
}

static bool start(vmm *self)
{
	return start_with(self, NULL);
}

static void put(vmm *self, size_t at, struct log log)
{
	memcpy(self->ram + at, &log, sizeof(log));
}

/* Return: the text of the log that is found; "none" if none is. */
static const char *found_text(vmm *self)
{
	struct found *f = &self->found;

	if (find_log(f, &self->process))
		return "failed";
	if (!f->count)
		return "none";
	text_free(&self->text);
	if (text_read(&self->text, &self->process, f->address, f->room))
		return "failed";
	self->text.bytes[self->text.n] = '\0';
	return self->text.bytes;
}

TEST_F(vm, has_a_log_high_in_its_memory)
{
	put(self, LATE, log_with("late"));
	ASSERT_TRUE(start(self));
	EXPECT_STREQ("late", found_text(self));
	EXPECT_EQ(1, self->found.count);
	EXPECT_EQ(RAM_SIZE - LATE, self->found.room);
	EXPECT_STREQ("2026.08", self->found.header.version);
}

TEST_F(vm, has_none)
{
	self->ram[EARLY] = 'x';
	ASSERT_TRUE(start(self));
	EXPECT_STREQ("none", found_text(self));
}

TEST_F(vm, has_an_early_log_which_is_the_newer_one)
{
	put(self, LATE, log_with("of the boot before"));
	put(self, EARLY, log_with("early"));
	ASSERT_TRUE(start(self));
	EXPECT_STREQ("early", found_text(self));
	EXPECT_EQ(2, self->found.count);
	put(self, EARLY, empty);
	EXPECT_STREQ("of the boot before", found_text(self));
}

TEST_F(vm, has_more_than_one_of_which_the_longest_is_taken)
{
	put(self, LATE - MIB, log_with("one"));
	put(self, LATE, log_with("longest"));
	put(self, LATE + MIB, log_with("third"));
	ASSERT_TRUE(start(self));
	EXPECT_STREQ("longest", found_text(self));
	EXPECT_EQ(3, self->found.count);
}

TEST_F(vm, has_none_in_the_middle_of_a_page)
{
	put(self, LATE + 64, log_with("no"));
	put(self, EARLY + 2048, log_with("no"));
	ASSERT_TRUE(start(self));
	EXPECT_STREQ("none", found_text(self));
}

TEST_F(vm, has_some_that_cannot_be)
{
	struct log log = log_with("no");

	log.tail = 1ULL << 40;
	put(self, LATE - MIB, log);
	log = log_with("no");
	log.size = HEADER_TEXT_MAX + 1;
	put(self, LATE + MIB, log);
	/* It would go on behind the memory. */
	log = log_with("no");
	log.size = 8192;
	put(self, RAM_SIZE - 4096, log);
	ASSERT_TRUE(start(self));
	EXPECT_STREQ("none", found_text(self));
}

TEST_F(vm, has_one_up_to_its_end)
{
	struct log log = log_with("the end");

	log.size = 4096 - HEADER_SIZE;
	put(self, RAM_SIZE - 4096, log);
	ASSERT_TRUE(start(self));
	EXPECT_STREQ("the end", found_text(self));
}

TEST_F(vm, gets_no_memory_by_being_looked_at)
{
	struct log log = log_with("here");
	__blkcnt_t before;
	struct stat st;

	/* Most of its ring was never written. */
	log.size = MIB;
	log.tail = MIB;
	put(self, LATE, log);
	ASSERT_TRUE(start(self));
	ASSERT_EQ(0, fstat(self->fd, &st));
	before = st.st_blocks;
	EXPECT_STREQ("here", found_text(self));
	EXPECT_EQ(MIB, self->text.n);
	ASSERT_EQ(0, fstat(self->fd, &st));
	EXPECT_EQ(before, st.st_blocks);
}

TEST_F(vm, has_a_ring_that_went_round)
{
	struct log log = empty;

	for (int i = 0; i < 30; i++)
		append(&log, "0123456");
	append(&log, "end");
	put(self, LATE, log);
	ASSERT_TRUE(start(self));
	EXPECT_STREQ("345601234560123456012345601234560123456012345601234560123456end",
		     found_text(self));
	EXPECT_TRUE(self->text.header.truncated);
	EXPECT_EQ(63, self->text.n);
}

TEST_F(vm, ends_in_the_middle)
{
	struct header h;

	put(self, LATE, log_with("late"));
	ASSERT_TRUE(start(self));
	ASSERT_STREQ("late", found_text(self));
	stop(self);
	EXPECT_EQ(-ESRCH, text_read_header(&h, &self->process, self->found.address,
					   self->found.room));
	text_free(&self->text);
	EXPECT_EQ(-ESRCH, text_read(&self->text, &self->process, self->found.address,
				    self->found.room));
	EXPECT_EQ(-ESRCH, find_log(&self->found, &self->process));
}

TEST_F(vm, clears_its_log)
{
	put(self, LATE, log_with("late"));
	ASSERT_TRUE(start(self));
	ASSERT_STREQ("late", found_text(self));
	memset(self->ram + LATE, 0, 4096);
	text_free(&self->text);
	EXPECT_EQ(-ENOENT, text_read(&self->text, &self->process, self->found.address,
				     self->found.room));
}

TEST_F(vm, is_encrypted_as_its_command_line_says)
{
	static const char *const arguments[][2] = {
		{ "tdx-guest,id=tdx0", "TDX" },
		{ "{\"qom-type\":\"sev-guest\",\"id\":\"lsec0\"}", "SEV" },
		{ "sev-snp-guest,id=sev0", "SEV-SNP" },
		{ "num_pci_segments=1,sev_snp=on", "SEV-SNP" },
		{ "file=tdx-guest.img,if=virtio", "" },
		{ "tdx=only", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(arguments); i++) {
		ASSERT_TRUE(start_with(self, arguments[i][0]));
		EXPECT_STREQ(arguments[i][1], confidential_kind(self->pid) ?: "");
		stop(self);
		process_close(&self->process);
		self->pid = 0;
	}
}

/* Return: what is printed. */
static const char *printed(vmm *self, struct memlog memlog)
{
	FILE *before = capture_begin();

	memlog.pid = self->pid;
	memlog.name = "web";
	return memlog_print(&memlog) ? "failed" : capture_end(before);
}

TEST_F(vm, is_printed_harmlessly_unless_bytes_are_asked_for)
{
	put(self, LATE, log_with("a\033]0;x\a\r\nb\xc3"));
	ASSERT_TRUE(start(self));
	EXPECT_STREQ("a<1b>]0;x<07>\nb<c3>\n",
		     printed(self, (struct memlog){ .lines = SIZE_MAX }));
	EXPECT_STREQ("a\033]0;x\a\r\nb\xc3",
		     printed(self, (struct memlog){ .lines = SIZE_MAX, .raw = true }));
}

TEST_F(vm, is_printed_to_so_many_lines)
{
	put(self, LATE, log_with("one\r\ntwo\r\nthree\r\nfour"));
	ASSERT_TRUE(start(self));
	EXPECT_STREQ("three\nfour\n", printed(self, (struct memlog){ .lines = 2 }));
	EXPECT_STREQ("", printed(self, (struct memlog){ .lines = 0 }));
	EXPECT_STREQ("one\ntwo\nthree\nfour\n", printed(self, (struct memlog){ .lines = 9 }));
}

TEST(a_process_that_is_not_ours)
{
	struct process p;

	if (geteuid() || seteuid(65534))
		SKIP(return, "takes root");
	EXPECT_EQ(-EACCES, process_open(&p, 1));
	ASSERT_EQ(0, seteuid(0));
}

TEST(a_process_that_is_not_there)
{
	struct process p;
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	EXPECT_EQ(-ESRCH, process_open(&p, pid));
}

/* What is printed of a log, from one look to the next. */
FIXTURE(place)
{
	struct place place;
	char bytes[sizeof(((struct log *)NULL)->ring) + 1];
	struct text text;
	enum place_end how;
};

FIXTURE_SETUP(place)
{
	self->place = (struct place){ 0 };
	self->text.bytes = self->bytes;
}

FIXTURE_TEARDOWN(place)
{
}

#define reader FIXTURE_DATA(place)

/* Return: what is new in it; @how is set. */
static const char *next(reader *self, const struct log *log)
{
	struct text *t = &self->text;
	size_t from, first;

	header_parse(&t->header, log, sizeof(*log));
	t->n = header_length(&t->header);
	first = t->header.head <= t->header.tail ? t->n : log->size - log->head;
	memcpy(self->bytes, log->ring + log->head, first);
	memcpy(self->bytes + first, log->ring, t->n - first);
	self->bytes[t->n] = '\0';
	self->how = place_next(&self->place, t, &from);
	place_passed(&self->place, t, from, self->how);
	return self->bytes + from;
}

TEST_F(place, goes_on_with_what_comes)
{
	struct log log = empty;

	EXPECT_STREQ("", next(self, &log));
	append(&log, "one ");
	EXPECT_STREQ("one ", next(self, &log));
	append(&log, "two ");
	EXPECT_STREQ("two ", next(self, &log));
	EXPECT_EQ(PLACE_GOES_ON, self->how);
	EXPECT_STREQ("", next(self, &log));
	EXPECT_EQ(PLACE_GOES_ON, self->how);
}

TEST_F(place, goes_on_round_and_round)
{
	struct log log = empty;
	char text[32];

	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "line %d\n", i);
		append(&log, text);
		ASSERT_STREQ(text, next(self, &log));
		ASSERT_EQ(PLACE_GOES_ON, self->how);
	}
}

TEST_F(place, is_lost_where_the_ring_was_faster)
{
	struct log log = empty;
	char text[32];

	append(&log, "before");
	next(self, &log);
	for (int i = 100; i < 140; i++) {
		snprintf(text, sizeof(text), "%d ", i);
		append(&log, text);
	}
	EXPECT_STREQ("24 125 126 127 128 129 130 131 132 133 134 135 136 137 138 139 ",
		     next(self, &log));
	EXPECT_EQ(PLACE_LOST, self->how);
	append(&log, "on");
	EXPECT_STREQ("on", next(self, &log));
	EXPECT_EQ(PLACE_GOES_ON, self->how);
}

TEST_F(place, begins_anew_after_a_reset)
{
	struct log log = log_with("first boot");

	next(self, &log);
	log = log_with("first");
	EXPECT_STREQ("first", next(self, &log));
	EXPECT_EQ(PLACE_ANEW, self->how);
	log = log_with("another boot, with more text");
	EXPECT_STREQ("another boot, with more text", next(self, &log));
	EXPECT_EQ(PLACE_ANEW, self->how);
	log = empty;
	EXPECT_STREQ("", next(self, &log));
	EXPECT_EQ(PLACE_ANEW, self->how);
	append(&log, "once more");
	EXPECT_STREQ("once more", next(self, &log));
	EXPECT_EQ(PLACE_GOES_ON, self->how);
}

TEST_F(place, begins_anew_when_a_full_ring_was_reset)
{
	struct log log = empty;

	for (int i = 0; i < 30; i++)
		append(&log, "0123456");
	next(self, &log);
	log = log_with("0123456");
	EXPECT_STREQ("0123456", next(self, &log));
	EXPECT_EQ(PLACE_ANEW, self->how);
}

TEST_HARNESS_MAIN
