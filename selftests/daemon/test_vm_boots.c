// SPDX-License-Identifier: GPL-2.0
/* The boots of a VM, as a daemon after this one goes on to count them. */
#include "lib/harness.h"

#include "daemon/scratch.h"
#include "dbgportd/router/positions.h"
#include "dbgportd/router/slots.h"
#include "dbgportd/router/vm_boots.h"

#define LOAD	1

static char why[512];

static bool all_exist(__u32 vm)
{
	(void)vm;
	return true;
}

FIXTURE(boots)
{
	struct scratch scratch;
	struct vm_boots boots;
	__u64 seq;
};

#define OPEN(load)	\
	ASSERT_EQ(0, positions_open(self->scratch.dir, load, all_exist, why, sizeof(why)))

FIXTURE_SETUP(boots)
{
	scratch_make(&self->scratch);
	OPEN(LOAD);
	vm_boots_begin(&self->boots, 1, NULL, false);
	self->seq = 0;
}

FIXTURE_TEARDOWN(boots)
{
	vm_boots_end(&self->boots, false);
	positions_close();
	scratch_remove(&self->scratch);
}

/* The daemon is killed, and another one finds the table. */
#define KILL do {							\
	vm_boots_forget();						\
	slots_close();							\
	OPEN(LOAD);							\
	vm_boots_begin(&self->boots, 1, NULL, false);			\
} while (0)

static void boot_once(struct _test_data_boots *self)
{
	bool begun;

	for (const char *c = "SeaBIOS (version 1)\nBooting\n"; *c; c++) {
		const struct dbgport_record rec = {
			.type = DBGPORT_WRITE, .vm = 1, .port = 0x402, .width = 1, .value = *c,
			.seq = self->seq++, .time_ns = 1000 * self->seq,
		};

		vm_boots_writes(&self->boots, &rec, 1, &begun);
	}
}

static int slots_of(__u32 vm)
{
	struct slot p;
	int n = 0;

	for (int i = 0; i < slots(); i++)
		n += slot_read(i, &p) && p.vm == vm && p.kind == SLOT_BOOTS;
	return n;
}

#define NUMBER	(vm_boots_state(&self->boots)->number)

TEST_F(boots, go_on_after_a_restart)
{
	boot_once(self);
	boot_once(self);
	vm_boots_end(&self->boots, false);
	positions_close();
	OPEN(LOAD);
	vm_boots_begin(&self->boots, 1, NULL, false);
	EXPECT_EQ(2, NUMBER);
	boot_once(self);
	EXPECT_EQ(3, NUMBER);
}

TEST_F(boots, go_on_after_a_kill_where_the_last_turn_ended)
{
	boot_once(self);
	boot_once(self);
	positions_keep();
	boot_once(self);
	KILL;
	EXPECT_EQ(2, NUMBER);
}

TEST_F(boots, are_not_counted_again_when_they_are_read_again)
{
	boot_once(self);
	boot_once(self);
	positions_keep();
	KILL;
	self->seq = 0;
	boot_once(self);
	boot_once(self);
	EXPECT_EQ(2, NUMBER);
	boot_once(self);
	EXPECT_EQ(3, NUMBER);
}

TEST_F(boots, take_one_slot)
{
	for (int i = 0; i < 10; i++) {
		boot_once(self);
		positions_keep();
	}
	EXPECT_EQ(1, slots_of(1));
}

TEST_F(boots, are_those_of_the_newest_slot_after_a_kill_between)
{
	struct slot old = { .vm = 1, .kind = SLOT_BOOTS };
	char name[VMNAME_SIZE];

	boot_once(self);
	positions_keep();
	for (int i = 0; i < slots(); i++) {
		struct slot p;

		if (slot_read(i, &p) && p.kind == SLOT_BOOTS)
			snprintf(name, sizeof(name), "%s", p.name);
	}
	boot_once(self);
	positions_keep();
	old.name = name;
	EXPECT_LE(0, slot_make(&old));
	EXPECT_EQ(2, slots_of(1));
	KILL;
	EXPECT_EQ(2, NUMBER);
	EXPECT_EQ(1, slots_of(1));
}

TEST_F(boots, of_another_version_are_not_known)
{
	const struct slot other = { .vm = 1, .kind = SLOT_BOOTS, .name = "00ff" };

	EXPECT_LE(0, slot_make(&other));
	KILL;
	EXPECT_EQ(1, NUMBER);
}

TEST_F(boots, of_other_vms_are_theirs)
{
	struct vm_boots other;

	boot_once(self);
	boot_once(self);
	positions_keep();
	vm_boots_begin(&other, 2, NULL, false);
	EXPECT_EQ(1, vm_boots_state(&other)->number);
}

TEST_F(boots, of_a_vm_that_has_ended_are_forgotten)
{
	boot_once(self);
	positions_keep();
	EXPECT_EQ(1, slots_of(1));
	boot_once(self);
	vm_boots_end(&self->boots, true);
	EXPECT_EQ(0, slots_of(1));
	positions_keep();
	EXPECT_EQ(0, slots_of(1));
	vm_boots_begin(&self->boots, 1, NULL, false);
	EXPECT_EQ(1, NUMBER);
}

TEST_F(boots, are_counted_without_a_table)
{
	vm_boots_end(&self->boots, true);
	positions_close();
	vm_boots_begin(&self->boots, 1, NULL, false);
	boot_once(self);
	boot_once(self);
	positions_keep();
	EXPECT_EQ(2, NUMBER);
}

TEST_HARNESS_MAIN
