// SPDX-License-Identifier: GPL-2.0
/* What was before a VM's zero: its VMM's process began, and KVM made the VM. */
#include <fcntl.h>
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

/* VMs that come and go without a vCPU. */
#define MANY	40
#define HOUR_NS	3600000000000ULL

FIXTURE(created) {
	struct dbgport_vm_info info;
	int fd;
};

FIXTURE_VARIANT(created) {
	const char *params;
	bool by_vcpu;
};

/* With the other backend a VM's zero is when it is made. */
FIXTURE_VARIANT_ADD(created, iodev) { .params = "", .by_vcpu = true };
FIXTURE_VARIANT_ADD(created, ioeventfd) { .params = "backend=ioeventfd" };

FIXTURE_SETUP(created)
{
	module_fresh(variant->params);
	self->fd = reader_open(0, 0);
}

FIXTURE_TEARDOWN(created)
{
	close(self->fd);
}

/**
 * struct made - a VM, and what the clock said when it was made
 * @vm, @vcpu: its descriptors; -1: none
 * @before_vm, @after_vm, @before_vcpu, @after_vcpu: KVM_CREATE_VM, KVM_CREATE_VCPU
 */
struct made {
	int vm, vcpu;
	unsigned long long before_vm, after_vm, before_vcpu, after_vcpu;
};

/* So that times can be told from each other. */
static void wait_a_moment(void)
{
	const struct timespec moment = { .tv_nsec = 20000000 };

	nanosleep(&moment, NULL);
}

static int make_vm(struct made *made)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	made->vcpu = -1;
	made->before_vm = now_ns();
	made->vm = ioctl(kvm, KVM_CREATE_VM, 0);
	made->after_vm = now_ns();
	close(kvm);
	return made->vm < 0 ? -1 : 0;
}

static int make_vcpu(struct made *made)
{
	made->before_vcpu = now_ns();
	made->vcpu = ioctl(made->vm, KVM_CREATE_VCPU, 0);
	made->after_vcpu = now_ns();
	return made->vcpu < 0 ? -1 : 0;
}

static void end_vm(const struct made *made)
{
	if (made->vcpu >= 0)
		close(made->vcpu);
	close(made->vm);
}

/* In a process of its own, until @wait is closed; it tells what it has made. */
static void be_vmm(int tell, int wait)
{
	struct made made;
	char byte;

	wait_a_moment();
	if (make_vm(&made))
		_exit(1);
	wait_a_moment();
	if (make_vcpu(&made) || write(tell, &made, sizeof(made)) != sizeof(made))
		_exit(1);
	_exit(read(wait, &byte, 1) ? 1 : 0);
}

TEST_F(created, comes_after_the_process_and_before_the_first_vcpu)
{
	unsigned long long before, after;
	int tell[2], wait[2], status;
	struct made made;
	pid_t pid;

	ASSERT_EQ(0, pipe(tell));
	ASSERT_EQ(0, pipe(wait));
	before = now_ns();
	pid = fork();
	if (!pid) {
		close(wait[1]);
		be_vmm(tell[1], wait[0]);
	}
	after = now_ns();
	ASSERT_EQ(sizeof(made), read(tell[0], &made, sizeof(made)));
	ASSERT_EQ(0, reader_vm_info(self->fd, reader_next_vm(self->fd, 0), &self->info));
	EXPECT_EQ(pid, self->info.pid);
	EXPECT_LE(before, self->info.started_ns);
	EXPECT_LE(self->info.started_ns, after);
	EXPECT_LE(self->info.started_ns, made.before_vm);
	EXPECT_LE(made.before_vm, self->info.created_ns);
	EXPECT_LE(self->info.created_ns, made.after_vm);
	EXPECT_LE(self->info.created_ns, self->info.zero_ns);
	if (variant->by_vcpu) {
		EXPECT_LE(made.before_vcpu, self->info.zero_ns);
		EXPECT_LE(self->info.zero_ns, made.after_vcpu);
	}
	close(wait[1]);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);

	/* Both are kept. */
	before = self->info.created_ns;
	ASSERT_EQ(0, reader_vm_info(self->fd, self->info.vm, &self->info));
	EXPECT_TRUE(self->info.flags & DBGPORT_VM_GONE);
	EXPECT_EQ(before, self->info.created_ns);
	EXPECT_LE(self->info.started_ns, self->info.created_ns);
}

