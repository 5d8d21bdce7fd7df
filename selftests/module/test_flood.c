// SPDX-License-Identifier: GPL-2.0
/*
 * The module unloaded while 4 vCPUs write as fast as they can.  A vCPU that
 * hangs shows as a test that does not end.
 */
#include <fcntl.h>
#include <poll.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define ROUNDS	50
#define VCPUS	4

FIXTURE(flood) {
	struct guest *guest;
	unsigned int alive;
};

FIXTURE_SETUP(flood)
{
	self->alive = guests_alive();
	module_fresh("ring=64");
}

FIXTURE_TEARDOWN(flood)
{
	int tries;

	guest_free(self->guest);
	EXPECT_EQ(0, module_unload());
	/* Of a killed VMM, the last references go by a delayed fput. */
	for (tries = 0; guests_alive() != self->alive && tries < 2000; tries++)
		poll(NULL, 0, 1);
	EXPECT_EQ(self->alive, guests_alive());
}

/* Wait until the VMM has seen one more write of each vCPU. */
static void await_each_vcpu(struct guest *guest)
{
	int i;

	for (i = 0; i < VCPUS; i++) {
		unsigned long exits = guest_vcpu_exits(guest, i);

		while (guest_vcpu_exits(guest, i) == exits)
			poll(NULL, 0, 1);
	}
}

TEST_F_TIMEOUT(flood, rmmod_50_times_leaves_every_vm_running, 900)
{
	struct code code = { 0 };
	int i, fd;

	code_count(&code, 0xe9, 0);
	for (i = 0; i < ROUNDS; i++) {
		struct dbgport_vm_info info = { 0 };
		unsigned int vm;

		/* Odd rounds: claimed to the last; even ones: recorded only. */
		fd = reader_open(O_NONBLOCK, i % 2 ? DBGPORT_SUB_CLAIM : 0);
		self->guest = guest_new(VCPUS, &code);
		vm = reader_my_vm(fd);
		guest_start(self->guest);
		while (info.written < 500)
			ASSERT_EQ(0, reader_vm_info(fd, vm, &info));
		close(fd);
		ASSERT_EQ(0, module_unload());

		await_each_vcpu(self->guest);
		guest_free(self->guest);
		self->guest = NULL;
		ASSERT_EQ(0, module_load("ring=64"));
	}
}

TEST_F_TIMEOUT(flood, vms_may_end_while_the_module_is_unloaded, 600)
{
	struct code code = { 0 };
	int i;

	code_count(&code, 0xe9, 0);
	for (i = 0; i < 20; i++) {
		pid_t child;
		int fd = reader_open(0, DBGPORT_SUB_CLAIM);
		struct dbgport_record rec;

		child = fork();
		if (child == 0) {
			close(fd);
			self->guest = guest_new(VCPUS, &code);
			guest_start(self->guest);
			pause();
		}
		ASSERT_EQ(sizeof(rec), read(fd, &rec, sizeof(rec)));
		close(fd);
		/* Both at once, in changing order. */
		kill(child, SIGKILL);
		poll(NULL, 0, i % 4);
		EXPECT_EQ(0, module_unload());
		waitpid(child, NULL, 0);
		ASSERT_EQ(0, module_load("ring=64"));
	}
}

TEST_HARNESS_MAIN
