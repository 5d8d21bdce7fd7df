// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "stuck.h"
#include "user.h"

#define PAGE		4096
#define ADDR		0x9000

/* A port that nobody has. */
#define OTHER_PORT	0x1234

/* Its ends of the pipes. */
#define SAY_FD		3
#define GIVE_FD		4

static pid_t adder;
static bool *over;

static void end_it(int sig)
{
	(void)sig;
	*over = true;
	_exit(1);
}

static int faults_open(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api))
		err(1, "userfaultfd");
	return fd;
}

static void faults_register(int fd, void *page)
{
	struct uffdio_register reg = {
		.range = { .start = (uintptr_t)page, .len = PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	if (ioctl(fd, UFFDIO_REGISTER, &reg))
		err(1, "UFFDIO_REGISTER");
}

static void faults_await(int fd)
{
	struct uffd_msg msg;

	if (read(fd, &msg, sizeof(msg)) != sizeof(msg) || msg.event != UFFD_EVENT_PAGEFAULT)
		err(1, "userfaultfd: no fault");
}

static void faults_give(int fd, void *page)
{
	struct uffdio_zeropage zero = {
		.range = { .start = (uintptr_t)page, .len = PAGE },
	};

	if (ioctl(fd, UFFDIO_ZEROPAGE, &zero))
		err(1, "UFFDIO_ZEROPAGE");
}

static void *add_memory(void *arg)
{
	struct kvm_userspace_memory_region region = {
		.slot = 1,
		.guest_phys_addr = 0x100000,
		.memory_size = PAGE,
	};
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	__atomic_store_n(&adder, gettid(), __ATOMIC_RELEASE);
	region.userspace_addr = (uintptr_t)page;
	if (ioctl(*(int *)arg, KVM_SET_USER_MEMORY_REGION, &region))
		err(1, "KVM_SET_USER_MEMORY_REGION");
	return NULL;
}

/* It sleeps, and cannot be woken: it is in the kernel, and waits for the vCPU. */
static void adder_await(void)
{
	char path[64], state = 0;
	FILE *file;

	while (!__atomic_load_n(&adder, __ATOMIC_ACQUIRE))
		usleep(1000);
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", adder);
	while (state != 'D') {
		usleep(1000);
		file = fopen(path, "re");
		if (!file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
			errx(1, "%s", path);
		fclose(file);
	}
}

static void be_stuck(uid_t uid)
{
	struct code code = { 0 };
	struct guest *guest;
	pthread_t thread;
	int fd, faults;
	char byte;

	signal(SIGALRM, end_it);
	alarm(25);
	faults = faults_open();
	if (uid)
		become(uid, -1);
	/* Not before: a new user undoes it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	code_in(&code, OTHER_PORT, 1, ADDR);
	code_out8(&code, 0xe9, 'B');
	code_hlt(&code);
	guest = guest_new(1, &code);
	fd = guest_fd(guest);
	faults_register(faults, guest_memory(guest, ADDR));
	guest_start(guest);
	faults_await(faults);
	errno = pthread_create(&thread, NULL, add_memory, &fd);
	if (errno)
		err(1, "pthread_create");
	adder_await();
	if (write(SAY_FD, &fd, sizeof(fd)) != sizeof(fd))
		err(1, "pipe");
	if (read(GIVE_FD, &byte, 1) == 1)
		faults_give(faults, guest_memory(guest, ADDR));
	pause();
}

void stuck_begin(struct stuck *stuck, uid_t uid)
{
	int say[2], give[2];

	if (pipe2(say, O_CLOEXEC) || pipe2(give, O_CLOEXEC))
		err(1, "pipe");
	over = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (over == MAP_FAILED)
		err(1, "mmap");
	stuck->over = over;
	stuck->pid = fork();
	if (stuck->pid < 0)
		err(1, "fork");
	if (stuck->pid == 0) {
		/* What the test has open is not for us to keep; a device, for one. */
		int said = fcntl(say[1], F_DUPFD, 10);
		int given = fcntl(give[0], F_DUPFD, 10);

		dup2(said, SAY_FD);
		dup2(given, GIVE_FD);
		syscall(__NR_close_range, GIVE_FD + 1, ~0U, 0);
		be_stuck(uid);
		_exit(1);
	}
	close(say[1]);
	close(give[0]);
	stuck->give = give[1];
	if (read(say[0], &stuck->fd, sizeof(stuck->fd)) != sizeof(stuck->fd))
		errx(1, "the VMM has ended before it was stuck");
	close(say[0]);
}

bool stuck_goes_on(const struct stuck *stuck)
{
	return !__atomic_load_n(stuck->over, __ATOMIC_ACQUIRE);
}

void stuck_let_on(struct stuck *stuck)
{
	if (write(stuck->give, "", 1) != 1)
		err(1, "pipe");
}

void stuck_end(struct stuck *stuck)
{
	if (!stuck->pid)
		return;
	kill(stuck->pid, SIGKILL);
	waitpid(stuck->pid, NULL, 0);
	close(stuck->give);
	munmap(stuck->over, PAGE);
	stuck->pid = 0;
}
