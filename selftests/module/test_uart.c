// SPDX-License-Identifier: GPL-2.0
/*
 * UARTs of a VMM's: what a guest sends by polling ends here, and all else is the VMM's,
 * whose answers are not ours.
 */
#include <errno.h>
#include <linux/kvm.h>
#include <linux/serial_reg.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define COM	0x3f8
#define ADDR	0x8000
/* What the line status says; the VMM says GUEST_IN_BYTE. */
#define SENT	(UART_LSR_THRE | UART_LSR_TEMT)

#define UART	DBGPORT_PORT_UART
#define TEE	DBGPORT_PORT_TEE

#define ARRAY_LEN(array)	(sizeof(array) / sizeof(*(array)))

/* 0xe9 and another one with @flags; 0, or -errno. */
static int set_ports(int fd, unsigned int vm, unsigned short port, unsigned short flags)
{
	struct dbgport_set_ports set = {
		.vm = vm, .nports = 2, .ports = { 0xe9, port }, .port_flags = { 0, flags },
	};

	return ioctl(fd, DBGPORT_SET_PORTS, &set) ? -errno : 0;
}

static bool has_uarts(void)
{
	return fresh_module_has(DBGPORT_F_UART);
}

#define SETUP_WRITES	8

/* As Linux's earlyprintk does. */
static void code_setup(struct code *code)
{
	code_out8(code, COM + UART_LCR, UART_LCR_WLEN8);
	code_out8(code, COM + UART_IER, 0);
	code_out8(code, COM + UART_FCR, 0);
	code_out8(code, COM + UART_MCR, UART_MCR_DTR | UART_MCR_RTS);
	code_out8(code, COM + UART_LCR, UART_LCR_WLEN8 | UART_LCR_DLAB);
	code_out8(code, COM + UART_DLL, 'd');
	code_out8(code, COM + UART_DLM, 'D');
	code_out8(code, COM + UART_LCR, UART_LCR_WLEN8);
}

static void code_text(struct code *code, const char *text)
{
	while (*text)
		code_out8(code, COM, *text++);
}

/* What the guest has sent, as far as it was claimed or not. */
static void text_of(const struct stream *stream, unsigned int vm, int flags, char *text)
{
	size_t i;

	for (i = 0; i < stream->len; i++) {
		const struct dbgport_record *rec = &stream->rec[i];

		if (rec->vm == vm && rec->type == DBGPORT_WRITE && rec->port == COM &&
		    (flags < 0 || rec->flags == flags))
			*text++ = rec->value;
	}
	*text = '\0';
}

/* What the VMM would have. */
static void text_of_vmm(struct guest *guest, char *text)
{
	const struct guest_exit *log;
	size_t len = guest_log(guest, &log), i;
	bool divisor = false;

	for (i = 0; i < len; i++) {
		if (log[i].port == COM + UART_LCR)
			divisor = log[i].value & UART_LCR_DLAB;
		if (log[i].port == COM && !log[i].in && !divisor)
			*text++ = log[i].value;
	}
	*text = '\0';
}

FIXTURE(uart) {
	struct code code;
	struct guest *guest;
	struct stream stream;
	char all[8192], claimed[8192], passed[8192], vmms[8192];
	unsigned int vm;
	int fd;
};

FIXTURE_SETUP(uart)
{
	if (!has_uarts())
		SKIP(return, "this kernel has the backend ioeventfd only");
	module_fresh("uart=0x3f8");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
}

FIXTURE_TEARDOWN(uart)
{
	guest_free(self->guest);
	stream_free(&self->stream);
	close(self->fd);
}

#define make_guest(vcpus) do {							\
	code_hlt(&self->code);							\
	self->guest = guest_new(vcpus, &self->code);				\
	self->vm = reader_my_vm(self->fd);					\
} while (0)

