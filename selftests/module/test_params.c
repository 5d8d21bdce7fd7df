// SPDX-License-Identifier: GPL-2.0
/* The module's parameters, good and bad. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

FIXTURE(bad_param) { int unused; };

FIXTURE_VARIANT(bad_param) {
	const char *params;
	const char *said;	/* what must be in the kernel log */
};

#define BAD(name, param, text) \
	FIXTURE_VARIANT_ADD(bad_param, name) { .params = param, .said = text }

BAD(ports_word, "ports=0x80,foo", "foo");
BAD(ports_too_large, "ports=0x80,0x10000", "0x10000");
BAD(ports_negative, "ports=-1", "-1");
BAD(ports_trailing_garbage, "ports=0x80x", "0x80x");
BAD(ports_hole, "ports=0x80,,0xe9", "\"\"");
BAD(ports_none, "ports=", "\"\"");
BAD(ports_twice, "ports=0x80,0xe9,0x80", "0x80");
BAD(ports_twice_in_other_clothes, "ports=0x80,128", "128");
BAD(ports_of_the_pic, "ports=0xe9,0x20", "PIC");
BAD(ports_of_the_second_pic, "ports=0xa1", "PIC");
BAD(ports_of_the_elcr, "ports=0x4d1", "ELCR");
BAD(ports_of_the_pit, "ports=0x40,0xe9", "PIT");
BAD(ports_within_the_pit, "ports=0x42", "PIT");
BAD(ports_of_the_speaker, "ports=0x61", "speaker");
BAD(ports_17, "ports=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,117", "117");
BAD(ports_of_the_speaker_with_tee, "ports=0x61/tee", "speaker");
BAD(ports_mode_word, "ports=0xe9,0xf4/claim", "0xf4/claim");
BAD(ports_mode_none, "ports=0xf4/", "0xf4/");
BAD(ports_mode_twice, "ports=0xf4/tee/tee", "0xf4/tee/tee");
BAD(ports_mode_of_none, "ports=0xe9,/tee", "\"\"");
BAD(ports_twice_with_two_modes, "ports=0xf4,0xf4/tee", "0xf4");
BAD(uart_word, "uart=com1", "com1");
BAD(uart_hole, "uart=0x3f8,,0x2f8", "uart=: \"\"");
BAD(uart_twice, "uart=0x3f8,0x3f8", "given twice");
BAD(uart_of_another_uart, "uart=0x3f8,0x3f1", "\"0x3f1\" overlaps 0x3f8");
BAD(uart_over_a_port, "ports=0x3fb uart=0x3f8", "\"0x3f8\" overlaps 0x3fb");
BAD(uart_at_a_port, "ports=0x3f8 uart=0x3f8", "\"0x3f8\" overlaps 0x3f8");
BAD(uart_at_a_tee_port, "ports=0x3f8/tee uart=0x3f8", "\"0x3f8\" overlaps 0x3f8");
BAD(uart_too_high, "uart=0xfff9", "no room");
BAD(uart_of_the_pit, "uart=0x39", "PIT");
BAD(uart_of_the_elcr, "uart=0x4d0", "ELCR");
BAD(uart_mode_word, "uart=0x3f8/claim", "0x3f8/claim");
BAD(uart_3_of_17, "ports=1,2,3,4,5,6,7,8,9,10,11,12,13,14 uart=0x3f8,0x2f8,0x3e8", "0x3e8");
BAD(claim_word, "claim=sometimes", "sometimes");
BAD(claim_case, "claim=Always", "Always");
BAD(claim_none, "claim=", "claim");
BAD(ring_word, "ring=many", "many");
BAD(ring_0, "ring=0", "\"0\"");
BAD(ring_small, "ring=63", "63");
BAD(ring_large, "ring=4194305", "4194305");
BAD(ring_negative, "ring=-64", "-64");
BAD(ring_overflow, "ring=4294967360", "4294967360");
BAD(ring_none, "ring=", "ring");
BAD(backend_word, "backend=ioregionfd", "ioregionfd");
BAD(backend_none, "backend=", "backend");

FIXTURE_SETUP(bad_param)
{
	if (module_loaded())
		ASSERT_EQ(0, module_unload());
}

FIXTURE_TEARDOWN(bad_param)
{
}

TEST_F(bad_param, refuses_to_load_and_names_the_value)
{
	klog_start();
	EXPECT_EQ(-EINVAL, module_load(variant->params));
	EXPECT_FALSE(module_loaded());
	EXPECT_TRUE(klog_has("dbgport: "));
	EXPECT_TRUE(klog_has(variant->said));
}

FIXTURE(param) {
	struct code code;
	struct guest *guest;
	struct stream stream;
	int fd;
};

FIXTURE_SETUP(param)
{
	self->fd = -1;
}

FIXTURE_TEARDOWN(param)
{
	guest_free(self->guest);
	stream_free(&self->stream);
}

