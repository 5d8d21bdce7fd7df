// SPDX-License-Identifier: GPL-2.0
/* Which VMs may come in: the parameters "only" and "except". */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "user.h"
#include "harness.h"

/* The VMM of these tests; its cgroup is /dbgport/vm. */
#define VMM_UID		40001
#define VMM_GID		40002
#define VMM_COMM	"qemu-system-x86"

struct vmm {
	pid_t pid;
	int vm_fd;	/* in that process */
	int leave;	/* closing it ends that process */
};

/* Where cgroup v2 is mounted for us. */
static char cgroups[32];

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		_exit(98);
	close(fd);
}

static void cgroups_make(void)
{
	char path[64];

	snprintf(cgroups, sizeof(cgroups), "/tmp/dbgport.XXXXXX");
	if (!mkdtemp(cgroups) || mount("none", cgroups, "cgroup2", 0, NULL))
		exit(97);
	snprintf(path, sizeof(path), "%s/dbgport", cgroups);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/dbgport/vm", cgroups);
	mkdir(path, 0755);
}

static void cgroups_remove(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/dbgport/vm", cgroups);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/dbgport", cgroups);
	rmdir(path);
	umount2(cgroups, MNT_DETACH);
	rmdir(cgroups);
}

static void vmm_become(void)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/dbgport/vm/cgroup.procs", cgroups);
	write_file(path, "0");
	prctl(PR_SET_NAME, VMM_COMM);
	if (setgroups(0, NULL) || setresgid(VMM_GID, VMM_GID, VMM_GID) ||
	    setresuid(VMM_UID, VMM_UID, VMM_UID))
		_exit(99);
}

/* Ready when its VM has been made. */
static struct vmm vmm_start(void)
{
	int ready[2], leave[2];
	struct vmm vmm = { 0 };

	if (pipe(ready) || pipe(leave))
		exit(96);
	vmm.pid = fork();
	if (vmm.pid == 0) {
		struct code code = { 0 };
		char byte;
		int fd;

		vmm_become();
		code_hlt(&code);
		fd = guest_fd(guest_new(1, &code));
		close(leave[1]);
		if (write(ready[1], &fd, sizeof(fd)) == sizeof(fd))
			_exit(read(leave[0], &byte, 1));
		_exit(1);
	}
	close(ready[1]);
	close(leave[0]);
	vmm.leave = leave[1];
	if (read(ready[0], &vmm.vm_fd, sizeof(vmm.vm_fd)) != sizeof(vmm.vm_fd))
		exit(95);
	close(ready[0]);
	return vmm;
}

static void vmm_end(struct vmm *vmm)
{
	if (!vmm->pid)
		return;
	close(vmm->leave);
	waitpid(vmm->pid, NULL, 0);
	vmm->pid = 0;
}

static unsigned int vms(void)
{
	int fd = reader_open(0, 0);
	unsigned int count = reader_info(fd).vms;

	close(fd);
	return count;
}

/* How many VMs there are when a new one has been made. */
static unsigned int vms_with_a_new_one(void)
{
	struct vmm vmm = vmm_start();
	unsigned int count = vms();

	vmm_end(&vmm);
	return count;
}

static void load(const char *param, const char *rules)
{
	char params[256];

	snprintf(params, sizeof(params), "%s=%s", param, rules);
	module_fresh(params);
	/* Here the mode of the file must not be what decides. */
	chmod("/dev/kvm", 0666);
}

FIXTURE(rule) {
	struct vmm vmm;
};

FIXTURE_VARIANT(rule) {
	const char *fits;
	const char *other;
};

FIXTURE_VARIANT_ADD(rule, uid) { "uid:40001", "uid:40002" };
FIXTURE_VARIANT_ADD(rule, gid) { "gid:40002", "gid:40001" };
FIXTURE_VARIANT_ADD(rule, comm) { "comm:" VMM_COMM, "comm:qemu" };
FIXTURE_VARIANT_ADD(rule, comm_pattern) { "comm:q?mu-*86", "comm:q?mu" };
FIXTURE_VARIANT_ADD(rule, cgroup) { "cgroup:/dbgport/vm", "cgroup:/dbgport/v" };
FIXTURE_VARIANT_ADD(rule, cgroup_above) { "cgroup:/dbgport/", "cgroup:/dbgport/vm/x" };
FIXTURE_VARIANT_ADD(rule, cgroup_root) { "cgroup:/", "cgroup:/vm" };
FIXTURE_VARIANT_ADD(rule, one_of_several) { "uid:1,gid:2,uid:40001", "uid:1,gid:2,comm:x" };

FIXTURE_SETUP(rule)
{
	cgroups_make();
}

FIXTURE_TEARDOWN(rule)
{
	vmm_end(&self->vmm);
	cgroups_remove();
}