/* Run it as it is, and see who got what. */
#define look() do {								\
	guest_run(self->guest);							\
	reader_drain(self->fd, &self->stream);					\
	EXPECT_EQ(NULL, stream_fault(&self->stream, self->vm));			\
	text_of(&self->stream, self->vm, -1, self->all);			\
	text_of(&self->stream, self->vm, DBGPORT_CLAIMED, self->claimed);	\
	text_of(&self->stream, self->vm, 0, self->passed);			\
	text_of_vmm(self->guest, self->vmms);					\
} while (0)

#define run() do {								\
	look();									\
	EXPECT_STREQ(self->passed, self->vmms);					\
} while (0)

TEST_F(uart, is_off_unless_it_is_asked_for)
{
	close(self->fd);
	module_fresh("");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	EXPECT_EQ(3, reader_info(self->fd).nports);
	code_setup(&self->code);
	code_text(&self->code, "text");
	make_guest(1);
	look();
	EXPECT_STREQ("", self->all);
	EXPECT_STREQ("text", self->vmms);
}

TEST_F(uart, is_claimed_when_it_is_polled)
{
	const unsigned int count = 2000;
	struct dbgport_port_info info;
	unsigned int i;

	code_setup(&self->code);
	code_poll(&self->code, COM, count);
	make_guest(1);
	run();
	EXPECT_STREQ("", self->vmms);
	ASSERT_EQ(count, stream_count(&self->stream, self->vm, DBGPORT_WRITE));
	for (i = 0; i < count; i++) {
		const struct dbgport_record *rec = stream_write(&self->stream, self->vm, i);

		ASSERT_EQ(COM, rec->port);
		ASSERT_EQ(1, rec->width);
		ASSERT_EQ((count - i) & 0xff, rec->value);
		ASSERT_EQ(DBGPORT_CLAIMED, rec->flags);
	}
	info = reader_port_info(self->fd, self->vm, COM);
	EXPECT_EQ(UART, info.flags);
	EXPECT_EQ(count, info.writes);
	EXPECT_EQ(count, info.bytes);
	/* The first one at least, and then one whenever time has gone on. */
	EXPECT_LE(1, guest_exits(self->guest, COM + UART_LSR));
	EXPECT_EQ(guest_exits(self->guest, COM + UART_LSR), info.passed);
	EXPECT_LT(0, info.reads);
	EXPECT_EQ(count, info.reads + info.passed);
	EXPECT_EQ(count + info.reads, info.claimed);
}

TEST_F(uart, says_that_all_was_sent_and_the_vmm_what_has_come)
{
	unsigned int i;

	code_setup(&self->code);
	code_in(&self->code, COM + UART_LSR, 1, ADDR);
	for (i = 1; i <= 40; i++) {
		code_out8(&self->code, COM, 'a');
		code_in(&self->code, COM + UART_LSR, 1, ADDR + 4 * i);
	}
	make_guest(1);
	run();
	EXPECT_EQ(GUEST_IN_BYTE, guest_read32(self->guest, ADDR) & 0xff);
	for (i = 1; i <= 40; i++) {
		unsigned int lsr = guest_read32(self->guest, ADDR + 4 * i) & 0xff;

		EXPECT_TRUE(lsr == SENT || lsr == GUEST_IN_BYTE);
	}
}

TEST_F(uart, is_claimed_in_strings)
{
	code_setup(&self->code);
	code_outs(&self->code, COM, 1, "a string of characters", 22);
	code_text(&self->code, "!");
	make_guest(1);
	run();
	EXPECT_STREQ("a string of characters!", self->claimed);
	EXPECT_STREQ("", self->vmms);
}

