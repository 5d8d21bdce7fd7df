// SPDX-License-Identifier: GPL-2.0
/* A VMM that does not get on with making a VM. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
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

/* A VMM that runs a vCPU as soon as its descriptor is there, or sooner. */
struct racer {
	int vm;
	int vcpu;	/* to be */
	int made;	/* told when the vCPU was made */
	bool go;
};

static void *make_vcpu(void *arg)
{
	struct racer *racer = arg;
	sigset_t set;

	/* It is the other thread that gets the signal: this one may sleep too deeply. */
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	while (!__atomic_load_n(&racer->go, __ATOMIC_ACQUIRE))
		;
	if (ioctl(racer->vm, KVM_CREATE_VCPU, 0) < 0 || write(racer->made, "", 1) != 1)
		_exit(1);
	pause();
	return NULL;
}

/*
 * On the CPU of the thread that makes the vCPU, and preferred to it.  If that is just
 * under the VM's lock, we wait for the lock, and go on as soon as it is free: the
 * descriptor is there then, and nobody runs the vCPU yet.
 */
static void run_first(struct racer *racer)
{
	struct sched_param first = { .sched_priority = 1 };
	struct timespec moment = { 0 };
	__u64 addr = 0;

	if (sched_setscheduler(0, SCHED_FIFO, &first))
		_exit(1);
	__atomic_store_n(&racer->go, true, __ATOMIC_RELEASE);
	srand(getpid());
	do {
		/* Where waking up takes long, the other one would never get its turn. */
		moment.tv_nsec = 20000 + rand() % 480000;
		nanosleep(&moment, NULL);
		ioctl(racer->vm, KVM_SET_IDENTITY_MAP_ADDR, &addr);
	} while (ioctl(racer->vcpu, KVM_RUN, 0) < 0 && errno == EBADF);
	pause();
}

static void stay_on_one_cpu(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		_exit(1);
}

/*
 * Its guest never exits to us, and is at once where all CPUs begin.  It exits to KVM all
 * the time, as Bochs hands no interrupt to who waits for a guest that does not.
 */
static void race(int made)
{
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = 0xfffff000,
		.memory_size = 4096,
	};
	struct racer racer = { .made = made };
	unsigned char *page;
	pthread_t thread;

	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		_exit(1);
	/* So that nobody hangs for longer. */
	signal(SIGALRM, end_it);
	alarm(25);
	stay_on_one_cpu();
	memcpy(page + 0xff0, "\x0f\xa2\xeb\xfc", 4);	/* cpuid; jmp -4 */
	region.userspace_addr = (uintptr_t)page;
	racer.vm = make_vm();
	if (ioctl(racer.vm, KVM_SET_TSS_ADDR, 0xfffbd000) < 0 ||
	    ioctl(racer.vm, KVM_SET_USER_MEMORY_REGION, &region))
		_exit(1);
	racer.vcpu = dup(0);
	close(racer.vcpu);
	if (pthread_create(&thread, NULL, make_vcpu, &racer))
		_exit(1);
	run_first(&racer);
}

/* What other work there is on its CPU is not to wait. */
static void slow_down(pid_t pid)
{
	struct sched_param other = { 0 };

	sched_setscheduler(pid, SCHED_OTHER, &other);
}

/* Where there is one CPU only, who is to slow others down must get it before them. */
static int go_before_all(void)
{
	struct sched_param first = { .sched_priority = 2 };

	return sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first);
}

/*
 * A VMM whose thread is not back from KVM_CREATE_VCPU: some are tried until the
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
			slow_down(pid);
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
	ASSERT_EQ(0, go_before_all());
	vmm = park_by_running();
	slow_down(0);
	ASSERT_LT(0, vmm);
	EXPECT_EQ(0, module_unload());
	EXPECT_FALSE(*over);
	end(vmm);
}

TEST_HARNESS_MAIN
