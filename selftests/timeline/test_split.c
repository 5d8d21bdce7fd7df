// SPDX-License-Identifier: GPL-2.0
/* A boot for each reset: all that a VM wrote, cut where its firmware begins again. */
#include "lib/harness.h"
#include <string.h>

#include "dbgportctl/boot/split.h"
#include "timeline/boots.h"

#define ZERO_NS		1000000

FIXTURE(split)
{
	struct boots all;
	struct boots boots;
	struct boot *boot;
	__u64 seq;
	__s64 now_ns;
	__u32 number;
};

FIXTURE_SETUP(split)
{
	self->all = (struct boots){ 0 };
	self->boots = (struct boots){ 0 };
	self->boot = boots_get(&self->all, "", 7, ZERO_NS);
	snprintf(self->boot->vm, sizeof(self->boot->vm), "web");
	self->boot->pid = 70;
	self->seq = 0;
	self->now_ns = 0;
	/* What the file says, if it does. */
	self->number = 0;
}

FIXTURE_TEARDOWN(split)
{
	free(self->all.boot);
	boots_free(&self->boots);
}

static void text(struct _test_data_split *self, __u16 port, const char *bytes)
{
	const struct mark first = {
		.port = port,
		.seq = self->seq++,
		.time_ns = self->now_ns,
		.boot = self->number,
	};

	self->now_ns += 10000000;
	boot_add_bytes(self->boot, &first, bytes, strlen(bytes));
}

static void code(struct _test_data_split *self, const char *component, __u32 value)
{
	const struct mark mark = {
		.type = MARK_CODE,
		.port = DBGPORT_POST_PORT,
		.value = value,
		.seq = self->seq++,
		.count = 1,
		.time_ns = self->now_ns,
		.boot = self->number,
		.component = (char *)component,
	};

	self->now_ns += 10000000;
	boot_add(self->boot, &mark);
}

static void lose(struct _test_data_split *self, __u64 count)
{
	const struct mark mark = { .type = MARK_LOST, .seq = self->seq, .count = count };

	self->seq += count;
	boot_add(self->boot, &mark);
}

static void boot_once(struct _test_data_split *self)
{
	text(self, DBGPORT_FIRMWARE_PORT, "SeaBIOS (version 1.16.2)\n");
	text(self, DBGPORT_FIRMWARE_PORT, "Turning on vga text mode console\n");
	text(self, DBGPORT_FIRMWARE_PORT, "SeaBIOS (version 1.16.2)\n");
	code(self, "Kernel", 0x40);
	code(self, "Userspace", 0x60);
}

#define SPLIT(rule, n) do {					\
	ASSERT_EQ(0, boot_order(self->boot));			\
	boot_split(&self->boots, self->boot, rule);		\
	ASSERT_EQ(n, self->boots.count);			\
	for (size_t i = 0; i < self->boots.count; i++)		\
		boot_complete(self->boots.boot[i], -1);		\
} while (0)

#define BOOT(i)	(self->boots.boot[i])

TEST_F(split, a_vm_that_was_never_reset_has_one_boot)
{
	boot_once(self);
	SPLIT(NULL, 1);
	EXPECT_STREQ("web", BOOT(0)->label);
	EXPECT_EQ(1, BOOT(0)->number);
	EXPECT_EQ(5, BOOT(0)->marks);
}

TEST_F(split, three_resets_are_four_boots)
{
	for (int i = 0; i < 4; i++)
		boot_once(self);
	SPLIT(NULL, 4);
	for (__u32 i = 0; i < 4; i++) {
		char label[16];

		snprintf(label, sizeof(label), "web#%u", i + 1);
		EXPECT_STREQ("web", BOOT(i)->vm);
		EXPECT_STREQ(label, BOOT(i)->label);
		EXPECT_EQ(i + 1, BOOT(i)->number);
		EXPECT_EQ(7, BOOT(i)->id);
		EXPECT_EQ(70, BOOT(i)->pid);
		EXPECT_EQ(5, BOOT(i)->marks);
	}
}

TEST_F(split, times_count_from_a_boots_own_first_write)
{
	self->now_ns = 5000000;
	boot_once(self);
	self->now_ns = 7200000000000;
	boot_once(self);
	SPLIT(NULL, 2);
	EXPECT_EQ(5000000, BOOT(0)->mark[0].time_ns);
	EXPECT_EQ(ZERO_NS + 7200000000000, BOOT(1)->zero_ns);
	EXPECT_EQ(0, BOOT(1)->mark[0].time_ns);
	EXPECT_EQ(40000000, BOOT(1)->total_ns);
	EXPECT_EQ(45000000, BOOT(0)->total_ns);
}

