// SPDX-License-Identifier: GPL-2.0
/* Whether module and program fit, and what is said where they do not. */
#include <errno.h>
#include <string.h>

#include "lib/harness.h"

#include "lib/device.h"

static char why[512];

static bool fits(__u32 abi, __u32 record_size)
{
	const struct dbgport_info info = { .abi = abi, .record_size = record_size };

	why[0] = '\0';
	return device_fits(&info, "/dev/x", why, sizeof(why));
}

#define EXPECT_SAYS(text) EXPECT_NE(NULL, strstr(why, text)) TH_LOG("'%s'", why)

TEST(a_module_of_the_same_abi_fits)
{
	EXPECT_TRUE(fits(DBGPORT_ABI, sizeof(struct dbgport_record)));
	EXPECT_STREQ("", why);
}

TEST(an_older_module_is_told_from_an_older_program)
{
	EXPECT_FALSE(fits(DBGPORT_ABI - 1, sizeof(struct dbgport_record)));
	EXPECT_SAYS("/dev/x: ");
	EXPECT_SAYS("the module is older");
	EXPECT_SAYS("modprobe dbgport");
	EXPECT_FALSE(fits(DBGPORT_ABI + 1, sizeof(struct dbgport_record)));
	EXPECT_SAYS("the program is older");
	EXPECT_EQ(NULL, strchr(why, '\n'));
}

TEST(records_of_another_size_do_not_fit)
{
	EXPECT_FALSE(fits(DBGPORT_ABI, sizeof(struct dbgport_record) - 8));
	EXPECT_SAYS("the module is older");
	EXPECT_FALSE(fits(DBGPORT_ABI, sizeof(struct dbgport_record) + 8));
	EXPECT_SAYS("the program is older");
	/* The ABI's number decides. */
	EXPECT_FALSE(fits(DBGPORT_ABI - 1, sizeof(struct dbgport_record) + 8));
	EXPECT_SAYS("the module is older");
}

/* A feature that the header has and --version does not know would be a number. */
TEST(all_features_have_names)
{
	struct dbgport_info info = { .features = DBGPORT_F_ALL };

	EXPECT_EQ(NULL, strpbrk(device_features(&info), "0123456789"));
	info.features = DBGPORT_F_CLAIM | DBGPORT_F_SEEK;
	EXPECT_STREQ("claim, seek", device_features(&info));
	info.features = 0;
	EXPECT_STREQ("", device_features(&info));
	info.features = 1ULL << 63 | DBGPORT_F_CLAIM;
	EXPECT_STREQ("claim, 63", device_features(&info));
	info.features = ~0ULL;
	EXPECT_EQ(0, strncmp("claim, seek, unplug, attach", device_features(&info), 27));
}

TEST(what_is_no_device_of_ours_is_refused)
{
	struct dbgport_info info;

	EXPECT_EQ(-ENOENT, device_open("/nonexistent", &info, why, sizeof(why)));
	EXPECT_SAYS("modprobe dbgport");
	EXPECT_EQ(-ENOTTY, device_open("/dev/null", &info, why, sizeof(why)));
	EXPECT_SAYS("/dev/null: not the device of the module dbgport");
}

TEST_HARNESS_MAIN