TEST_F(uart, has_divisors_and_loops_that_are_no_text)
{
	code_setup(&self->code);
	code_text(&self->code, "a");
	code_out8(&self->code, COM + UART_LCR, UART_LCR_DLAB);
	code_out8(&self->code, COM + UART_DLL, 'd');
	code_out8(&self->code, COM + UART_DLM, UART_IER_THRI);
	code_out8(&self->code, COM + UART_LCR, UART_LCR_WLEN8);
	code_text(&self->code, "b");
	code_out8(&self->code, COM + UART_MCR, UART_MCR_LOOP);
	code_out8(&self->code, COM, 'l');
	code_in(&self->code, COM, 1, ADDR);
	code_out8(&self->code, COM + UART_MCR, 0);
	code_text(&self->code, "c");
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(self->fd);
	guest_run(self->guest);
	reader_drain(self->fd, &self->stream);
	text_of(&self->stream, self->vm, DBGPORT_CLAIMED, self->claimed);
	text_of(&self->stream, self->vm, -1, self->all);
	EXPECT_STREQ("abc", self->claimed);
	EXPECT_STREQ("abc", self->all);
	/* The divisor twice, and what it said to itself, and heard. */
	EXPECT_EQ(4, guest_exits(self->guest, COM));
	EXPECT_EQ(GUEST_IN_BYTE, guest_read32(self->guest, ADDR) & 0xff);
}

TEST_F(uart, is_the_vmms_when_it_is_to_interrupt_or_has)
{
	code_setup(&self->code);
	code_text(&self->code, "a");
	code_out8(&self->code, COM + UART_IER, UART_IER_THRI);
	code_text(&self->code, "b");
	code_out8(&self->code, COM + UART_IER, UART_IER_RDI);
	code_text(&self->code, "c");
	code_in(&self->code, COM + UART_IIR, 1, ADDR);
	code_text(&self->code, "d");
	code_out8(&self->code, COM + UART_IER, 0);
	code_text(&self->code, "e");
	code_in(&self->code, COM + UART_MSR, 1, ADDR);
	code_text(&self->code, "f");
	code_out8(&self->code, COM + UART_IER, 0);
	code_text(&self->code, "g");
	make_guest(1);
	run();
	EXPECT_STREQ("abcdefg", self->all);
	EXPECT_STREQ("aceg", self->claimed);
	EXPECT_STREQ("bdf", self->vmms);
}

TEST_F(uart, has_a_fifo_whose_resets_are_the_vmms)
{
	code_setup(&self->code);
	code_text(&self->code, "a");
	code_out8(&self->code, COM + UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_XMIT);
	code_text(&self->code, "b");
	code_out8(&self->code, COM + UART_FCR, 0);
	code_text(&self->code, "c");
	make_guest(1);
	run();
	EXPECT_STREQ("abc", self->claimed);
	/* That of the setup, too. */
	EXPECT_EQ(3, guest_exits(self->guest, COM + UART_FCR));
}

/* What wide accesses do is the VMM's choice; after that the guest has to begin anew. */
TEST_F(uart, is_the_vmms_from_a_wide_access_on)
{
	code_setup(&self->code);
	code_text(&self->code, "a");
	code_out16(&self->code, COM + UART_IER, 0x0100);
	code_text(&self->code, "b");
	code_setup(&self->code);
	code_text(&self->code, "c");
	code_in(&self->code, COM + UART_LSR, 2, ADDR);
	code_text(&self->code, "d");
	code_setup(&self->code);
	code_text(&self->code, "e");
	make_guest(1);
	run();
	EXPECT_STREQ("abcde", self->all);
	EXPECT_STREQ("ace", self->claimed);
	EXPECT_EQ(GUEST_IN_BYTE << 8 | GUEST_IN_BYTE, guest_read32(self->guest, ADDR) & 0xffff);
}

TEST_F(uart, is_claimed_again_after_a_reset)
{
	code_setup(&self->code);
	code_text(&self->code, "a");
	code_out8(&self->code, COM + UART_IER, UART_IER_THRI);
	code_text(&self->code, "b");
	/* The VM is reset here, of which nobody tells: firmware that sets nothing up. */
	code_text(&self->code, "c");
	code_setup(&self->code);
	code_text(&self->code, "d");
	make_guest(1);
	run();
	EXPECT_STREQ("ad", self->claimed);
	EXPECT_STREQ("bc", self->vmms);
}

