// SPDX-License-Identifier: GPL-2.0
#include "lib/harness.h"

#include "dbgportd/config/path.h"
#include "dbgportd/config/route.h"

static const struct entry_vm vm = { .name = "qemu-1", .pid = 4711 };

TEST(unknown_percent_is_found)
{
	const char *bad = "/tmp/%v-%d";

	EXPECT_EQ(NULL, path_check("/tmp/plain"));
	EXPECT_EQ(NULL, path_check("/tmp/%v/%%"));
	EXPECT_EQ(NULL, path_check("%%v"));
	EXPECT_EQ(NULL, path_check("%v%p%n"));
	EXPECT_EQ(bad + 8, path_check(bad));
	EXPECT_STREQ("%", path_check("/tmp/%"));
	EXPECT_STREQ("%", path_check("/tmp/%%%"));
}

TEST(a_path_with_the_vms_name_is_per_vm)
{
	EXPECT_TRUE(path_is_per_vm("/tmp/%v.log"));
	EXPECT_TRUE(path_is_per_vm("%%%v"));
	EXPECT_TRUE(path_is_per_vm("/tmp/%n.log"));
	EXPECT_FALSE(path_is_per_vm("/tmp/%p.log"));
	EXPECT_FALSE(path_is_per_vm("/tmp/x"));
	EXPECT_FALSE(path_is_per_vm("/tmp/%%v"));
}

TEST(a_path_that_can_be_numbered_is_no_other_vms_then)
{
	EXPECT_TRUE(path_can_be_numbered("/tmp/x"));
	EXPECT_TRUE(path_can_be_numbered("/tmp/1.2"));
	EXPECT_TRUE(path_can_be_numbered("/tmp/%v.log"));
	EXPECT_TRUE(path_can_be_numbered("/tmp/%v.log.1"));
	EXPECT_TRUE(path_can_be_numbered("/tmp/%v/1"));
	EXPECT_TRUE(path_can_be_numbered("/tmp/%v-%n"));
	EXPECT_TRUE(path_can_be_numbered("%v.%p"));
	EXPECT_TRUE(path_can_be_numbered("/tmp/%n"));
	EXPECT_TRUE(path_can_be_numbered("/tmp/%%v"));
	EXPECT_FALSE(path_can_be_numbered("/tmp/%v"));
	EXPECT_FALSE(path_can_be_numbered("/tmp/%v.1"));
	EXPECT_FALSE(path_can_be_numbered("/tmp/%v.%n"));
	EXPECT_FALSE(path_can_be_numbered("%v.log/%v"));
}

TEST(a_vms_name_stands_in_no_directory_that_others_use)
{
	EXPECT_STREQ("/var/log", path_shared_dir("/var/log/%v.log"));
	EXPECT_STREQ("/run", path_shared_dir("/run/%v.sock"));
	EXPECT_STREQ("/tmp", path_shared_dir("/tmp/%v"));
	EXPECT_STREQ("/etc", path_shared_dir("/etc/x%v"));
	/* Nor do directories that are called after VMs. */
	EXPECT_STREQ("/run", path_shared_dir("/run/%v/console"));
	/* However it is written. */
	EXPECT_STREQ("/var/log", path_shared_dir("//var/.//log/./%v.log"));
	EXPECT_STREQ("/run", path_shared_dir("/run/dbgport/../%v"));
	EXPECT_STREQ("/etc", path_shared_dir("/run/../../etc/%v"));

	EXPECT_EQ(NULL, path_shared_dir("/var/log/dbgport/%v.log"));
	EXPECT_EQ(NULL, path_shared_dir("/run/dbgport/%v/%v"));
	EXPECT_EQ(NULL, path_shared_dir("/var/log/x-%p.log"));
	EXPECT_EQ(NULL, path_shared_dir("/var/log/%%v"));
	EXPECT_EQ(NULL, path_shared_dir("/var/log/%n.log"));
	EXPECT_EQ(NULL, path_shared_dir("/var/logs/%v.log"));
	EXPECT_EQ(NULL, path_shared_dir("/srv/var/log/%v.log"));
	EXPECT_EQ(NULL, path_shared_dir("%v.log"));
	EXPECT_EQ(NULL, path_shared_dir("tmp/%v"));
}

TEST(a_path_is_expanded)
{
	char out[64];

	EXPECT_EQ(0, path_expand(out, sizeof(out), "/tmp/%v/%v.log", 0xe9, &vm));
	EXPECT_STREQ("/tmp/qemu-1/qemu-1.log", out);
	EXPECT_EQ(0, path_expand(out, sizeof(out), "/tmp/100%%", 0xe9, NULL));
	EXPECT_STREQ("/tmp/100%", out);
	EXPECT_EQ(0, path_expand(out, sizeof(out), "%%v", 0xe9, NULL));
	EXPECT_STREQ("%v", out);
	EXPECT_EQ(0, path_expand(out, sizeof(out), "%p-%n", 0xe9, &vm));
	EXPECT_STREQ("0xe9-4711", out);
	EXPECT_EQ(0, path_expand(out, sizeof(out), "%p", PORT_ANY, NULL));
	EXPECT_STREQ("any", out);
}

TEST(a_pattern_matches_the_files_of_all_vms)
{
	static const char *const cases[][2] = {
		{ "/a/%v.log", "/a/*.log" },
		{ "/a/%v-%n/%p.%%", "/a/*-*/0xe9.%" },
		{ "/a/x.log", "/a/x.log" },
		/* What is special to glob() is meant as it stands. */
		{ "/[a]*/?\\%v", "/\\[a\\]\\*/\\?\\\\*" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *pattern = path_pattern(cases[i][0], 0xe9);

		EXPECT_STREQ(cases[i][1], pattern);
		free(pattern);
	}
}

TEST(a_path_that_does_not_fit_is_refused)
{
	char out[8];

	EXPECT_EQ(0, path_expand(out, sizeof(out), "1234567", 0xe9, NULL));
	EXPECT_EQ(-1, path_expand(out, sizeof(out), "12345678", 0xe9, NULL));
	EXPECT_EQ(-1, path_expand(out, sizeof(out), "12%v", 0xe9, &vm));
}

TEST_HARNESS_MAIN
