// SPDX-License-Identifier: GPL-2.0
#include <kselftest_harness.h>

#include "lib/vmname.h"

static bool none_taken(const char *name)
{
	(void)name;
	return false;
}

static bool first_two_taken(const char *name)
{
	return !strcmp(name, "web") || !strcmp(name, "web.2");
}

static const char *name_of(const char *comm, int pid)
{
	static char name[VMNAME_SIZE];
	struct dbgport_vm_info info = { .pid = pid };

	memcpy(info.comm, comm, strnlen(comm, sizeof(info.comm)));
	vmname_make(name, NULL, &info, 42, none_taken);
	return name;
}

TEST(a_vm_is_called_after_its_vmm)
{
	EXPECT_STREQ("qemu-system-x86-1234", name_of("qemu-system-x86", 1234));
}

TEST(what_is_unsafe_in_a_file_name_is_replaced)
{
	EXPECT_STREQ("a_b-1", name_of("a/b", 1));
	EXPECT_STREQ("_._x-1", name_of("../x", 1));
	EXPECT_STREQ("_rf-1", name_of("-rf", 1));
	EXPECT_STREQ("__31m-1", name_of("\033[31m", 1));
	EXPECT_STREQ("a_b_c-1", name_of("a b\nc", 1));
	EXPECT_STREQ("__-1", name_of("ü", 1));
}

TEST(a_command_without_an_end_is_cut)
{
	EXPECT_STREQ("xxxxxxxxxxxxxxx-1", name_of("xxxxxxxxxxxxxxxxxxxx", 1));
}

TEST(the_longest_name_fits)
{
	EXPECT_STREQ("qemu-system-x86-2147483647", name_of("qemu-system-x86", 2147483647));
}

TEST(without_a_command_the_number_is_the_name)
{
	EXPECT_STREQ("9", name_of("", 9));
}

TEST(without_a_process_the_vms_id_stands_for_it)
{
	char name[VMNAME_SIZE];

	EXPECT_STREQ("qemu-vm42", name_of("qemu", 0));
	vmname_make(name, NULL, NULL, 4294967295U, none_taken);
	EXPECT_STREQ("vm4294967295", name);
}

static const char *name_given(const char *given)
{
	static char name[VMNAME_SIZE];
	const struct dbgport_vm_info info = { .pid = 7, .comm = "qemu" };

	vmname_make(name, given, &info, 42, none_taken);
	return name;
}

TEST(a_given_name_is_the_vms)
{
	EXPECT_STREQ("web-1.example", name_given("web-1.example"));
}

TEST(an_empty_name_is_none)
{
	EXPECT_STREQ("qemu-7", name_given(""));
}

TEST(a_given_name_is_made_safe)
{
	EXPECT_STREQ("my_vm", name_given("my,vm"));
	EXPECT_STREQ("_._.._etc_passwd", name_given("../../etc/passwd"));
	EXPECT_STREQ("_", name_given("."));
	EXPECT_STREQ("_.", name_given(".."));
	EXPECT_STREQ("_rf", name_given("-rf"));
	EXPECT_STREQ("_v__31m_", name_given("%v\033[31m\n"));
	EXPECT_STREQ("______", name_given("仮想"));
}

TEST(a_long_name_is_cut)
{
	char given[1000], expected[65];

	memset(given, 'x', sizeof(given));
	given[sizeof(given) - 1] = '\0';
	memset(expected, 'x', sizeof(expected));
	expected[sizeof(expected) - 1] = '\0';
	EXPECT_STREQ(expected, name_given(given));
}

TEST(a_taken_name_gets_a_number)
{
	char name[VMNAME_SIZE];

	vmname_make(name, "web", NULL, 1, first_two_taken);
	EXPECT_STREQ("web.3", name);
}

static bool taken_but_for_the_last(const char *name)
{
	const char *dot = strrchr(name, '.');

	return !dot || strcmp(dot, ".100000");
}

TEST(the_longest_name_keeps_its_number)
{
	char name[VMNAME_SIZE], given[VMNAME_SIZE];

	memset(given, 'x', sizeof(given));
	given[sizeof(given) - 1] = '\0';
	vmname_make(name, given, NULL, 1, taken_but_for_the_last);
	EXPECT_EQ(64 + strlen(".100000"), strlen(name));
	EXPECT_STREQ(".100000", name + 64);
}

TEST_HARNESS_MAIN