TEST_F(rule, in_only_lets_in_whom_it_fits_and_nobody_else)
{
	load("only", variant->fits);
	EXPECT_EQ(1, vms_with_a_new_one());
	load("only", variant->other);
	EXPECT_EQ(0, vms_with_a_new_one());
}

TEST_F(rule, in_except_leaves_out_whom_it_fits_and_nobody_else)
{
	load("except", variant->fits);
	EXPECT_EQ(0, vms_with_a_new_one());
	load("except", variant->other);
	EXPECT_EQ(1, vms_with_a_new_one());
}

TEST_F(rule, may_be_changed_at_any_time)
{
	load("only", variant->other);
	EXPECT_EQ(0, module_set("only", variant->fits));
	EXPECT_EQ(1, vms_with_a_new_one());
	EXPECT_EQ(0, module_set("except", variant->fits));
	EXPECT_EQ(0, vms_with_a_new_one());
	EXPECT_EQ(0, module_set("except", variant->other));
	EXPECT_EQ(1, vms_with_a_new_one());
}

TEST_F(rule, holds_for_a_vm_that_was_there_first)
{
	struct dbgport_attach attach = { 0 };
	int fd;

	if (module_loaded())
		ASSERT_EQ(0, module_unload());
	chmod("/dev/kvm", 0666);
	self->vmm = vmm_start();
	load("except", variant->fits);
	attach.pid = self->vmm.pid;
	attach.fd = self->vmm.vm_fd;
	fd = reader_open(0, 0);
	EXPECT_EQ(-1, ioctl(fd, DBGPORT_ATTACH, &attach));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(0, vms());

	ASSERT_EQ(0, module_set("except", variant->other));
	EXPECT_EQ(0, ioctl(fd, DBGPORT_ATTACH, &attach));
	EXPECT_EQ(1, vms());
	close(fd);
}

FIXTURE(rules) {
	struct vmm vmm;
};

FIXTURE_SETUP(rules)
{
	cgroups_make();
	module_fresh("");
	chmod("/dev/kvm", 0666);
}

FIXTURE_TEARDOWN(rules)
{
	vmm_end(&self->vmm);
	cgroups_remove();
}

TEST_F(rules, are_none_at_first)
{
	char text[64];

	EXPECT_EQ(0, module_get("only", text, sizeof(text)));
	EXPECT_STREQ("\n", text);
	EXPECT_EQ(0, module_get("except", text, sizeof(text)));
	EXPECT_STREQ("\n", text);
	EXPECT_EQ(1, vms_with_a_new_one());
}

TEST_F(rules, can_be_taken_back)
{
	ASSERT_EQ(0, module_set("only", "uid:1\n"));
	EXPECT_EQ(0, vms_with_a_new_one());
	ASSERT_EQ(0, module_set("only", "\n"));
	EXPECT_EQ(1, vms_with_a_new_one());
}

TEST_F(rules, of_except_go_over_those_of_only)
{
	ASSERT_EQ(0, module_set("only", "uid:40001"));
	ASSERT_EQ(0, module_set("except", "gid:40002"));
	EXPECT_EQ(0, vms_with_a_new_one());
}

TEST_F(rules, leave_vms_alone_that_are_attached)
{
	self->vmm = vmm_start();
	ASSERT_EQ(0, module_set("except", "uid:40001"));
	EXPECT_EQ(1, vms());
	EXPECT_EQ(1, vms_with_a_new_one());
	vmm_end(&self->vmm);
	EXPECT_EQ(0, vms());
}

TEST_F(rules, are_read_as_they_were_written)
{
	static const char all[] =
		"uid:0,gid:4294967294,comm:CPU ?*/KVM,cgroup:/,cgroup:/a b/c\n";
	char text[128];

	ASSERT_EQ(0, module_set("only", all));
	EXPECT_EQ(0, module_get("only", text, sizeof(text)));
	EXPECT_STREQ(all, text);
	module_fresh("except=comm:crosvm");
	EXPECT_EQ(0, module_get("except", text, sizeof(text)));
	EXPECT_STREQ("comm:crosvm\n", text);
}

TEST_F(rules, may_fill_a_page_but_for_a_newline)
{
	char rules[4097], text[4097];

	memset(rules, 'x', sizeof(rules));
	memcpy(rules, "comm:", 5);
	rules[4095] = '\0';
	klog_start();
	EXPECT_EQ(-EINVAL, module_set("only", rules));
	EXPECT_TRUE(klog_has("only=: too long"));

	rules[4094] = '\0';
	EXPECT_EQ(0, module_set("only", rules));
	EXPECT_EQ(0, module_get("only", text, sizeof(text)));
	EXPECT_EQ(4095, strlen(text));
	EXPECT_EQ(0, strncmp(rules, text, 4094));
}

