// SPDX-License-Identifier: GPL-2.0
/* VMs that hold up whoever works on them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "stuck.h"
#include "user.h"
#include "harness.h"

#define UID		40001

/* What may be under way for one user's VMs, as the module's header says. */
#define JOBS		16

static int attach(int reader, pid_t pid, int fd, unsigned int *id)
{
	struct dbgport_attach attach = { .pid = pid, .fd = fd };
	int ret = ioctl(reader, DBGPORT_ATTACH, &attach) ? -errno : 0;

	*id = attach.vm;
	return ret;
}

static int set_port(int reader, unsigned int id, unsigned int port)
{
	struct dbgport_set_ports set = { .vm = id, .nports = 1, .ports = { port } };

	return ioctl(reader, DBGPORT_SET_PORTS, &set) ? -errno : 0;
}

/* A new VM comes in, is claimed, and can be worked on, by @reader. */
static bool others_go_on(int reader)
{
	struct code code = { 0 };
	struct guest *guest;
	unsigned int id, again;
	bool good;

	code_out8(&code, 0xe9, 'A');
	code_hlt(&code);
	code_out8(&code, 0x80, 'A');
	code_hlt(&code);
	guest = guest_new(1, &code);
	id = reader_my_vm(reader);
	guest_run(guest);
	good = reader_written(reader, id) == 1 && !guest_exits(guest, 0xe9) &&
	       !set_port(reader, id, 0x80) && !reader_detach(reader, id) &&
	       !attach(reader, getpid(), guest_fd(guest), &again) &&
	       attach(reader, getpid(), guest_fd(guest), &id) == -EEXIST && id == again;
	guest_run(guest);
	good = good && reader_written(reader, id) == 1 && !guest_exits(guest, 0x80);
	guest_free(guest);
	return good;
}

FIXTURE(stuck) {
	struct stuck stuck;
	struct stream stream;
	unsigned int id;
	int fd;
};

/* It was there before the module, or came after. */
FIXTURE_VARIANT(stuck) {
	bool late;
};

FIXTURE_VARIANT_ADD(stuck, late) { .late = true };
FIXTURE_VARIANT_ADD(stuck, new) { .late = false };

FIXTURE_SETUP(stuck)
{
	if (module_loaded())
		ASSERT_EQ(0, module_unload());
	if (variant->late)
		stuck_begin(&self->stuck, 0);
	module_fresh("");
	if (!variant->late)
		stuck_begin(&self->stuck, 0);
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	self->id = reader_next_vm(self->fd, 0);
	ASSERT_EQ(variant->late, !self->id);
}

FIXTURE_TEARDOWN(stuck)
{
	stuck_end(&self->stuck);
	stream_free(&self->stream);
	if (self->fd >= 0)
		close(self->fd);
}

/* What is done to the VM, first of all: to take it in, or to let go of it. */
static int work_on(int late, int reader, const struct stuck *stuck, unsigned int id)
{
	unsigned int attached;

	return late ? attach(reader, stuck->pid, stuck->fd, &attached) : reader_detach(reader, id);
}

TEST_F(stuck, a_vm_is_waited_for_with_a_bound)
{
	EXPECT_EQ(-ETIMEDOUT, work_on(variant->late, self->fd, &self->stuck, self->id));
	EXPECT_TRUE(stuck_goes_on(&self->stuck));
}

TEST_F(stuck, a_vm_holds_up_no_other)
{
	EXPECT_EQ(-ETIMEDOUT, work_on(variant->late, self->fd, &self->stuck, self->id));
	EXPECT_TRUE(others_go_on(self->fd));
	EXPECT_TRUE(stuck_goes_on(&self->stuck));
}

TEST_F(stuck, a_vm_is_worked_on_when_it_goes_on)
{
	EXPECT_EQ(-ETIMEDOUT, work_on(variant->late, self->fd, &self->stuck, self->id));
	stuck_let_on(&self->stuck);
	while (variant->late && !self->id) {
		self->id = reader_next_vm(self->fd, 0);
		poll(NULL, 0, 1);
	}
	if (!variant->late) {
		reader_until(self->fd, &self->stream, self->id, DBGPORT_GONE);
		EXPECT_EQ(DBGPORT_DETACHED, self->stream.rec[self->stream.len - 1].flags);
	}
	EXPECT_TRUE(stuck_goes_on(&self->stuck));
}

