// SPDX-License-Identifier: GPL-2.0
/* Who gets an access: the parameter "claim" and the readers. */
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define ADDR	0x8000

FIXTURE(claim) {
	struct guest *guest;
	struct stream stream;
};

FIXTURE_VARIANT(claim) {
	const char *params;
	unsigned int mode;
	bool reader;		/* there is one */
	unsigned int sub;	/* and how it subscribes */
	bool claimed;
};

FIXTURE_VARIANT_ADD(claim, listening_without_reader) {
	.params = "claim=listening", .mode = DBGPORT_CLAIM_LISTENING,
};

FIXTURE_VARIANT_ADD(claim, listening_with_looking_reader) {
	.params = "", .mode = DBGPORT_CLAIM_LISTENING, .reader = true,
};

FIXTURE_VARIANT_ADD(claim, listening_with_claiming_reader) {
	.params = "", .mode = DBGPORT_CLAIM_LISTENING, .reader = true,
	.sub = DBGPORT_SUB_CLAIM, .claimed = true,
};

FIXTURE_VARIANT_ADD(claim, always_without_reader) {
	.params = "claim=always", .mode = DBGPORT_CLAIM_ALWAYS, .claimed = true,
};

FIXTURE_VARIANT_ADD(claim, always_with_looking_reader) {
	.params = "claim=always", .mode = DBGPORT_CLAIM_ALWAYS, .reader = true,
	.claimed = true,
};

FIXTURE_VARIANT_ADD(claim, never_without_reader) {
	.params = "claim=never", .mode = DBGPORT_CLAIM_NEVER,
};

FIXTURE_VARIANT_ADD(claim, never_with_claiming_reader) {
	.params = "claim=never", .mode = DBGPORT_CLAIM_NEVER, .reader = true,
	.sub = DBGPORT_SUB_CLAIM,
};

FIXTURE_SETUP(claim)
{
	module_fresh(variant->params);
}

FIXTURE_TEARDOWN(claim)
{
	guest_free(self->guest);
	stream_free(&self->stream);
}

TEST_F(claim, decides_who_gets_writes_and_reads_while_all_is_recorded)
{
	static const unsigned char width[] = { 1, 2, 4, 1, 1, 1 };
	static const unsigned int value[] = {
		0x11, 0x2222, 0x33333333, 'a', 'b', 'c'
	};
	unsigned long exits = variant->claimed ? 0 : 7;
	const struct guest_exit *log;
	struct dbgport_vm_info info;
	struct code code = { 0 };
	unsigned int vm, flag;
	int fd = -1, look, i;

	if (variant->reader)
		fd = reader_open(0, variant->sub);
	code_out8(&code, 0xe9, value[0]);
	code_out16(&code, 0xe9, value[1]);
	code_out32(&code, 0xe9, value[2]);
	code_outs(&code, 0xe9, 1, "abc", 3);
	code_in(&code, 0xe9, 1, ADDR);
	code_hlt(&code);
	self->guest = guest_new(1, &code);
	guest_run(self->guest);

	/* The VMM: all or nothing, and exactly what the guest did. */
	ASSERT_EQ(exits, guest_exits(self->guest, 0xe9));
	ASSERT_EQ(exits, guest_log(self->guest, &log));
	EXPECT_EQ(variant->claimed ? 0xe9 : GUEST_IN_BYTE,
		  guest_read32(self->guest, ADDR));
	for (i = 0; i < 6 && !variant->claimed; i++) {
		EXPECT_EQ(width[i], log[i].width);
		EXPECT_EQ(value[i], log[i].value);
	}

	/* The ring: everything, in any case. */
	look = reader_open(0, 0);
	vm = reader_my_vm(look);
	EXPECT_EQ(variant->mode, reader_info(look).claim);
	reader_drain(look, &self->stream);
	EXPECT_EQ(NULL, stream_fault(&self->stream, vm));
	ASSERT_EQ(6, stream_count(&self->stream, vm, DBGPORT_WRITE));
	flag = variant->claimed ? DBGPORT_CLAIMED : 0;
	for (i = 0; i < 6; i++) {
		const struct dbgport_record *rec =
			stream_write(&self->stream, vm, i);

		EXPECT_EQ(width[i], rec->width);
		EXPECT_EQ(value[i], rec->value);
		EXPECT_EQ(flag, rec->flags);
	}
	ASSERT_EQ(0, reader_vm_info(look, vm, &info));
	EXPECT_EQ(variant->claimed, !!(info.flags & DBGPORT_VM_CLAIMED));
	EXPECT_EQ(variant->claimed ? 7 : 0, info.ports[1].claimed);
	EXPECT_EQ(6, info.ports[1].writes);
	close(look);
	close(fd);
}

FIXTURE(readers) {
	struct code code;
	struct guest *guest;
};