TEST_F(rules, are_the_other_backends_too)
{
	load("backend=ioeventfd only", "uid:1");
	EXPECT_EQ(0, vms_with_a_new_one());
	ASSERT_EQ(0, module_set("only", "uid:40001"));
	EXPECT_EQ(1, vms_with_a_new_one());
}

/* A VMM that may not trace another's does not learn what rules say of it. */
TEST_F(rules, are_not_told_to_other_users)
{
	struct dbgport_attach attach = { 0 };
	int status;

	ASSERT_EQ(0, module_set("except", "uid:40001"));
	self->vmm = vmm_start();
	attach.pid = self->vmm.pid;
	attach.fd = self->vmm.vm_fd;
	if (fork() == 0) {
		int fd;

		if (chmod(DBGPORT_DEVICE, 0666))
			_exit(100);
		become(40009, -1);
		fd = reader_open(0, 0);
		_exit(ioctl(fd, DBGPORT_ATTACH, &attach) ? errno : 0);
	}
	wait(&status);
	EXPECT_EQ(EPERM, WEXITSTATUS(status));
}

/* What root without that capability gets for a write to a parameter. */
static int set_as_root_without_caps(const char *param, const char *value)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		become(0, -1);
		_exit(-module_set(param, value));
	}
	waitpid(child, &status, 0);
	return -WEXITSTATUS(status);
}

TEST_F(rules, and_all_that_is_for_everybody_take_cap_sys_admin)
{
	EXPECT_EQ(-EPERM, set_as_root_without_caps("only", "uid:1"));
	EXPECT_EQ(-EPERM, set_as_root_without_caps("except", "uid:1"));
	EXPECT_EQ(-EPERM, set_as_root_without_caps("claim", "never"));
	EXPECT_EQ(-EPERM, set_as_root_without_caps("unplug", "1"));
	EXPECT_EQ(1, vms_with_a_new_one());
}

/* As systemd-modules-load has it. */
TEST_F(rules, may_be_given_by_whoever_may_load_the_module)
{
	int status = -1;
	pid_t child;

	ASSERT_EQ(0, module_unload());
	child = fork();
	if (child == 0) {
		become(0, CAP_SYS_MODULE);
		_exit(-module_load("only=uid:1 claim=always"));
	}
	waitpid(child, &status, 0);
	EXPECT_EQ(0, WEXITSTATUS(status));
	EXPECT_EQ(0, vms_with_a_new_one());
}

FIXTURE(bad_rule) { int unused; };

FIXTURE_VARIANT(bad_rule) {
	const char *rule;
	const char *said;	/* in the kernel log */
};

#define BAD(name, text, part) \
	FIXTURE_VARIANT_ADD(bad_rule, name) { .rule = text, .said = "\"" part "\" is not a rule" }

BAD(word, "everything", "everything");
BAD(kind, "colour:blue", "colour:blue");
BAD(case_, "UID:1", "UID:1");
BAD(uid_word, "uid:root", "uid:root");
BAD(uid_none, "uid:", "uid:");
BAD(uid_negative, "uid:-1", "uid:-1");
BAD(uid_nobody, "uid:4294967295", "uid:4294967295");
BAD(uid_large, "uid:4294967296", "uid:4294967296");
BAD(uid_garbage, "uid:1x", "uid:1x");
BAD(gid_word, "gid:kvm", "gid:kvm");
BAD(gid_nobody, "gid:4294967295", "gid:4294967295");
BAD(comm_none, "comm:", "comm:");
BAD(cgroup_none, "cgroup:", "cgroup:");
BAD(cgroup_relative, "cgroup:machine.slice", "cgroup:machine.slice");
BAD(hole, "uid:1,,uid:2", "");
BAD(end, "uid:1,", "");
BAD(second, "uid:1,foo", "foo");

FIXTURE_SETUP(bad_rule)
{
	if (module_loaded())
		ASSERT_EQ(0, module_unload());
}

FIXTURE_TEARDOWN(bad_rule)
{
}

TEST_F(bad_rule, refuses_to_load_and_names_it)
{
	char params[128];

	snprintf(params, sizeof(params), "only=%s", variant->rule);
	klog_start();
	EXPECT_EQ(-EINVAL, module_load(params));
	EXPECT_FALSE(module_loaded());
	EXPECT_TRUE(klog_has("dbgport: only=: "));
	EXPECT_TRUE(klog_has(variant->said));
}

TEST_F(bad_rule, leaves_the_old_rules_when_it_is_written)
{
	char text[64];

	ASSERT_EQ(0, module_load("except=uid:7"));
	klog_start();
	EXPECT_EQ(-EINVAL, module_set("except", variant->rule));
	EXPECT_TRUE(klog_has("dbgport: except=: "));
	EXPECT_TRUE(klog_has(variant->said));
	EXPECT_EQ(0, module_get("except", text, sizeof(text)));
	EXPECT_STREQ("uid:7\n", text);
}

TEST_HARNESS_MAIN
