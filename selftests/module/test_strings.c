// SPDX-License-Identifier: GPL-2.0
/*
 * Strings, as firmware writes them: KVM emulates these instructions, in pieces that end
 * with pages, and may be interrupted between any two; on Intel's CPUs and on AMD's from
 * different things that the CPU tells.
 */
#include <string.h>
#include <sys/mman.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

/* Three pages' worth, over four pages; words and dwords lie across their borders. */
#define TEXT_ADDR	0x8123
#define TEXT_LEN	0x3000

#define IN_ADDR		0xbffd
#define IN_LEN		0x2006

#define ROUNDS		500

FIXTURE(strings) {
	struct code code;
	struct guest *guest;
	struct stream stream;
	unsigned int vm;
	int fd;
};

FIXTURE_SETUP(strings)
{
	/* Room for all records. */
	module_fresh("ring=16384");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
}

FIXTURE_TEARDOWN(strings)
{
	guest_free(self->guest);
	stream_free(&self->stream);
}

static void emit(struct code *code, const void *bytes, size_t len)
{
	memcpy(code->bytes + code->len, bytes, len);
	code->len += len;
}

static void emit16(struct code *code, unsigned char opcode, uint16_t word)
{
	emit(code, &opcode, 1);
	emit(code, &word, 2);
}

/* REP OUTSB, OUTSW or OUTSD to the firmware port, of what is at @addr. */
static void emit_outs(struct code *code, uint16_t addr, unsigned int width, uint16_t count)
{
	emit16(code, 0xba, DBGPORT_FIRMWARE_PORT);	/* mov dx, port */
	emit16(code, 0xbe, addr);			/* mov si, addr */
	emit16(code, 0xb9, count);			/* mov cx, count */
	if (width == 4)
		emit(code, "\x66", 1);
	emit(code, width == 1 ? "\xf3\x6e" : "\xf3\x6f", 2);
}

static uint8_t text(size_t i)
{
	return i * 7 + i / 251;
}

#define make_guest() do {							\
	uint8_t *memory;							\
	size_t i;								\
	self->guest = guest_new(1, &self->code);				\
	self->vm = reader_my_vm(self->fd);					\
	memory = guest_memory(self->guest, TEXT_ADDR);				\
	for (i = 0; i < TEXT_LEN; i++)						\
		memory[i] = text(i);						\
} while (0)

/* All writes, in their order; nothing was seen by the VMM or lost. */
#define expect_writes(count) do {						\
	reader_drain(self->fd, &self->stream);					\
	EXPECT_EQ(NULL, stream_fault(&self->stream, self->vm)) {		\
		TH_LOG("%s", stream_fault(&self->stream, self->vm));		\
	}									\
	EXPECT_EQ(0, stream_count(&self->stream, self->vm, DBGPORT_LOST));	\
	EXPECT_EQ(0, guest_exits(self->guest, DBGPORT_FIRMWARE_PORT));		\
	ASSERT_EQ(count, stream_count(&self->stream, self->vm, DBGPORT_WRITE));	\
} while (0)

/* The text, forwards, in elements of @w bytes. */
#define expect_text(w) do {							\
	const struct dbgport_record *rec;					\
	unsigned int i, j;							\
	expect_writes(TEXT_LEN / (w));						\
	rec = stream_write(&self->stream, self->vm, 0);				\
	for (i = 0; i < TEXT_LEN / (w); i++) {					\
		uint32_t value = 0;						\
		for (j = 0; j < (w); j++)					\
			value |= (uint32_t)text(i * (w) + j) << 8 * j;		\
		ASSERT_EQ(DBGPORT_FIRMWARE_PORT, rec[i].port);			\
		ASSERT_EQ(w, rec[i].width);					\
		ASSERT_EQ(value, rec[i].value);					\
	}									\
} while (0)

TEST_F(strings, of_bytes_go_over_pages)
{
	emit_outs(&self->code, TEXT_ADDR, 1, TEXT_LEN);
	code_hlt(&self->code);
	make_guest();
	guest_run(self->guest);
	expect_text(1);
}

TEST_F(strings, of_words_lie_across_pages)
{
	emit_outs(&self->code, TEXT_ADDR, 2, TEXT_LEN / 2);
	code_hlt(&self->code);
	make_guest();
	guest_run(self->guest);
	expect_text(2);
}

TEST_F(strings, of_dwords_lie_across_pages)
{
	emit_outs(&self->code, TEXT_ADDR, 4, TEXT_LEN / 4);
	code_hlt(&self->code);
	make_guest();
	guest_run(self->guest);
	expect_text(4);
}

TEST_F(strings, go_backwards)
{
	const struct dbgport_record *rec;
	unsigned int i;

	emit(&self->code, "\xfd", 1);			/* std */
	emit_outs(&self->code, TEXT_ADDR + TEXT_LEN - 1, 1, TEXT_LEN);
	code_hlt(&self->code);
	make_guest();
	guest_run(self->guest);
	expect_writes(TEXT_LEN);
	rec = stream_write(&self->stream, self->vm, 0);
	for (i = 0; i < TEXT_LEN; i++)
		ASSERT_EQ(text(TEXT_LEN - 1 - i), rec[i].value);
}