FIXTURE_SETUP(readers)
{
	module_fresh("");
	code_count(&self->code, 0xe9, 0);
	self->guest = guest_new(2, &self->code);
}

FIXTURE_TEARDOWN(readers)
{
	guest_free(self->guest);
}

static bool claimed(int fd)
{
	struct dbgport_vm_info info;

	return reader_vm_info(fd, reader_my_vm(fd), &info) == 0 &&
	       info.flags & DBGPORT_VM_CLAIMED;
}

/* Wait until @n more exits have come. */
static void await_exits(struct guest *guest, unsigned long n)
{
	unsigned long from = guest_exits(guest, 0xe9);

	while (guest_exits(guest, 0xe9) < from + n)
		poll(NULL, 0, 1);
}

TEST_F(readers, claiming_one_closed_mid_flood_gives_the_writes_back)
{
	int look = reader_open(0, 0);
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);
	unsigned long exits;

	EXPECT_TRUE(claimed(look));
	guest_start(self->guest);
	while (reader_written(look, reader_my_vm(look)) < 1000)
		poll(NULL, 0, 1);
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));

	close(fd);
	EXPECT_FALSE(claimed(look));
	await_exits(self->guest, 100);

	fd = reader_open(0, DBGPORT_SUB_CLAIM);
	EXPECT_TRUE(claimed(look));
	guest_stop(self->guest);
	exits = guest_exits(self->guest, 0xe9);
	guest_start(self->guest);
	while (reader_written(look, reader_my_vm(look)) < exits + 10000)
		poll(NULL, 0, 1);
	/* A write begun before the claim may still have been on its way. */
	EXPECT_GE(exits + 2, guest_exits(self->guest, 0xe9));
	guest_stop(self->guest);
	close(fd);
	close(look);
}

TEST_F(readers, killed_claiming_one_gives_the_writes_back)
{
	int look = reader_open(0, 0);
	int ready[2];
	char byte = 0;
	pid_t child;

	ASSERT_EQ(0, pipe(ready));
	child = fork();
	if (child == 0) {
		reader_open(0, DBGPORT_SUB_CLAIM);
		if (write(ready[1], &byte, 1) != 1)
			_exit(1);
		pause();
	}
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	EXPECT_TRUE(claimed(look));
	guest_start(self->guest);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	await_exits(self->guest, 10);
	EXPECT_FALSE(claimed(look));
	guest_stop(self->guest);
}

TEST_F(readers, the_last_claiming_one_decides)
{
	int look = reader_open(0, 0);
	int one = reader_open(0, DBGPORT_SUB_CLAIM);
	int two = reader_open(0, DBGPORT_SUB_CLAIM | DBGPORT_SUB_NEWEST);

	EXPECT_TRUE(claimed(look));
	close(one);
	EXPECT_TRUE(claimed(look));
	close(two);
	EXPECT_FALSE(claimed(look));
}

TEST_F(readers, subscribe_once_and_before_they_read)
{
	struct dbgport_subscribe sub = { .flags = DBGPORT_SUB_CLAIM };
	struct dbgport_record rec;
	int fd = reader_open(O_NONBLOCK, 0);

	ASSERT_EQ(0, ioctl(fd, DBGPORT_SUBSCRIBE, &sub));
	EXPECT_EQ(-1, ioctl(fd, DBGPORT_SUBSCRIBE, &sub));
	EXPECT_EQ(EBUSY, errno);
	close(fd);

	fd = reader_open(O_NONBLOCK, 0);
	ASSERT_EQ(sizeof(rec), read(fd, &rec, sizeof(rec)));
	EXPECT_EQ(-1, ioctl(fd, DBGPORT_SUBSCRIBE, &sub));
	EXPECT_EQ(EBUSY, errno);
	/* Not every backend takes and gives back at once what the first one claimed. */
	reader_await_claimed(fd, reader_my_vm(fd), false);
	close(fd);
}

TEST_F(readers, subscribe_with_known_flags_only)
{
	struct dbgport_subscribe sub = { .flags = 1u << 31 };
	int fd = reader_open(0, 0);

	EXPECT_EQ(-1, ioctl(fd, DBGPORT_SUBSCRIBE, &sub));
	EXPECT_EQ(EINVAL, errno);
	sub = (struct dbgport_subscribe) {
		.flags = DBGPORT_SUB_CLAIM, .reserved = 1
	};
	EXPECT_EQ(-1, ioctl(fd, DBGPORT_SUBSCRIBE, &sub));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_FALSE(claimed(fd));

	/* None of these counted as the one subscription. */
	sub.reserved = 0;
	EXPECT_EQ(0, ioctl(fd, DBGPORT_SUBSCRIBE, &sub));
	EXPECT_TRUE(claimed(fd));
	close(fd);
}

TEST_HARNESS_MAIN
