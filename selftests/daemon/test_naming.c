// SPDX-License-Identifier: GPL-2.0
/* VMs wait for their names, and nobody waits for those that get none. */
#include "lib/harness.h"

#include "daemon/vmm.h"
#include "dbgportd/loop/clock.h"
#include "dbgportd/loop/loop.h"
#include "dbgportd/source/naming.h"
#include "lib/asker.h"
#include "lib/vmname.h"

#ifndef ENGINE
#define ENGINE	"uring"
#endif

/* What has gone on, as "name:seq,seq…;" */
static char gone_on[4096];
static size_t records;

/* The VM that has @held, and whether the module says that it has ended. */
static __u32 holder;
static const char *held;
static bool holder_ended;

static void on_named(const struct dbgport_record *attached, const struct dbgport_vm_info *info,
		     const char *own, const struct dbgport_record *rec, size_t count)
{
	size_t len = strlen(gone_on);

	if (attached->vm != info->vm || attached->type != DBGPORT_ATTACHED)
		abort();
	len += sprintf(gone_on + len, "%s:", own);
	records += count;
	for (size_t i = 0; i < count && i < 8; i++)
		len += sprintf(gone_on + len, "%llu,", rec[i].seq);
	sprintf(gone_on + len, ";");
}

static bool has_ended(__u32 vm)
{
	return vm == holder && holder_ended;
}

static __u32 holder_of(const char *own)
{
	return held && !strcmp(own, held) ? holder : 0;
}

static void settle(const struct answer *answer, struct dbgport_vm_info *info,
		   char own[VMNAME_OWN_SIZE])
{
	if (has_ended(info->vm))
		vmname_make(own, NULL, info, info->vm);
	else
		memcpy(own, answer->name, VMNAME_OWN_SIZE);
}

static const struct naming naming = {
	.go_on = on_named, .settle = settle, .has_ended = has_ended, .holder = holder_of,
};

FIXTURE(naming)
{
	struct vmm web, db, stuck;
};

FIXTURE_SETUP(naming)
{
	ASSERT_EQ(0, asker_start("/dev/null"));
	ASSERT_EQ(0, loop_init(ENGINE));
	self->web = vmm_start(1, "web");
	self->db = vmm_start(2, "db");
	self->stuck = vmm_start_held(3, "stuck");
	naming_start(&naming);
}

FIXTURE_TEARDOWN(naming)
{
	naming_finish(0);
	naming_stop();
	while (!naming_is_idle())
		loop_turn();
	loop_exit();
	vmm_end(&self->web);
	vmm_end(&self->db);
	vmm_end(&self->stuck);
	asker_stop();
}

static void attach(const struct vmm *vmm)
{
	const struct dbgport_record rec = { .vm = vmm->info.vm, .type = DBGPORT_ATTACHED };

	naming_attached(&rec, &vmm->info);
}

static bool wrote(const struct vmm *vmm, __u64 seq)
{
	const struct dbgport_record rec = {
		.vm = vmm->info.vm, .type = DBGPORT_WRITE, .seq = seq,
	};

	return naming_keeps(&rec);
}

static void until_all_have_gone_on(void)
{
	while (naming_waits())
		loop_turn();
}

/* What a VM is called whose VMM does not tell. */
static const char *after(const struct vmm *vmm, const char *rest)
{
	static char text[64];

	snprintf(text, sizeof(text), "vmm-%d:%s;", vmm->info.pid, rest);
	return text;
}

TEST_F(naming, a_vm_goes_on_with_its_name_and_all_that_it_wrote)
{
	attach(&self->web);
	ASSERT_TRUE(naming_waits());
	EXPECT_TRUE(wrote(&self->web, 0));
	EXPECT_TRUE(wrote(&self->web, 1));
	EXPECT_FALSE(wrote(&self->db, 5));
	EXPECT_STREQ("", gone_on);
	until_all_have_gone_on();
	EXPECT_STREQ("web:0,1,;", gone_on);
	EXPECT_FALSE(wrote(&self->web, 2));
}