/* What the guest has set up by then is not known. */
TEST_F(uart, of_a_late_vm_is_the_vmms_until_it_is_set_up)
{
	struct dbgport_attach attach = { 0 };

	close(self->fd);
	ASSERT_EQ(0, module_unload());
	code_setup(&self->code);
	code_text(&self->code, "a");
	code_hlt(&self->code);
	code_text(&self->code, "b");
	code_setup(&self->code);
	code_text(&self->code, "c");
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	guest_run(self->guest);

	module_fresh("uart=0x3f8");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	attach.fd = guest_fd(self->guest);
	ASSERT_EQ(0, ioctl(self->fd, DBGPORT_ATTACH, &attach));
	guest_run(self->guest);
	reader_drain(self->fd, &self->stream);
	text_of(&self->stream, attach.vm, DBGPORT_CLAIMED, self->claimed);
	text_of(&self->stream, attach.vm, 0, self->passed);
	text_of_vmm(self->guest, self->vmms);
	EXPECT_STREQ("c", self->claimed);
	EXPECT_STREQ("b", self->passed);
	EXPECT_STREQ("ab", self->vmms);
}

/* Each of two CPUs sends in its order, and nothing is lost or doubled. */
TEST_F(uart, is_sent_to_by_two_cpus_at_once)
{
	const unsigned int vcpus = 2, n = 3000;
	unsigned int next[2] = { 0 };
	struct dbgport_port_info info;
	size_t i;

	code_setup(&self->code);
	code_poll(&self->code, COM, n);
	make_guest(vcpus);
	guest_run(self->guest);
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(NULL, stream_fault(&self->stream, self->vm));
	for (i = 0; i < self->stream.len; i++) {
		const struct dbgport_record *rec = &self->stream.rec[i];

		if (rec->vm != self->vm || rec->type != DBGPORT_WRITE)
			continue;
		ASSERT_GT(vcpus, rec->vcpu);
		/* While the one sets it up, the other's divisor may look like text. */
		if (!next[rec->vcpu] && rec->value == 'd' && !(rec->flags & DBGPORT_CLAIMED))
			continue;
		next[rec->vcpu]++;
	}
	info = reader_port_info(self->fd, self->vm, COM);
	EXPECT_EQ(info.passed, guest_exits(self->guest, COM + UART_LSR));
	EXPECT_EQ(vcpus * n, info.reads + info.passed);
	/* All bytes that are not recorded have been the VMM's as divisors. */
	EXPECT_EQ(vcpus * (n + 1), info.claimed - info.reads + guest_exits(self->guest, COM));
	EXPECT_GE(n + 1, next[0]);
	EXPECT_GE(n + 1, next[1]);
}

TEST_F(uart, is_given_to_one_vm_and_taken_from_it)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		code_setup(&self->code);
		code_text(&self->code, "a");
		code_hlt(&self->code);
	}
	close(self->fd);
	module_fresh("");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	make_guest(1);
	look();
	EXPECT_STREQ("a", self->vmms);
	ASSERT_EQ(0, set_ports(self->fd, self->vm, COM, UART));
	EXPECT_EQ(UART, reader_port_info(self->fd, self->vm, COM).flags);
	look();
	EXPECT_STREQ("a", self->vmms);
	EXPECT_STREQ("a", self->claimed);
	ASSERT_EQ(0, set_ports(self->fd, self->vm, COM, UART | TEE));
	EXPECT_EQ(UART | TEE, reader_port_info(self->fd, self->vm, COM).flags);
	look();
	EXPECT_STREQ("aa", self->all);
	EXPECT_STREQ("aa", self->vmms);
	EXPECT_STREQ("a", self->claimed);
	ASSERT_EQ(0, set_ports(self->fd, self->vm, 0x402, 0));
	EXPECT_EQ(UART | TEE | DBGPORT_PORT_OFF, reader_port_info(self->fd, self->vm, COM).flags);
	guest_run(self->guest);
	EXPECT_EQ(2, reader_port_info(self->fd, self->vm, COM).writes);
}

