// SPDX-License-Identifier: GPL-2.0
/* A VMM that does not get on with making a VM. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "module.h"
#include "harness.h"

static int make_vm(void)
{
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	return ioctl(kvm, KVM_CREATE_VM, 0);
}

/* In memory that is shared with the VMM: it has ended by itself. */
static bool *over;

static void end_it(int sig)
{
	(void)sig;
	*over = true;
	_exit(1);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* A VMM whose thread runs a vCPU as soon as its descriptor is there, or sooner. */
struct racer {
	int vcpu;	/* to be */
	bool go;
};

static void *run_it(void *arg)
{
	struct racer *racer = arg;

	__atomic_store_n(&racer->go, true, __ATOMIC_RELEASE);
	while (ioctl(racer->vcpu, KVM_RUN, 0) < 0 && errno == EBADF)
		;
	pause();
	return NULL;
}

/* Its guest never exits, and is at once where all CPUs begin. */
static void race(int made)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = 0xfffff000,
		.memory_size = 4096,
	};
	struct racer racer = { 0 };
	int vm = make_vm();
	unsigned char *page;
	pthread_t thread;
	sigset_t set;

	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		_exit(1);
	/* So that nobody hangs for longer. */
	signal(SIGALRM, end_it);
	alarm(25);
	memcpy(page + 0xff0, "\xeb\xfe", 2);		/* jmp $ */
	region.userspace_addr = (uintptr_t)page;
	if (ioctl(vm, KVM_SET_TSS_ADDR, 0xfffbd000) < 0 ||
	    ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region))
		_exit(1);
	racer.vcpu = dup(0);
	close(racer.vcpu);
	if (pthread_create(&thread, NULL, run_it, &racer))
		_exit(1);
	/* It is the other thread that gets the signal: this one may sleep too deeply. */
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	while (!__atomic_load_n(&racer.go, __ATOMIC_ACQUIRE))
		;
	if (ioctl(vm, KVM_CREATE_VCPU, 0) < 0 || write(made, "", 1) != 1)
		_exit(1);
	pause();
}

/*
 * A VMM whose thread is not back from KVM_CREATE_VCPU: hundreds are tried until the
 * other thread is faster.  Return: -1 if one cannot be started.
 */
static pid_t park_by_running(void)
{
	for (;;) {
		struct pollfd pfd = { .events = POLLIN };
		int made[2];
		pid_t pid;

		if (pipe(made))
			return -1;
		pid = fork();
		if (pid == 0) {
			dup2(made[1], 3);
			close_range(4, ~0U, 0);
			race(3);
		}
		close(made[1]);
		pfd.fd = made[0];
		if (!poll(&pfd, 1, 1000)) {
			close(made[0]);
			return pid;
		}
		close(made[0]);
		end(pid);
	}
}

TEST(a_vmm_that_runs_what_it_makes_is_not_waited_for)
{
	pid_t vmm;

	over = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, over);
	module_fresh("");
	vmm = park_by_running();
	ASSERT_LT(0, vmm);
	EXPECT_EQ(0, module_unload());
	EXPECT_FALSE(*over);
	end(vmm);
}

TEST_HARNESS_MAIN
