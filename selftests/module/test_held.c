// SPDX-License-Identifier: GPL-2.0
/* VMMs that hold up the backend "ioeventfd" when it takes their place. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "hold.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define ADDR	0x8000

FIXTURE(held) {
	struct stream stream;
	struct hold hold;
	unsigned int vm;
	pid_t vmm;
	int fd;
};

/* A VMM, another process, that can be made to hold up who works on it. */
FIXTURE_SETUP(held)
{
	module_fresh("backend=ioeventfd claim=never");
	self->fd = reader_open(0, 0);
}

FIXTURE_TEARDOWN(held)
{
	hold_end(&self->hold);
	if (self->vmm > 0) {
		kill(self->vmm, SIGKILL);
		waitpid(self->vmm, NULL, 0);
	}
	stream_free(&self->stream);
	if (self->fd >= 0)
		close(self->fd);
}

/* Flood, and then hold the lock of the own memory. */
static void vmm_that_holds_its_memory(struct hold *hold)
{
	struct code code = { 0 };

	code_count8(&code, 0xe9, 0);
	guest_start(guest_new(1, &code));
	hold_memory(hold);
	pause();
}

static void start_vmm(struct hold *hold, pid_t *vmm, void (*be)(struct hold *hold))
{
	hold_begin(hold);
	*vmm = fork();
	if (*vmm == 0) {
		/* Or the module would be in use as long as it lives. */
		close_range(3, ~0U, 0);
		be(hold);
		_exit(0);
	}
	hold_await(hold);
}

static bool write_is_claimed(int fd)
{
	struct code code = { 0 };
	struct guest *guest;
	bool claimed;

	code_out8(&code, 0xe9, 1);
	code_hlt(&code);
	guest = guest_new(1, &code);
	reader_await_claimed(fd, reader_my_vm(fd), true);
	guest_run(guest);
	claimed = guest_exits(guest, 0xe9) == 0;
	guest_free(guest);
	return claimed;
}

TEST_F(held, a_vmm_that_holds_its_memory_holds_up_nobody)
{
	unsigned long long written;

	start_vmm(&self->hold, &self->vmm, vmm_that_holds_its_memory);
	self->vm = reader_next_vm(self->fd, 0);
	ASSERT_EQ(0, module_set("claim", "always"));
	EXPECT_TRUE(write_is_claimed(self->fd));
	/* It goes on, as it was. */
	EXPECT_EQ(0, reader_vm_flags(self->fd, self->vm) & DBGPORT_VM_CLAIMED);
	written = reader_written(self->fd, self->vm);
	while (reader_written(self->fd, self->vm) < written + 100)
		poll(NULL, 0, 1);
	/* And is claimed as soon as it can be. */
	hold_end(&self->hold);
	reader_await_claimed(self->fd, self->vm, true);
}

TEST_F(held, a_vmm_that_holds_its_memory_is_detached)
{
	start_vmm(&self->hold, &self->vmm, vmm_that_holds_its_memory);
	self->vm = reader_next_vm(self->fd, 0);
	ASSERT_EQ(0, module_set("claim", "always"));
	EXPECT_EQ(0, reader_detach(self->fd, self->vm));
	reader_until(self->fd, &self->stream, self->vm, DBGPORT_GONE);
	EXPECT_EQ(0, reader_info(self->fd).vms);
}

TEST_F(held, a_vmm_that_holds_its_memory_does_not_keep_the_module)
{
	start_vmm(&self->hold, &self->vmm, vmm_that_holds_its_memory);
	ASSERT_EQ(0, module_set("claim", "always"));
	close(self->fd);
	self->fd = -1;
	EXPECT_EQ(0, module_unload());
}

TEST_F(held, nor_for_good_if_it_is_claimed)
{
	int vms = reader_open(0, DBGPORT_SUB_CLAIM);

	ASSERT_EQ(0, module_set("claim", "always"));
	start_vmm(&self->hold, &self->vmm, vmm_that_holds_its_memory);
	reader_await_claimed(vms, reader_next_vm(vms, 0), true);
	close(vms);
	close(self->fd);
	self->fd = -1;
	klog_start();
	EXPECT_EQ(0, module_unload());
	EXPECT_TRUE(klog_has("was not given back (error -4)"));
}

static void vmm_that_is_stuck(struct hold *hold)
{
	struct code code = { 0 };
	struct guest *guest;

	code_out8(&code, 0xe9, 1);
	code_in(&code, 0xe9, 1, ADDR);
	code_hlt(&code);
	guest = guest_new(1, &code);
	/* Its memory is a file's that never gives it. */
	hold_page(hold, guest_memory(guest, ADDR));
	guest_run(guest);
}

static void *unload(void *arg)
{
	(void)arg;
	return (void *)(long)module_unload();
}

TEST_F(held, a_vcpu_that_is_stuck_is_named_and_waited_for)
{
	pthread_t thread;
	void *ret;

	ASSERT_EQ(0, module_set("claim", "always"));
	start_vmm(&self->hold, &self->vmm, vmm_that_is_stuck);
	self->vm = reader_next_vm(self->fd, 0);
	EXPECT_TRUE(write_is_claimed(self->fd));
	EXPECT_EQ(-ETIMEDOUT, reader_detach(self->fd, self->vm));
	close(self->fd);
	self->fd = -1;

	klog_start();
	ASSERT_EQ(0, pthread_create(&thread, NULL, unload, NULL));
	while (!klog_has("unloading waits for VM"))
		poll(NULL, 0, 10);
	hold_end(&self->hold);
	pthread_join(thread, &ret);
	EXPECT_EQ(NULL, ret);
}

TEST_HARNESS_MAIN
