// SPDX-License-Identifier: GPL-2.0
/* Which VM is meant by what was typed. */
#include "lib/harness.h"

#include "dbgportctl/vm/vms.h"
#include "lib/array.h"

#define VM(id, process, called, more) \
	RENAMED(id, process, called, called, more)

/* A dbgportd calls it otherwise. */
#define RENAMED(id, process, called, by_dbgportd, more) \
	NUMBERED(id, process, called, called, by_dbgportd, more)

/* Its own name was taken. */
#define NUMBERED(id, process, made, called, by_dbgportd, more) \
	{ .info = { .vm = (id), .pid = (process), .flags = (more) }, .vmm_name = made, \
	  .own = called, .name = by_dbgportd }

static struct known_vm known[] = {
	VM(1, 100, "web", DBGPORT_VM_GONE),
	VM(2, 7, "db", 0),
	VM(5, 200, "web", 0),
	VM(7, 300, "42", 0),
	VM(8, 400, "two", 0),
	VM(9, 400, "two.2", 0),
	VM(10, 500, "old", DBGPORT_VM_GONE),
	VM(11, 0, "unknown", DBGPORT_VM_GONE),
	RENAMED(12, 700, "ci-1", "build", 0),
	RENAMED(13, 800, "build", "ci-2", 0),
	RENAMED(14, 900, "gone", "ci-3", DBGPORT_VM_GONE),
	VM(42, 600, "last", 0),
	VM(43, 1000, "Windows+Server+2019", 0),
	VM(44, 1001, "数据库", 0),
	NUMBERED(45, 1002, "left", "left.2", "left.2", 0),
	NUMBERED(46, 1003, "pair", "pair.2", "pair.2", 0),
	NUMBERED(47, 1004, "pair", "pair.3", "pair.3", 0),
	VM(60, 1005, "again", DBGPORT_VM_GONE),
	VM(61, 1006, "again", DBGPORT_VM_GONE),
};

static const struct vms vms = { .vm = known, .count = ARRAY_SIZE(known) };
static char why[512];

/* Its id; 0: none is meant. */
static unsigned int found(const char *text)
{
	const struct known_vm *vm = vms_find(&vms, text, why, sizeof(why));

	return vm ? vm->info.vm : 0;
}

TEST(by_name_id_and_process)
{
	EXPECT_EQ(2, found("db"));
	EXPECT_EQ(2, found("2"));
	EXPECT_EQ(5, found("200"));
}

TEST(a_living_one_first)
{
	EXPECT_EQ(5, found("web"));
	EXPECT_EQ(1, found("id:1"));
	EXPECT_EQ(1, found("1"));
	EXPECT_EQ(10, found("old"));
	EXPECT_EQ(10, found("500"));
}

TEST(the_last_one_of_those_that_have_ended)
{
	EXPECT_EQ(61, found("again"));
	EXPECT_EQ(60, found("id:60"));
	EXPECT_EQ(60, found("pid:1005"));
}

TEST(a_name_before_a_number_and_an_id_before_a_process)
{
	EXPECT_EQ(7, found("42"));
	EXPECT_EQ(42, found("id:42"));
	EXPECT_EQ(7, found("7"));
	EXPECT_EQ(2, found("pid:7"));
}

TEST(both_of_two_names_and_what_a_dbgportd_says_first)
{
	EXPECT_EQ(12, found("ci-1"));
	EXPECT_EQ(12, found("build"));
	EXPECT_EQ(13, found("ci-2"));
	EXPECT_EQ(14, found("gone"));
	EXPECT_EQ(14, found("ci-3"));
}

TEST(by_what_the_vmm_was_told)
{
	EXPECT_EQ(43, found("Windows Server 2019"));
	EXPECT_EQ(43, found("Windows+Server+2019"));
	EXPECT_EQ(44, found("数据库"));
	EXPECT_EQ(0, found("Windows_Server_2019"));
	EXPECT_EQ(0, found("Windows Server"));
}

TEST(by_its_name_without_the_number)
{
	EXPECT_EQ(45, found("left"));
	EXPECT_EQ(45, found("left.2"));
	EXPECT_EQ(0, found("pair"));
	EXPECT_STREQ("'pair' is 2 VMs: say which by its id; see dbgportctl list", why);
	EXPECT_EQ(47, found("pair.3"));
}

/* As "tail -F" and "wait -F" ask of VMs that come. */
TEST(a_vm_is_named_by_each_of_its_names)
{
	const struct known_vm *vm = vms_of_id(&vms, 45), *windows = vms_of_id(&vms, 43);

	EXPECT_TRUE(vms_is_named(vm, "left"));
	EXPECT_TRUE(vms_is_named(vm, "left.2"));
	EXPECT_FALSE(vms_is_named(vm, "lef"));
	EXPECT_FALSE(vms_is_named(vm, "1002"));
	EXPECT_TRUE(vms_is_named(windows, "Windows Server 2019"));
	EXPECT_TRUE(vms_is_named(windows, "Windows+Server+2019"));
	EXPECT_TRUE(vms_is_named(vms_of_id(&vms, 12), "ci-1"));
	EXPECT_TRUE(vms_is_named(vms_of_id(&vms, 12), "build"));
}

TEST(several_are_told)
{
	EXPECT_EQ(0, found("400"));
	EXPECT_STREQ("'400' is 2 VMs: say which by its id; see dbgportctl list", why);
	EXPECT_EQ(8, found("two"));
}

TEST(none_is_told)
{
	static const char *const none[] = {
		"", "we", "webb", "id:3", "pid:3", "id:", "pid:0", "0", "-1", "2x", "0x2",
		"4294967298", "id:id:2", "99999999999999999999",
	};

	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		EXPECT_EQ(0, found(none[i]));
	EXPECT_STREQ("there is no VM '99999999999999999999'; see dbgportctl list", why);
}

TEST(by_id_alone)
{
	for (size_t i = 0; i < vms.count; i++)
		EXPECT_EQ(&known[i], vms_of_id(&vms, known[i].info.vm));
	EXPECT_EQ(NULL, vms_of_id(&vms, 0));
	EXPECT_EQ(NULL, vms_of_id(&vms, 6));
	EXPECT_EQ(NULL, vms_of_id(&vms, 50));
}

TEST_HARNESS_MAIN
