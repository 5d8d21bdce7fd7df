// SPDX-License-Identifier: GPL-2.0
/* A write of any width is one record with its width and its full value. */
#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

FIXTURE(width) {
	struct code code;
	struct guest *guest;
	struct stream stream;
	unsigned int vm;
	int fd;
};

FIXTURE_VARIANT(width) {
	unsigned short port;
};

FIXTURE_VARIANT_ADD(width, post) { .port = DBGPORT_POST_PORT };
FIXTURE_VARIANT_ADD(width, console) { .port = DBGPORT_CONSOLE_PORT };
FIXTURE_VARIANT_ADD(width, firmware) { .port = DBGPORT_FIRMWARE_PORT };

FIXTURE_SETUP(width)
{
	module_fresh("");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
}

FIXTURE_TEARDOWN(width)
{
	guest_free(self->guest);
	stream_free(&self->stream);
}

/* Run the code; then the guest must have written @count times, unseen. */
#define run_writes(count) do {						\
	code_hlt(&self->code);						\
	self->guest = guest_new(1, &self->code);			\
	self->vm = reader_my_vm(self->fd);				\
	guest_run(self->guest);						\
	EXPECT_EQ(0, guest_exits(self->guest, variant->port));		\
	reader_drain(self->fd, &self->stream);				\
	EXPECT_EQ(NULL, stream_fault(&self->stream, self->vm)) {	\
		TH_LOG("%s", stream_fault(&self->stream, self->vm));	\
	}								\
	ASSERT_EQ(count, stream_count(&self->stream, self->vm,		\
				      DBGPORT_WRITE));			\
} while (0)

#define expect_write(n, w, v) do {					\
	const struct dbgport_record *rec =				\
		stream_write(&self->stream, self->vm, n);		\
	EXPECT_EQ(variant->port, rec->port);				\
	EXPECT_EQ(w, rec->width);					\
	EXPECT_EQ(v, rec->value);					\
	EXPECT_EQ(0, rec->vcpu);					\
	EXPECT_EQ(DBGPORT_CLAIMED, rec->flags);				\
} while (0)

TEST_F(width, outb_is_one_record)
{
	code_out8(&self->code, variant->port, 0xff);
	run_writes(1);
	expect_write(0, 1, 0xff);
}

TEST_F(width, outw_is_one_record)
{
	code_out16(&self->code, variant->port, 0xfedc);
	run_writes(1);
	expect_write(0, 2, 0xfedc);
}

TEST_F(width, outl_is_one_record)
{
	code_out32(&self->code, variant->port, 0xfedcba98);
	run_writes(1);
	expect_write(0, 4, 0xfedcba98);
}

TEST_F(width, mixed_widths_keep_their_order_and_no_stale_upper_bytes)
{
	code_out32(&self->code, variant->port, 0xffffffff);
	code_out8(&self->code, variant->port, 0x01);
	code_out16(&self->code, variant->port, 0x0203);
	run_writes(3);
	expect_write(0, 4, 0xffffffff);
	expect_write(1, 1, 0x01);
	expect_write(2, 2, 0x0203);
}

TEST_F(width, rep_outsb_is_a_record_for_each_byte)
{
	static char text[1500];
	int i;

	for (i = 0; i < (int)sizeof(text); i++)
		text[i] = i * 7;
	code_outs(&self->code, variant->port, 1, text, sizeof(text));
	run_writes(sizeof(text));
	for (i = 0; i < (int)sizeof(text); i++)
		expect_write(i, 1, (unsigned char)text[i]);
}

TEST_F(width, rep_outsw_and_outsd_keep_their_width)
{
	static const unsigned short words[] = { 0x1122, 0x3344, 0x5566 };
	static const unsigned int dwords[] = { 0xa1b2c3d4, 0x01020304 };

	code_outs(&self->code, variant->port, 2, words, 3);
	code_outs(&self->code, variant->port, 4, dwords, 2);
	run_writes(5);
	expect_write(0, 2, 0x1122);
	expect_write(1, 2, 0x3344);
	expect_write(2, 2, 0x5566);
	expect_write(3, 4, 0xa1b2c3d4);
	expect_write(4, 4, 0x01020304);
}

TEST_F(width, neighbouring_ports_stay_the_vmms)
{
	code_out8(&self->code, variant->port - 1, 1);
	code_out8(&self->code, variant->port + 1, 2);
	/* Covers the port, but does not start at it. */
	code_out16(&self->code, variant->port - 1, 0x0303);
	run_writes(0);
	EXPECT_EQ(2, guest_exits(self->guest, variant->port - 1));
	EXPECT_EQ(1, guest_exits(self->guest, variant->port + 1));
}

TEST_HARNESS_MAIN
