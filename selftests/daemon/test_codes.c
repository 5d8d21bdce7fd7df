// SPDX-License-Identifier: GPL-2.0
#include <kselftest_harness.h>

#include "lib/codes.h"

TEST(each_range_has_its_component_at_both_ends)
{
	EXPECT_STREQ("Firmware", code_component(0x00));
	EXPECT_STREQ("Firmware", code_component(0x1f));
	EXPECT_STREQ("Bootloader", code_component(0x20));
	EXPECT_STREQ("Bootloader", code_component(0x3f));
	EXPECT_STREQ("Kernel", code_component(0x40));
	EXPECT_STREQ("Kernel", code_component(0x5f));
	EXPECT_STREQ("Userspace", code_component(0x60));
	EXPECT_STREQ("Userspace", code_component(0x7f));
	EXPECT_STREQ("Custom", code_component(0x80));
	EXPECT_STREQ("Custom", code_component(0xff));
}

TEST(codes_wider_than_a_byte_are_custom)
{
	EXPECT_STREQ("Custom", code_component(0x100));
	EXPECT_STREQ("Custom", code_component(0x10000));
	EXPECT_STREQ("Custom", code_component(0xffffffff));
}

TEST_HARNESS_MAIN
