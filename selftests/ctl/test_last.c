// SPDX-License-Identifier: GPL-2.0
/* What a VM wrote last, in a sentence. */
#include <stdio.h>

#include "lib/harness.h"

#include "dbgportctl/show/last.h"
#include "lib/clock.h"

/* Standard output is a file, to be looked at. */
FIXTURE(last)
{
	struct last last;
	struct known_vm vm;
	__u64 now_ns;
	int stdout_fd;
	FILE *file;
	char said[4096];
};

FIXTURE_SETUP(last)
{
	const struct dbgport_record attached = { .type = DBGPORT_ATTACHED, .vm = 7 };

	self->now_ns = clock_ns(CLOCK_MONOTONIC);
	self->vm = (struct known_vm){ .info = { .vm = 7, .nports = 1 }, .name = "web" };
	self->vm.info.ports[0].port = 0x402;
	self->file = tmpfile();
	ASSERT_NE(NULL, self->file);
	fflush(stdout);
	self->stdout_fd = dup(STDOUT_FILENO);
	ASSERT_EQ(STDOUT_FILENO, dup2(fileno(self->file), STDOUT_FILENO));
	last_init(&self->last, 3, STAMP_NONE);
	last_add(&self->last, &self->vm, &attached);
}

FIXTURE_TEARDOWN(last)
{
	last_print_lines(&self->last);
	fflush(stdout);
	dup2(self->stdout_fd, STDOUT_FILENO);
	close(self->stdout_fd);
	fclose(self->file);
}

/* @us before now, on port 0x402. */
static void put(struct _test_data_last *self, __u16 vcpu, __u64 us, const char *text)
{
	for (; *text; text++) {
		const struct dbgport_record rec = {
			.type = DBGPORT_WRITE,
			.vm = 7,
			.port = 0x402,
			.vcpu = vcpu,
			.width = 1,
			.value = (unsigned char)*text,
			.time_ns = self->now_ns - us * NSEC_PER_USEC,
		};

		last_add(&self->last, &self->vm, &rec);
		self->vm.wrote_ns = rec.time_ns;
	}
}

/* What is said behind ", on "; the sentence before it has a time of now. */
static const char *said(struct _test_data_last *self)
{
	ssize_t n;

	last_end(&self->last);
	last_print_sentence(&self->last, &self->vm, STAMP_NONE);
	fflush(stdout);
	n = pread(fileno(self->file), self->said, sizeof(self->said) - 1, 0);
	self->said[n < 0 ? 0 : n] = '\0';
	return strstr(self->said, "0x402") ?: self->said;
}

TEST_F(last, the_line_and_what_was_between)
{
	put(self, 0, 2500000, "one\n");
	put(self, 0, 1000000, "two\n");
	EXPECT_STREQ("0x402, vCPU 0: 'two'\nIt came 1.500 s after the line before.\n", said(self));
}

TEST_F(last, the_first_one_has_none_before_it)
{
	put(self, 0, 1, "one\n");
	EXPECT_STREQ("0x402, vCPU 0: 'one'\n", said(self));
}

TEST_F(last, a_line_without_its_end)
{
	put(self, 3, 1, "login: ");
	EXPECT_STREQ("0x402, vCPU 3: 'login: '\n", said(self));
}

TEST_F(last, the_last_that_says_something)
{
	put(self, 0, 1, "one\n\r\n\n");
	EXPECT_STREQ("0x402, vCPU 0: 'one'\n", said(self));
}

TEST_F(last, no_other_vcpus_line_is_taken_for_it)
{
	put(self, 1, 3, "other begun");
	put(self, 0, 2, "one\n");
	EXPECT_STREQ("0x402, vCPU 0: 'one'\n", said(self));
}

TEST_F(last, nor_one_that_came_before_an_empty_one)
{
	put(self, 1, 3, "other\n");
	put(self, 0, 2, "\n");
	EXPECT_STREQ("0x402, vCPU 0\n", said(self));
}

TEST_F(last, reads_of_the_port_whoever_answered)
{
	self->vm.info.ports[0].reads = 700;
	self->vm.info.ports[0].passed = 12;
	put(self, 0, 1, "one\n");
	EXPECT_STREQ("0x402, vCPU 0: 'one'\nThe guest has read 0x402 712 times.\n", said(self));
}

TEST_F(last, nothing_does_anything_to_a_terminal)
{
	put(self, 0, 1, "\033]0;x\a\xff\n");
	EXPECT_STREQ("0x402, vCPU 0: '<1b>]0;x<07><ff>'\n", said(self));
}

TEST_F(last, a_long_one_is_cut_between_characters)
{
	char text[LINES_MAX + 1] = "x";
	const char *is;

	for (size_t i = 1; i + 2 < LINES_MAX; i += 2)
		memcpy(text + i, "ä\n", 3);
	put(self, 0, 1, text);
	is = said(self);
	EXPECT_GE(LAST_TEXT_SIZE + strlen("0x402, vCPU 0: ''\n"), strlen(is));
	EXPECT_STREQ("ä…'\n", is + strlen(is) - strlen("ä…'\n"));
}

TEST_HARNESS_MAIN