TEST_F(naming, one_whose_process_is_not_known_does_not_wait)
{
	struct vmm unknown = { .info = { .vm = 4, .comm = "vmm" } };

	attach(&unknown);
	EXPECT_FALSE(naming_waits());
	EXPECT_STREQ("vmm-vm4:;", gone_on);
}

TEST_F(naming, one_whose_name_the_module_knows_does_not_wait)
{
	sprintf(self->stuck.info.name, "before");
	attach(&self->stuck);
	EXPECT_FALSE(naming_waits());
	EXPECT_STREQ("before:;", gone_on);
}

TEST_F(naming, one_that_has_ended_does_not_wait)
{
	self->stuck.info.flags = DBGPORT_VM_GONE;
	attach(&self->stuck);
	EXPECT_FALSE(naming_waits());
	EXPECT_STREQ(after(&self->stuck, ""), gone_on);
}

TEST_F(naming, one_that_is_held_up_goes_on_after_its_vmm_and_holds_up_no_other)
{
	attach(&self->stuck);
	EXPECT_TRUE(wrote(&self->stuck, 0));
	attach(&self->web);
	while (!*gone_on)
		loop_turn();
	EXPECT_STREQ("web:;", gone_on);
	EXPECT_TRUE(naming_waits());
	EXPECT_TRUE(wrote(&self->stuck, 1));
	*gone_on = '\0';
	until_all_have_gone_on();
	EXPECT_STREQ(after(&self->stuck, "0,1,"), gone_on);
	/* An answer that comes after all is nobody's. */
	*gone_on = '\0';
	vmm_let_read(&self->stuck);
	attach(&self->db);
	until_all_have_gone_on();
	EXPECT_STREQ("db:;", gone_on);
}

TEST_F(naming, who_writes_too_much_does_not_wait_on)
{
	__u64 seq = 0;

	attach(&self->stuck);
	attach(&self->web);
	EXPECT_TRUE(wrote(&self->web, 0));
	while (wrote(&self->stuck, seq))
		seq++;
	EXPECT_EQ(NAMING_RECORDS, seq);
	EXPECT_EQ(NAMING_RECORDS, records);
	EXPECT_EQ(0, strncmp(gone_on, "vmm-", 4));
	*gone_on = '\0';
	until_all_have_gone_on();
	EXPECT_STREQ("web:0,;", gone_on);
}

TEST_F(naming, a_name_is_waited_for_whose_vm_has_ended)
{
	holder = 9;
	held = "web";
	holder_ended = true;
	attach(&self->web);
	EXPECT_TRUE(wrote(&self->web, 0));
	/* By its answer db's has come, too. */
	attach(&self->db);
	while (!*gone_on)
		loop_turn();
	naming_gone();
	EXPECT_STREQ("db:;", gone_on);
	*gone_on = '\0';
	holder = 0;
	naming_gone();
	until_all_have_gone_on();
	EXPECT_STREQ("web:0,;", gone_on);
}

TEST_F(naming, a_name_whose_vm_lives_is_not_waited_for)
{
	holder = 9;
	held = "web";
	attach(&self->web);
	until_all_have_gone_on();
	EXPECT_STREQ("web:;", gone_on);
}

TEST_F(naming, a_name_is_not_waited_for_without_end)
{
	holder = 9;
	held = "web";
	holder_ended = true;
	attach(&self->web);
	until_all_have_gone_on();
	EXPECT_STREQ("web:;", gone_on);
}

TEST_F(naming, a_process_may_be_anothers_after_the_vms_end)
{
	holder = 1;
	holder_ended = true;
	attach(&self->web);
	until_all_have_gone_on();
	EXPECT_STREQ(after(&self->web, ""), gone_on);
}

TEST_F(naming, at_the_end_all_go_on_the_oldest_first)
{
	attach(&self->stuck);
	attach(&self->web);
	attach(&self->db);
	wrote(&self->db, 4);
	naming_finish(2000);
	EXPECT_FALSE(naming_waits());
	EXPECT_NE(NULL, strstr(gone_on, "web:;"));
	EXPECT_NE(NULL, strstr(gone_on, "db:4,;"));
	EXPECT_NE(NULL, strstr(gone_on, after(&self->stuck, "")));
}

TEST_HARNESS_MAIN