TEST_F(uart, remembers_its_settings_when_other_ports_change)
{
	code_setup(&self->code);
	code_text(&self->code, "a");
	code_hlt(&self->code);
	code_text(&self->code, "b");
	code_hlt(&self->code);
	code_text(&self->code, "c");
	make_guest(1);
	run();
	ASSERT_EQ(0, set_ports(self->fd, self->vm, COM, UART));
	run();
	EXPECT_STREQ("ab", self->claimed);
	/* And knows nothing if it was gone meanwhile. */
	ASSERT_EQ(0, set_ports(self->fd, self->vm, 0x402, 0));
	ASSERT_EQ(0, set_ports(self->fd, self->vm, COM, UART));
	run();
	EXPECT_STREQ("c", self->vmms);
}

/* What is in the way goes first, or KVM would not find one of both. */
TEST_F(uart, and_plain_ports_take_each_others_place)
{
	struct dbgport_set_ports plain = {
		.vm = 0, .nports = 2, .ports = { COM, COM + UART_LCR },
	};
	unsigned int i;

	for (i = 0; i < 4; i++) {
		code_setup(&self->code);
		code_text(&self->code, "a");
		code_hlt(&self->code);
	}
	make_guest(1);
	run();
	EXPECT_STREQ("a", self->claimed);
	plain.vm = self->vm;
	ASSERT_EQ(0, ioctl(self->fd, DBGPORT_SET_PORTS, &plain));
	EXPECT_EQ(0, reader_port_info(self->fd, self->vm, COM).flags);
	EXPECT_EQ(0, reader_port_info(self->fd, self->vm, COM + UART_LCR).flags);
	guest_run(self->guest);
	/* Divisor and text, and three settings. */
	EXPECT_EQ(3, reader_port_info(self->fd, self->vm, COM).writes);
	EXPECT_EQ(3, reader_port_info(self->fd, self->vm, COM + UART_LCR).writes);
	EXPECT_EQ(1, guest_exits(self->guest, COM));
	EXPECT_EQ(3, guest_exits(self->guest, COM + UART_LCR));

	ASSERT_EQ(0, set_ports(self->fd, self->vm, COM, UART));
	EXPECT_EQ(UART, reader_port_info(self->fd, self->vm, COM).flags);
	EXPECT_EQ(DBGPORT_PORT_OFF, reader_port_info(self->fd, self->vm, COM + UART_LCR).flags);
	guest_run(self->guest);
	EXPECT_EQ(4, reader_port_info(self->fd, self->vm, COM).writes);
	EXPECT_EQ(6, guest_exits(self->guest, COM + UART_LCR));
	EXPECT_EQ(2, guest_exits(self->guest, COM));
}

TEST_F(uart, that_cannot_be_had_changes_nothing)
{
	static const struct {
		struct dbgport_set_ports set;
		int error;
	} bad[] = {
		{ { .nports = 2, .ports = { COM, COM + 7 }, .port_flags = { UART } }, EINVAL },
		{ { .nports = 2, .ports = { COM, COM }, .port_flags = { UART } }, EINVAL },
		{ { .nports = 2, .ports = { COM, 0x3f1 }, .port_flags = { UART, UART } }, EINVAL },
		{ { .nports = 2, .ports = { COM + 4, COM }, .port_flags = { TEE, UART } }, EINVAL },
		{ { .nports = 1, .ports = { 0xfff9 }, .port_flags = { UART } }, EINVAL },
		{ { .nports = 1, .ports = { COM }, .port_flags = { UART | UART << 1 } }, EINVAL },
		{ { .nports = 1, .ports = { 0xe9 }, .port_flags = { 0, UART } }, EINVAL },
		{ { .nports = 1, .ports = { 0x39 }, .port_flags = { UART } }, EBUSY },
		{ { .nports = 1, .ports = { 0x4c9 }, .port_flags = { UART } }, EBUSY },
	};
	size_t i;

	code_setup(&self->code);
	code_text(&self->code, "a");
	make_guest(1);
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		struct dbgport_set_ports set = bad[i].set;

		set.vm = self->vm;
		EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_SET_PORTS, &set));
		EXPECT_EQ(bad[i].error, errno);
	}
	EXPECT_EQ(UART, reader_port_info(self->fd, self->vm, COM).flags);
	run();
	EXPECT_STREQ("a", self->claimed);
}