/* What this kernel lets us use, by another way than the module's. */
static bool has_kprobes(void)
{
	return access("/sys/kernel/debug/kprobes/list", F_OK) == 0;
}

TEST_F(param, ports_are_taken_instead_of_the_defaults)
{
	struct dbgport_info info;

	module_fresh("ports=0x3f8,1080");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	info = reader_info(self->fd);
	EXPECT_EQ(2, info.nports);
	EXPECT_EQ(0x3f8, info.ports[0]);
	EXPECT_EQ(1080, info.ports[1]);

	code_out8(&self->code, 0x3f8, 1);
	code_out8(&self->code, 1080, 2);
	code_out8(&self->code, 0x80, 3);
	code_out8(&self->code, 0xe9, 4);
	code_out8(&self->code, 0x402, 5);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	guest_run(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, 0x3f8));
	EXPECT_EQ(0, guest_exits(self->guest, 1080));
	EXPECT_EQ(1, guest_exits(self->guest, 0x80));
	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));
	EXPECT_EQ(1, guest_exits(self->guest, 0x402));
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(2, stream_count(&self->stream, reader_my_vm(self->fd),
				  DBGPORT_WRITE));
}

TEST_F(param, ports_may_be_16_and_the_lowest_and_the_highest)
{
	static const unsigned short ports[16] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0x1000, 0xffff
	};
	unsigned int vm;
	int i;

	module_fresh("ports=0,1,2,3,4,5,6,7,8,9,10,11,12,13,0x1000,0xffff");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	EXPECT_EQ(16, reader_info(self->fd).nports);
	for (i = 0; i < 16; i++)
		code_out8(&self->code, ports[i], i);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(self->fd);
	guest_run(self->guest);
	reader_drain(self->fd, &self->stream);
	ASSERT_EQ(16, stream_count(&self->stream, vm, DBGPORT_WRITE));
	for (i = 0; i < 16; i++) {
		EXPECT_EQ(0, guest_exits(self->guest, ports[i]));
		EXPECT_EQ(ports[i], stream_write(&self->stream, vm, i)->port);
		EXPECT_EQ(i, stream_write(&self->stream, vm, i)->value);
	}
}

TEST_F(param, ports_that_are_no_debug_ports_are_told)
{
	if (module_loaded())
		ASSERT_EQ(0, module_unload());
	klog_start();
	ASSERT_EQ(0, module_load("ports=0x80,0x3f8,0xe9"));
	EXPECT_TRUE(klog_has("give 0x3f8/tee"));
	EXPECT_FALSE(klog_has("while 0x80"));
	EXPECT_FALSE(klog_has("while 0xe9"));
}

TEST_F(param, ports_that_are_tee_are_not_told)
{
	if (module_loaded())
		ASSERT_EQ(0, module_unload());
	klog_start();
	ASSERT_EQ(0, module_load("ports=0x80,0x3f8/tee,0xe9"));
	EXPECT_FALSE(klog_has("ports="));
}

TEST_F(param, uarts_that_may_be_claimed_are_told)
{
	if (module_loaded())
		ASSERT_EQ(0, module_unload());
	if (!has_kprobes())
		SKIP(return, "this kernel has the backend ioeventfd only");
	klog_start();
	ASSERT_EQ(0, module_load("uart=0x3f8,0x2f8/tee"));
	EXPECT_TRUE(klog_has("uart=: while 0x3f8"));
	EXPECT_FALSE(klog_has("while 0x2f8"));
}

TEST_F(param, uarts_are_beside_the_ports)
{
	struct dbgport_info info;

	if (!has_kprobes())
		SKIP(return, "this kernel has the backend ioeventfd only");
	module_fresh("uart=0x3f8,0x2f8/tee");
	self->fd = reader_open(0, 0);
	info = reader_info(self->fd);
	EXPECT_TRUE(info.features & DBGPORT_F_UART);
	ASSERT_EQ(5, info.nports);
	EXPECT_EQ(0, info.port_flags[2]);
	EXPECT_EQ(0x3f8, info.ports[3]);
	EXPECT_EQ(DBGPORT_PORT_UART, info.port_flags[3]);
	EXPECT_EQ(0x2f8, info.ports[4]);
	EXPECT_EQ(DBGPORT_PORT_UART | DBGPORT_PORT_TEE, info.port_flags[4]);
}

TEST_F(param, uarts_take_the_backend_iodev)
{
	if (module_loaded())
		ASSERT_EQ(0, module_unload());
	klog_start();
	EXPECT_EQ(-EOPNOTSUPP, module_load("backend=ioeventfd uart=0x3f8"));
	EXPECT_FALSE(module_loaded());
	EXPECT_TRUE(klog_has("uart=: backend=ioeventfd answers no reads"));
}

TEST_F(param, ring_is_rounded_up_to_a_power_of_two)
{
	module_fresh("ring=65");
	self->fd = reader_open(0, 0);
	EXPECT_EQ(128, reader_info(self->fd).ring);
}