TEST_F(stuck, a_caller_that_waits_can_be_killed)
{
	pid_t caller = fork();
	int status;

	if (caller == 0) {
		work_on(variant->late, self->fd, &self->stuck, self->id);
		pause();
	}
	usleep(200000);
	kill(caller, SIGKILL);
	ASSERT_EQ(caller, waitpid(caller, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_TRUE(stuck_goes_on(&self->stuck));
}

TEST_F(stuck, a_vm_is_named_when_an_unload_waits_for_it)
{
	char text[64];
	pid_t rmmod;
	int status;

	/* Something of ours is on its way for one variant, and not for the other. */
	if (variant->late)
		EXPECT_EQ(-ETIMEDOUT, work_on(true, self->fd, &self->stuck, self->id));
	close(self->fd);
	self->fd = -1;
	klog_start();
	rmmod = fork();
	if (rmmod == 0)
		_exit(-module_unload());
	snprintf(text, sizeof(text), "[%d], user 0, which does not let go", self->stuck.pid);
	while (!klog_has(text) && stuck_goes_on(&self->stuck))
		poll(NULL, 0, 10);
	EXPECT_TRUE(stuck_goes_on(&self->stuck));
	EXPECT_TRUE(module_loaded());
	stuck_end(&self->stuck);
	waitpid(rmmod, &status, 0);
	EXPECT_EQ(0, status);
	EXPECT_FALSE(module_loaded());
}

TEST_F(stuck, a_vm_does_not_keep_others_when_the_module_is_unloaded)
{
	struct code code = { 0 };
	struct guest *guest;
	pid_t rmmod;
	int status;

	code_count8(&code, 0xe9, 0);
	guest = guest_new(1, &code);
	guest_start(guest);
	EXPECT_EQ(0, guest_exits(guest, 0xe9));
	if (variant->late)
		EXPECT_EQ(-ETIMEDOUT, work_on(true, self->fd, &self->stuck, self->id));
	close(self->fd);
	self->fd = -1;
	ASSERT_EQ(0, module_set("claim", "always"));
	rmmod = fork();
	if (rmmod == 0)
		_exit(-module_unload());
	/* Its VMM gets what it writes again. */
	while (!guest_exits(guest, 0xe9) && stuck_goes_on(&self->stuck))
		poll(NULL, 0, 1);
	EXPECT_TRUE(stuck_goes_on(&self->stuck));
	EXPECT_TRUE(module_loaded());
	stuck_end(&self->stuck);
	waitpid(rmmod, &status, 0);
	EXPECT_EQ(0, status);
	guest_stop(guest);
	guest_free(guest);
}

TEST(the_ports_of_a_stuck_vm_are_waited_for_with_a_bound)
{
	struct stuck stuck;
	int fd;

	module_fresh("");
	stuck_begin(&stuck, 0);
	fd = reader_open(0, DBGPORT_SUB_CLAIM);
	EXPECT_EQ(-ETIMEDOUT, set_port(fd, reader_next_vm(fd, 0), 0x80));
	EXPECT_TRUE(stuck_goes_on(&stuck));
	stuck_end(&stuck);
	close(fd);
}

TEST(a_stuck_vm_that_is_attached_says_so_at_once)
{
	struct stuck stuck;
	unsigned int id;
	int fd;

	module_fresh("");
	stuck_begin(&stuck, 0);
	fd = reader_open(0, 0);
	EXPECT_EQ(-EEXIST, attach(fd, stuck.pid, stuck.fd, &id));
	EXPECT_EQ(reader_next_vm(fd, 0), id);
	EXPECT_TRUE(stuck_goes_on(&stuck));
	stuck_end(&stuck);
	close(fd);
}

struct setter {
	pthread_t thread;
	int reader;
	unsigned int id;
	int ret;
};

static void *set_ports(void *arg)
{
	struct setter *setter = arg;

	setter->ret = set_port(setter->reader, setter->id, 0x80);
	return NULL;
}

TEST(a_users_stuck_vms_leave_room_for_others)
{
	struct setter setters[JOBS + 6];
	struct stuck stuck = { 0 };
	unsigned int timeouts = 0, refused = 0;
	size_t i;
	int fd;

	module_fresh("");
	ASSERT_EQ(0, chmod("/dev/kvm", 0666));
	stuck_begin(&stuck, UID);
	fd = reader_open(0, DBGPORT_SUB_CLAIM);
	for (i = 0; i < ARRAY_SIZE(setters); i++) {
		setters[i].reader = fd;
		setters[i].id = reader_next_vm(fd, 0);
		ASSERT_EQ(0, pthread_create(&setters[i].thread, NULL, set_ports, &setters[i]));
	}
	for (i = 0; i < ARRAY_SIZE(setters); i++) {
		pthread_join(setters[i].thread, NULL);
		timeouts += setters[i].ret == -ETIMEDOUT;
		refused += setters[i].ret == -EAGAIN;
	}
	EXPECT_EQ(JOBS, timeouts);
	EXPECT_EQ(ARRAY_SIZE(setters) - JOBS, refused);
	EXPECT_TRUE(others_go_on(fd));
	EXPECT_TRUE(stuck_goes_on(&stuck));
	stuck_end(&stuck);
	close(fd);
}

TEST_HARNESS_MAIN