TEST_F(strings, of_no_elements_are_no_writes)
{
	emit_outs(&self->code, TEXT_ADDR, 1, 0);
	emit_outs(&self->code, TEXT_ADDR, 4, 0);
	emit(&self->code, "\x6e", 1);			/* outsb, once */
	code_hlt(&self->code);
	make_guest();
	guest_run(self->guest);
	expect_writes(1);
	EXPECT_EQ(text(0), stream_write(&self->stream, self->vm, 0)->value);
}

TEST_F(strings, go_on_where_the_vmm_has_stopped_them)
{
	unsigned long long written = 0;

	emit_outs(&self->code, TEXT_ADDR, 1, TEXT_LEN);
	code_hlt(&self->code);				/* 1: hlt */
	emit(&self->code, "\xeb\xfd", 2);		/* jmp 1b */
	make_guest();
	while (written < TEXT_LEN) {
		guest_start(self->guest);
		while (reader_written(self->fd, self->vm) == written)
			;
		guest_stop(self->guest);
		written = reader_written(self->fd, self->vm);
	}
	/* To its end, if it has not come to that. */
	guest_run(self->guest);
	expect_text(1);
}

/* KVM has to map the guest's memory again, for what is read and for what it runs. */
TEST_F(strings, go_on_while_the_host_unmaps_memory)
{
	emit_outs(&self->code, TEXT_ADDR, 1, TEXT_LEN);
	code_hlt(&self->code);
	make_guest();
	guest_start(self->guest);
	while (reader_written(self->fd, self->vm) < TEXT_LEN)
		ASSERT_EQ(0, madvise(guest_memory(self->guest, 0), 0x10000, MADV_DONTNEED));
	guest_wait(self->guest);
	expect_text(1);
}

TEST_F(strings, that_are_read_fill_new_pages)
{
	const uint8_t *memory;
	unsigned int i;

	emit16(&self->code, 0xba, DBGPORT_CONSOLE_PORT);	/* mov dx, port */
	emit16(&self->code, 0xbf, IN_ADDR);			/* mov di, addr */
	emit16(&self->code, 0xb9, IN_LEN);			/* mov cx, count */
	emit(&self->code, "\xf3\x6c", 2);			/* rep insb */
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	guest_run(self->guest);

	EXPECT_EQ(0, guest_exits(self->guest, DBGPORT_CONSOLE_PORT));
	memory = guest_memory(self->guest, IN_ADDR);
	for (i = 0; i < IN_LEN; i++)
		ASSERT_EQ(0xe9, memory[i]);
	EXPECT_EQ(0, memory[-1]);
	EXPECT_EQ(0, memory[IN_LEN]);
}

/*
 * One exit after the other, of each kind in turn: a write, one that is the VMM's, a read,
 * a string, a wide write.
 */
TEST_F(strings, and_single_accesses_in_a_row_keep_their_order)
{
	const struct guest_exit *log;
	const struct dbgport_record *rec;
	unsigned int i;

	emit(&self->code, "\x66\x31\xdb", 3);		/* xor ebx, ebx */
	emit(&self->code, "\x88\xd8", 2);		/* 1: mov al, bl */
	emit(&self->code, "\xe6\x80", 2);		/* out 0x80, al */
	emit(&self->code, "\xe6\x81", 2);		/* out 0x81, al */
	emit(&self->code, "\xe4\xe9", 2);		/* in al, 0xe9 */
	emit_outs(&self->code, TEXT_ADDR, 1, 2);	/* (11 bytes) */
	emit(&self->code, "\x89\xd8", 2);		/* mov ax, bx */
	emit(&self->code, "\xe7\xe9", 2);		/* out 0xe9, ax */
	emit(&self->code, "\x43", 1);			/* inc bx */
	emit(&self->code, "\x81\xfb", 2);		/* cmp bx, ROUNDS */
	emit(&self->code, &(uint16_t){ ROUNDS }, 2);
	emit(&self->code, "\x75\xe2", 2);		/* jne 1b */
	code_hlt(&self->code);
	make_guest();
	guest_run(self->guest);

	expect_writes(4 * ROUNDS);
	ASSERT_EQ(ROUNDS, guest_log(self->guest, &log));
	rec = stream_write(&self->stream, self->vm, 0);
	for (i = 0; i < ROUNDS; i++, rec += 4, log++) {
		ASSERT_EQ(DBGPORT_POST_PORT, rec[0].port);
		ASSERT_EQ(i & 0xff, rec[0].value);
		ASSERT_EQ(text(0), rec[1].value);
		ASSERT_EQ(text(1), rec[2].value);
		ASSERT_EQ(DBGPORT_CONSOLE_PORT, rec[3].port);
		ASSERT_EQ(2, rec[3].width);
		ASSERT_EQ(i, rec[3].value);
		ASSERT_EQ(0x81, log->port);
		ASSERT_EQ(i & 0xff, log->value);
	}
}

TEST_HARNESS_MAIN