TEST_F(split, nothing_is_known_before_the_first_write_after_a_reset)
{
	self->now_ns = 5000000;
	boot_once(self);
	boot_once(self);
	SPLIT(NULL, 2);
	EXPECT_STREQ(BOOT_START, BOOT(0)->phase[0].name);
	EXPECT_EQ(5, BOOT(0)->phases);
	EXPECT_STREQ("SeaBIOS", BOOT(1)->phase[0].name);
	EXPECT_EQ(4, BOOT(1)->phases);
}

TEST_F(split, losses_are_those_of_each_boot)
{
	boot_once(self);
	lose(self, 3);
	boot_once(self);
	code(self, "Userspace", 0x61);
	lose(self, 4);
	code(self, "Userspace", 0x7f);
	SPLIT(NULL, 2);
	EXPECT_EQ(3, BOOT(0)->lost);
	EXPECT_EQ(4, BOOT(1)->lost);
}

TEST_F(split, only_the_first_boot_of_a_late_vm_is_late)
{
	self->boot->late = true;
	code(self, "Userspace", 0x60);
	boot_once(self);
	SPLIT(NULL, 2);
	EXPECT_TRUE(BOOT(0)->late);
	EXPECT_FALSE(BOOT(1)->late);
}

TEST_F(split, a_lost_beginning_is_the_first_boot)
{
	lose(self, 1000);
	code(self, "Userspace", 0x60);
	boot_once(self);
	boot_once(self);
	SPLIT(NULL, 3);
	EXPECT_EQ(1000, BOOT(0)->lost);
	EXPECT_EQ(0, BOOT(1)->lost);
	EXPECT_EQ(5, BOOT(1)->marks);
}

TEST_F(split, what_a_file_says_is_kept)
{
	/* An output of some ports of a VM whose beginning is in another file. */
	self->number = 4;
	code(self, "Kernel", 0x40);
	self->number = 5;
	code(self, "Kernel", 0x40);
	code(self, "Kernel", 0x41);
	self->number = 7;
	code(self, "Kernel", 0x40);
	SPLIT(NULL, 3);
	EXPECT_EQ(4, BOOT(0)->number);
	EXPECT_STREQ("web#4", BOOT(0)->label);
	EXPECT_EQ(5, BOOT(1)->number);
	EXPECT_EQ(2, BOOT(1)->marks);
	EXPECT_EQ(7, BOOT(2)->number);
}

TEST_F(split, the_only_boot_of_a_file_may_have_a_number)
{
	self->number = 4;
	boot_once(self);
	SPLIT(NULL, 1);
	EXPECT_STREQ("web#4", BOOT(0)->label);
}

TEST_F(split, a_file_that_says_it_of_some_only_is_looked_through)
{
	self->number = 1;
	boot_once(self);
	self->number = 0;
	boot_once(self);
	SPLIT(NULL, 2);
	EXPECT_EQ(2, BOOT(1)->number);
}

TEST_F(split, a_line_is_of_the_boot_of_its_end)
{
	self->number = 1;
	boot_once(self);
	text(self, DBGPORT_FIRMWARE_PORT, "SeaBIOS (ver");
	self->number = 2;
	text(self, DBGPORT_FIRMWARE_PORT, "sion 1.16.2)\n");
	SPLIT(NULL, 2);
	ASSERT_EQ(1, BOOT(1)->marks);
	EXPECT_STREQ("SeaBIOS (version 1.16.2)", BOOT(1)->mark[0].text);
}

TEST_F(split, what_the_user_says_comes_before_what_a_file_says)
{
	const struct begins_rule rule = { .code = 0x40 };

	self->number = 1;
	for (int i = 0; i < 3; i++)
		boot_once(self);
	SPLIT(&rule, 3);
	EXPECT_EQ(3, BOOT(2)->number);
	EXPECT_EQ(0x40, BOOT(1)->mark[0].value);
}

TEST_F(split, each_boot_ends_at_the_code_that_was_asked_for)
{
	boot_once(self);
	code(self, "Userspace", 0x7f);
	code(self, "Userspace", 0x7e);
	boot_once(self);
	ASSERT_EQ(0, boot_order(self->boot));
	boot_split(&self->boots, self->boot, NULL);
	ASSERT_EQ(2, self->boots.count);
	boot_complete(BOOT(0), 0x7f);
	boot_complete(BOOT(1), 0x7f);
	EXPECT_TRUE(BOOT(0)->complete);
	EXPECT_EQ(6, BOOT(0)->marks);
	EXPECT_FALSE(BOOT(1)->complete);
}

TEST_F(split, a_vm_that_was_silent_has_a_boot_too)
{
	SPLIT(NULL, 1);
	EXPECT_STREQ("web", BOOT(0)->label);
	EXPECT_EQ(0, BOOT(0)->marks);
}

TEST_HARNESS_MAIN