TEST_F(created, is_each_vms_own_after_many_that_never_had_a_vcpu)
{
	struct made made;

	for (int i = 0; i < MANY; i++) {
		ASSERT_EQ(0, make_vm(&made));
		end_vm(&made);
		if (i % 10)
			continue;
		ASSERT_EQ(0, make_vm(&made));
		ASSERT_EQ(0, make_vcpu(&made));
		ASSERT_EQ(0, reader_vm_info(self->fd, reader_my_vm(self->fd), &self->info));
		EXPECT_LE(made.before_vm, self->info.created_ns);
		EXPECT_LE(self->info.created_ns, made.after_vm);
		end_vm(&made);
	}
}

TEST_F(created, is_each_vms_own_of_several_in_one_process)
{
	struct made made[3];
	unsigned int vm = 0;

	for (int i = 0; i < 3; i++)
		ASSERT_EQ(0, make_vm(&made[i]));
	/* The last one comes first. */
	for (int i = 2; i >= 0; i--) {
		ASSERT_EQ(0, make_vcpu(&made[i]));
		if (!variant->by_vcpu)
			continue;
		ASSERT_EQ(0, reader_vm_info(self->fd, reader_my_vm(self->fd), &self->info));
		EXPECT_LE(made[i].before_vm, self->info.created_ns);
		EXPECT_LE(self->info.created_ns, made[i].after_vm);
	}
	for (int i = 0; i < 3 && !variant->by_vcpu; i++) {
		vm = reader_next_vm(self->fd, vm);
		ASSERT_EQ(0, reader_vm_info(self->fd, vm, &self->info));
		EXPECT_LE(made[i].before_vm, self->info.created_ns);
		EXPECT_LE(self->info.created_ns, made[i].after_vm);
	}
	for (int i = 0; i < 3; i++)
		end_vm(&made[i]);
}

TEST_F(created, is_known_of_a_vm_that_is_attached_before_it_has_a_vcpu)
{
	struct dbgport_attach attach = { 0 };
	struct made made;

	ASSERT_EQ(0, make_vm(&made));
	attach.fd = made.vm;
	if (ioctl(self->fd, DBGPORT_ATTACH, &attach))
		ASSERT_EQ(EEXIST, errno);
	ASSERT_EQ(0, reader_vm_info(self->fd, attach.vm, &self->info));
	EXPECT_LE(made.before_vm, self->info.created_ns);
	EXPECT_LE(self->info.created_ns, made.after_vm);
	end_vm(&made);
}

/* Whatever a VMM makes of the clock that tells it. */
TEST_F(created, is_never_out_of_order)
{
	/* The first one may be true; the host has not been up for hours, and they are not over. */
	static const unsigned long long clocks[] = { 0, 1000 * HOUR_NS, 1ULL << 62, -HOUR_NS };

	for (size_t i = 0; i < ARRAY_SIZE(clocks); i++) {
		struct kvm_clock_data clock = { .clock = clocks[i] };
		struct made made;

		ASSERT_EQ(0, make_vm(&made));
		EXPECT_EQ(0, ioctl(made.vm, KVM_SET_CLOCK, &clock));
		ASSERT_EQ(0, make_vcpu(&made));
		ASSERT_EQ(0, reader_vm_info(self->fd, reader_my_vm(self->fd), &self->info));
		EXPECT_LE(self->info.created_ns, self->info.zero_ns);
		if (self->info.created_ns)
			EXPECT_LE(self->info.started_ns, self->info.created_ns);
		if (i && variant->by_vcpu)
			EXPECT_EQ(0, self->info.created_ns);
		end_vm(&made);
	}
}

TEST_F(created, is_not_known_of_a_vm_that_is_late)
{
	struct dbgport_attach attach = { 0 };
	struct made made;

	close(self->fd);
	ASSERT_EQ(0, module_unload());
	ASSERT_EQ(0, make_vm(&made));
	ASSERT_EQ(0, make_vcpu(&made));
	module_fresh(variant->params);
	self->fd = reader_open(0, 0);
	attach.fd = made.vm;
	ASSERT_EQ(0, ioctl(self->fd, DBGPORT_ATTACH, &attach));
	ASSERT_EQ(0, reader_vm_info(self->fd, attach.vm, &self->info));
	EXPECT_TRUE(self->info.flags & DBGPORT_VM_LATE);
	EXPECT_EQ(0, self->info.created_ns);
	EXPECT_NE(0, self->info.started_ns);
	EXPECT_LE(self->info.started_ns, made.before_vm);
	end_vm(&made);
}

TEST_HARNESS_MAIN