/* A plain port that has to go before the UART comes is there again. */
TEST_F(uart, that_finds_no_room_leaves_the_ports_as_they_were)
{
	struct kvm_coalesced_mmio_zone zone = { .size = 1, .pio = 1 };
	struct dbgport_set_ports set = {
		.nports = 4, .ports = { COM, 0x2f8, 0x3e8, 0x2e8 },
		.port_flags = { UART, UART, UART, UART },
	};

	code_text(&self->code, "a");
	make_guest(1);
	ASSERT_EQ(0, set_ports(self->fd, self->vm, COM, 0));
	for (zone.addr = 0x1000; zone.addr < 0x2000; zone.addr++)
		if (ioctl(guest_fd(self->guest), KVM_REGISTER_COALESCED_MMIO, &zone))
			break;
	set.vm = self->vm;
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_SET_PORTS, &set));
	EXPECT_EQ(ENOSPC, errno);
	EXPECT_EQ(0, reader_port_info(self->fd, self->vm, COM).flags);
	EXPECT_EQ(0, reader_port_info(self->fd, self->vm, 0xe9).flags);
	EXPECT_EQ(0, reader_port_info(self->fd, self->vm, 0x2f8).port);
	guest_run(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, COM));
	EXPECT_EQ(1, reader_port_info(self->fd, self->vm, COM).claimed);
}

TEST_F(uart, tells_of_what_the_vmm_has_within_it)
{
	struct kvm_ioeventfd args = {
		.fd = eventfd(0, EFD_CLOEXEC), .addr = COM + UART_SCR, .len = 1,
		.flags = KVM_IOEVENTFD_FLAG_PIO,
	};

	make_guest(1);
	EXPECT_EQ(UART, reader_port_info(self->fd, self->vm, COM).flags);
	ASSERT_EQ(0, ioctl(guest_fd(self->guest), KVM_IOEVENTFD, &args));
	ASSERT_EQ(0, set_ports(self->fd, self->vm, COM, UART));
	EXPECT_EQ(UART | DBGPORT_PORT_TAKEN, reader_port_info(self->fd, self->vm, COM).flags);
	EXPECT_EQ(0, reader_port_info(self->fd, self->vm, 0xe9).flags);
	close(args.fd);
}

/* Of what is sent, the VMM has just what was not claimed, in its order. */
TEST_F(uart, is_claimed_or_the_vmms_byte_by_byte_while_that_changes)
{
	const unsigned int n = 2000;
	unsigned int i = 0;

	code_setup(&self->code);
	code_poll(&self->code, COM, n);
	make_guest(1);
	guest_start(self->guest);
	while (reader_port_info(self->fd, self->vm, COM).writes < n) {
		ASSERT_EQ(0, reader_set_claim(self->fd, self->vm, i++ & 1 ? DBGPORT_CLAIM_ALWAYS :
								   DBGPORT_CLAIM_NEVER));
		poll(NULL, 0, 1);
	}
	guest_wait(self->guest);
	reader_drain(self->fd, &self->stream);
	ASSERT_EQ(n, stream_count(&self->stream, self->vm, DBGPORT_WRITE));
	{
		const struct guest_exit *log;
		size_t len = guest_log(self->guest, &log), at = SETUP_WRITES;

		for (i = 0; i < n; i++) {
			const struct dbgport_record *rec =
				stream_write(&self->stream, self->vm, i);

			ASSERT_EQ((n - i) & 0xff, rec->value);
			if (rec->flags & DBGPORT_CLAIMED)
				continue;
			while (at < len && log[at].port != COM)
				at++;
			ASSERT_GT(len, at);
			ASSERT_EQ(rec->value, log[at++].value);
		}
		while (at < len)
			ASSERT_NE(COM, log[at++].port);
	}
}