TEST_F(param, ring_may_be_the_least_and_the_most)
{
	module_fresh("ring=64");
	self->fd = reader_open(0, 0);
	EXPECT_EQ(64, reader_info(self->fd).ring);
	close(self->fd);
	module_fresh("ring=4194304 claim=always");
	self->fd = reader_open(0, 0);
	EXPECT_EQ(4194304, reader_info(self->fd).ring);
	code_out8(&self->code, 0x80, 3);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	guest_run(self->guest);
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(2, self->stream.len);
}

TEST_F(param, unknown_ones_do_not_pass_in_silence)
{
	if (module_loaded())
		ASSERT_EQ(0, module_unload());
	klog_start();
	EXPECT_EQ(0, module_load("colour=blue"));
	EXPECT_TRUE(klog_has("colour"));
}

TEST_F(param, claim_may_be_changed_while_a_vm_runs)
{
	unsigned long exits;
	unsigned int vm;

	module_fresh("claim=never");
	self->fd = reader_open(0, 0);
	code_count8(&self->code, 0xe9, 0);
	self->guest = guest_new(1, &self->code);
	vm = reader_my_vm(self->fd);
	guest_start(self->guest);

	EXPECT_EQ(0, module_set("claim", "always\n"));
	EXPECT_EQ(DBGPORT_CLAIM_ALWAYS, reader_info(self->fd).claim);
	reader_await_claimed(self->fd, vm, true);
	EXPECT_EQ(0, module_set("claim", "listening"));
	EXPECT_EQ(DBGPORT_CLAIM_LISTENING, reader_info(self->fd).claim);
	reader_await_claimed(self->fd, vm, false);
	exits = guest_exits(self->guest, 0xe9);
	while (guest_exits(self->guest, 0xe9) < exits + 100)
		poll(NULL, 0, 1);
	guest_stop(self->guest);
}

TEST_F(param, claim_keeps_its_value_if_the_new_one_is_bad)
{
	module_fresh("claim=always");
	self->fd = reader_open(0, 0);
	klog_start();
	EXPECT_EQ(-EINVAL, module_set("claim", "perhaps\n"));
	EXPECT_TRUE(klog_has("claim=: \"perhaps\" is not known"));
	EXPECT_EQ(DBGPORT_CLAIM_ALWAYS, reader_info(self->fd).claim);
}

TEST_F(param, backend_is_chosen_by_what_the_kernel_has)
{
	struct dbgport_vm_info info;

	if (module_loaded())
		ASSERT_EQ(0, module_unload());
	klog_start();
	ASSERT_EQ(0, module_load("backend=auto claim=always"));
	EXPECT_EQ(!has_kprobes(), klog_has("falling back to backend=ioeventfd"));

	self->fd = reader_open(0, 0);
	code_out8(&self->code, 0x80, 3);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	guest_run(self->guest);
	ASSERT_EQ(0, reader_vm_info(self->fd, reader_my_vm(self->fd), &info));
	EXPECT_EQ(has_kprobes() ? DBGPORT_BACKEND_IODEV : DBGPORT_BACKEND_IOEVENTFD,
		  info.backend);
	EXPECT_EQ(1, info.written);
}

TEST_F(param, backend_iodev_is_used_or_refused_in_one_line)
{
	struct dbgport_give_eventfd give = { 0 };

	if (module_loaded())
		ASSERT_EQ(0, module_unload());
	klog_start();
	if (!has_kprobes()) {
		EXPECT_EQ(-EOPNOTSUPP, module_load("backend=iodev"));
		EXPECT_FALSE(module_loaded());
		EXPECT_TRUE(klog_has("kvm_io_bus_register_dev was not found"));
		return;
	}
	ASSERT_EQ(0, module_load("backend=iodev"));
	self->fd = reader_open(0, 0);
	EXPECT_FALSE(reader_info(self->fd).features & DBGPORT_F_EVENTFD);
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_GIVE_EVENTFD, &give));
	EXPECT_EQ(EOPNOTSUPP, errno);
}

TEST_F(param, backend_ioeventfd_is_used_or_refused_in_one_line)
{
	if (module_loaded())
		ASSERT_EQ(0, module_unload());
	klog_start();
	if (!module_has_ioeventfd()) {
		EXPECT_EQ(-EOPNOTSUPP, module_load("backend=ioeventfd"));
		EXPECT_FALSE(module_loaded());
		EXPECT_TRUE(klog_has("backend=ioeventfd cannot be used on PREEMPT_RT"));
		return;
	}
	ASSERT_EQ(0, module_load("backend=ioeventfd"));
	self->fd = reader_open(0, 0);
	EXPECT_TRUE(reader_info(self->fd).features & DBGPORT_F_EVENTFD);
}

TEST_HARNESS_MAIN
