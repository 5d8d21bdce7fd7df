// SPDX-License-Identifier: GPL-2.0
/* Without the module: every access reaches the VMM.  What "as without" means. */
#include "guest.h"
#include "module.h"
#include "harness.h"

FIXTURE(without_module) {
	struct code code;
	struct guest *guest;
	const struct guest_exit *log;
};

FIXTURE_SETUP(without_module)
{
	if (module_loaded())
		ASSERT_EQ(0, module_unload());
}

FIXTURE_TEARDOWN(without_module)
{
	guest_free(self->guest);
}

TEST_F(without_module, every_width_reaches_the_vmm)
{
	code_out8(&self->code, 0x80, 0x12);
	code_out8(&self->code, 0x402, 0x34);
	code_out16(&self->code, 0xe9, 0x5678);
	code_out32(&self->code, 0xe9, 0x9abcdef0);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	guest_run(self->guest);

	ASSERT_EQ(4, guest_log(self->guest, &self->log));
	EXPECT_EQ(0x80, self->log[0].port);
	EXPECT_EQ(0x12, self->log[0].value);
	EXPECT_EQ(0x402, self->log[1].port);
	EXPECT_EQ(0x34, self->log[1].value);
	EXPECT_EQ(2, self->log[2].width);
	EXPECT_EQ(0x5678, self->log[2].value);
	EXPECT_EQ(4, self->log[3].width);
	EXPECT_EQ(0x9abcdef0, self->log[3].value);
}

TEST_F(without_module, strings_reach_the_vmm_element_by_element)
{
	code_outs(&self->code, 0x402, 1, "abc", 3);
	code_outs(&self->code, 0x402, 2, "defg", 2);
	code_outs(&self->code, 0x402, 4, "hijk", 1);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	guest_run(self->guest);

	ASSERT_EQ(6, guest_log(self->guest, &self->log));
	EXPECT_EQ('c', self->log[2].value);
	EXPECT_EQ('g' << 8 | 'f', self->log[4].value);
	EXPECT_EQ(4, self->log[5].width);
}

TEST_F(without_module, reads_get_the_vmms_answer)
{
	code_in(&self->code, 0xe9, 1, 0x8000);
	code_in(&self->code, 0x402, 4, 0x8004);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	guest_run(self->guest);

	EXPECT_EQ(GUEST_IN_BYTE, guest_read32(self->guest, 0x8000));
	EXPECT_EQ(0x01010101 * GUEST_IN_BYTE, guest_read32(self->guest, 0x8004));
	EXPECT_EQ(1, guest_exits(self->guest, 0xe9));
	EXPECT_EQ(1, guest_exits(self->guest, 0x402));
}

TEST_F(without_module, a_stopped_guest_goes_on_where_it_was)
{
	unsigned long before;

	code_count(&self->code, 0x80, 0);
	self->guest = guest_new(2, &self->code);
	guest_start(self->guest);
	while (guest_exits(self->guest, 0x80) < 10)
		;
	guest_stop(self->guest);
	before = guest_exits(self->guest, 0x80);
	guest_start(self->guest);
	while (guest_exits(self->guest, 0x80) < before + 10)
		;
	guest_stop(self->guest);
}

TEST_HARNESS_MAIN