TEST(a_uart_takes_the_backend_iodev)
{
	struct code code = { 0 };
	struct guest *guest;
	unsigned int vm;
	int fd;

	module_fresh("backend=ioeventfd");
	fd = reader_open(0, DBGPORT_SUB_CLAIM);
	EXPECT_FALSE(reader_info(fd).features & DBGPORT_F_UART);
	code_hlt(&code);
	guest = guest_new(1, &code);
	vm = reader_my_vm(fd);
	klog_start();
	EXPECT_EQ(-EOPNOTSUPP, set_ports(fd, vm, COM, UART));
	EXPECT_TRUE(klog_has("asks for a UART at 0x3f8: backend=ioeventfd answers no reads"));
	EXPECT_EQ(0, reader_port_info(fd, vm, COM).port);
	guest_free(guest);
	close(fd);
}

/* Whatever may decide that nothing is claimed. */
FIXTURE(tee) {
	struct code code;
	struct guest_exit *log;		/* without the module */
	size_t len;
	struct stream stream;
};

FIXTURE_VARIANT(tee) {
	const char *params;
	unsigned int sub;
};

FIXTURE_VARIANT_ADD(tee, with_nobody) { .params = "uart=0x3f8" };
FIXTURE_VARIANT_ADD(tee, never) { .params = "uart=0x3f8 claim=never", .sub = DBGPORT_SUB_CLAIM };
FIXTURE_VARIANT_ADD(tee, port) { .params = "uart=0x3f8/tee", .sub = DBGPORT_SUB_CLAIM };
FIXTURE_VARIANT_ADD(tee, port_always) { .params = "uart=0x3f8/tee claim=always" };

/* All that a guest can do to it, whether that makes sense or not. */
static void code_all(struct code *code)
{
	unsigned int reg, width;

	code_setup(code);
	for (reg = 0; reg < 8; reg++) {
		code_text(code, "t");
		code_in(code, COM + UART_LSR, 1, ADDR);
		code_in(code, COM + reg, 1, ADDR + 4);
	}
	for (reg = 0; reg < 8; reg++)
		code_out8(code, COM + reg, 0);
	code_outs(code, COM, 1, "string", 6);
	code_poll(code, COM, 100);
	for (width = 2; width <= 4; width *= 2)
		for (reg = 0; reg < 8; reg++)
			code_in(code, COM + reg, width, ADDR + 8);
	code_out16(code, COM, 0x4141);
	code_out32(code, COM, 0x41414141);
	code_hlt(code);
}

FIXTURE_SETUP(tee)
{
	if (!has_uarts())
		SKIP(return, "this kernel has the backend ioeventfd only");
	ASSERT_EQ(0, module_unload());
	code_all(&self->code);
	self->len = guest_log_of(&self->code, &self->log);
}

FIXTURE_TEARDOWN(tee)
{
	free(self->log);
	stream_free(&self->stream);
}

TEST_F(tee, records_all_and_the_vmm_sees_no_difference)
{
	struct dbgport_port_info info;
	const struct guest_exit *log;
	struct guest *guest;
	unsigned int vm;
	size_t i;
	int fd;

	module_fresh(variant->params);
	fd = reader_open(0, variant->sub);
	guest = guest_new(1, &self->code);
	vm = reader_my_vm(fd);
	guest_run(guest);
	ASSERT_EQ(self->len, guest_log(guest, &log));
	for (i = 0; i < self->len; i++)
		ASSERT_EQ(0, memcmp(&self->log[i], &log[i], sizeof(*log)));

	reader_drain(fd, &self->stream);
	EXPECT_EQ(NULL, stream_fault(&self->stream, vm));
	/* Eight bytes, one that is 0, a string, and what is polled. */
	ASSERT_EQ(8 + 1 + 6 + 100, stream_count(&self->stream, vm, DBGPORT_WRITE));
	for (i = 0; i < 8 + 1 + 6 + 100; i++) {
		EXPECT_EQ(COM, stream_write(&self->stream, vm, i)->port);
		EXPECT_EQ(0, stream_write(&self->stream, vm, i)->flags);
	}
	info = reader_port_info(fd, vm, COM);
	EXPECT_EQ(8 + 1 + 6 + 100, info.writes);
	EXPECT_EQ(0, info.claimed);
	EXPECT_EQ(0, info.reads);
	guest_free(guest);
	close(fd);
}

TEST_HARNESS_MAIN
