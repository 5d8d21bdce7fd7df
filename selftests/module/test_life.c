// SPDX-License-Identifier: GPL-2.0
/* VMs, readers and the module ending in every order. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "user.h"
#include "harness.h"

/* Bounds on rings of VMs that ended: as the module's documentation says. */
#define DEAD_VMS	256

#define UID		40001

FIXTURE(life) {
	struct code code;
	struct guest *guest;
	struct stream stream;
	unsigned int vm;
};

FIXTURE_SETUP(life)
{
	module_fresh("");
}

FIXTURE_TEARDOWN(life)
{
	guest_free(self->guest);
	stream_free(&self->stream);
	/* Some tests leave it unplugged or unloaded. */
	if (module_loaded())
		EXPECT_EQ(0, module_unload());
}

/* A VM that writes its number's low byte and is no more. */
static void short_vm(unsigned int number)
{
	struct code code = { 0 };
	struct guest *guest;

	code_out8(&code, 0xe9, number);
	code_hlt(&code);
	guest = guest_new(1, &code);
	guest_run(guest);
	guest_free(guest);
}

TEST_F(life, of_a_vm_ends_with_its_vmm_killed)
{
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);
	char byte;
	int ready[2];
	pid_t child;

	ASSERT_EQ(0, pipe(ready));
	child = fork();
	if (child == 0) {
		code_count(&self->code, 0xe9, 0);
		self->guest = guest_new(4, &self->code);
		guest_start(self->guest);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
	}
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	self->vm = reader_next_vm(fd, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	reader_until(fd, &self->stream, self->vm, DBGPORT_GONE);
	EXPECT_EQ(NULL, stream_fault(&self->stream, self->vm)) {
		TH_LOG("%s", stream_fault(&self->stream, self->vm));
	}
	EXPECT_EQ(0, reader_info(fd).vms);
	close(fd);
}

/* Nothing more comes of a VM that was read to its end, and it can be asked about. */
static void expect_kept(struct __test_metadata *_metadata, int fd, unsigned int vm)
{
	struct stream more = { 0 };
	struct dbgport_vm_info info;

	reader_drain(fd, &more);
	EXPECT_EQ(0, more.len);
	ASSERT_EQ(0, reader_vm_info(fd, vm, &info));
	EXPECT_EQ(DBGPORT_VM_GONE, info.flags);
	EXPECT_EQ(1, info.written);
	EXPECT_EQ(0, info.oldest);
	EXPECT_EQ(1, info.delivered);
	EXPECT_EQ(0, info.lost);
	EXPECT_EQ(vm, reader_next_vm(fd, vm - 1));
	stream_free(&more);
}

TEST_F(life, of_a_vm_that_was_read_goes_on_for_all_who_come)
{
	int readers[3];
	unsigned int vm;

	readers[0] = reader_open(0, DBGPORT_SUB_CLAIM);
	readers[1] = reader_open(0, 0);
	short_vm(7);
	vm = reader_next_vm(readers[0], 0);
	ASSERT_NE(0, vm);
	for (int i = 0; i < 3; i++) {
		if (i == 2)
			readers[i] = reader_open(0, 0);
		stream_free(&self->stream);
		reader_drain(readers[i], &self->stream);
		EXPECT_EQ(3, self->stream.len);
		EXPECT_EQ(NULL, stream_fault(&self->stream, vm));
		ASSERT_EQ(1, stream_count(&self->stream, vm, DBGPORT_WRITE));
		EXPECT_EQ(7, stream_write(&self->stream, vm, 0)->value);
		expect_kept(_metadata, readers[i], vm);
	}
	close(readers[0]);
	expect_kept(_metadata, readers[1], vm);
	close(readers[1]);
	expect_kept(_metadata, readers[2], vm);
	close(readers[2]);
}

TEST_F(life, of_a_vm_that_was_read_can_be_read_again_after_a_seek)
{
	struct dbgport_seek seek = { .seq = 0 };
	int fd = reader_open(0, 0), newest;
	struct dbgport_record rec;

	short_vm(7);
	seek.vm = reader_next_vm(fd, 0);
	reader_drain(fd, &self->stream);
	stream_free(&self->stream);
	seek.seq = 2;
	EXPECT_EQ(-1, ioctl(fd, DBGPORT_SEEK, &seek));
	EXPECT_EQ(EINVAL, errno);
	reader_drain(fd, &self->stream);
	EXPECT_EQ(0, self->stream.len);

	/* It has been announced. */
	seek.seq = 0;
	ASSERT_EQ(0, ioctl(fd, DBGPORT_SEEK, &seek));
	reader_drain(fd, &self->stream);
	ASSERT_EQ(2, self->stream.len);
	EXPECT_EQ(7, self->stream.rec[0].value);
	EXPECT_EQ(DBGPORT_GONE, self->stream.rec[1].type);
	expect_kept(_metadata, fd, seek.vm);
	close(fd);

	/* Not to one that had no use for those that had ended. */
	newest = reader_open(O_NONBLOCK, DBGPORT_SUB_NEWEST);
	EXPECT_EQ(-1, read(newest, &rec, sizeof(rec)));
	EXPECT_EQ(EAGAIN, errno);
	ASSERT_EQ(0, ioctl(newest, DBGPORT_SEEK, &seek));
	stream_free(&self->stream);
	reader_drain(newest, &self->stream);
	EXPECT_EQ(3, self->stream.len);
	EXPECT_EQ(NULL, stream_fault(&self->stream, seek.vm));
	close(newest);
}

TEST_F(life, of_a_ring_outlives_a_vm_that_nobody_listened_to)
{
	int fd;

	short_vm(9);
	fd = reader_open(0, 0);
	reader_drain(fd, &self->stream);
	ASSERT_EQ(3, self->stream.len);
	EXPECT_EQ(DBGPORT_ATTACHED, self->stream.rec[0].type);
	EXPECT_EQ(9, self->stream.rec[1].value);
	EXPECT_EQ(DBGPORT_GONE, self->stream.rec[2].type);
	close(fd);
}

TEST_F(life, of_a_ring_goes_on_if_its_reader_dies_with_the_end_in_hand)
{
	struct dbgport_record rec[8];
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);

	short_vm(5);
	/* ATTACHED, a write, GONE; and no read that says that they arrived. */
	ASSERT_EQ(3 * sizeof(rec[0]), read(fd, rec, sizeof(rec)));
	EXPECT_EQ(DBGPORT_GONE, rec[2].type);
	close(fd);

	fd = reader_open(0, DBGPORT_SUB_CLAIM);
	reader_drain(fd, &self->stream);
	ASSERT_EQ(3, self->stream.len);
	EXPECT_EQ(5, self->stream.rec[1].value);
	close(fd);
}

TEST_F(life, of_vms_that_were_read_has_the_same_bound)
{
	struct dbgport_vm_info info;
	unsigned int kept = 0;
	int fd;

	module_fresh("ring=64");
	fd = reader_open(0, DBGPORT_SUB_CLAIM);
	for (int n = 0; n < DEAD_VMS + 20; n++) {
		short_vm(n);
		stream_free(&self->stream);
		reader_drain(fd, &self->stream);
		EXPECT_EQ(3, self->stream.len);
	}
	while ((self->vm = reader_next_vm(fd, self->vm))) {
		ASSERT_EQ(0, reader_vm_info(fd, self->vm, &info));
		EXPECT_EQ(1, info.delivered);
		EXPECT_EQ(0, info.oldest);
		kept++;
	}
	EXPECT_EQ(DEAD_VMS, kept);
	EXPECT_EQ(-ENOENT, reader_vm_info(fd, 20, &info));
	stream_free(&self->stream);
	reader_drain(fd, &self->stream);
	EXPECT_EQ(0, self->stream.len);
	close(fd);
}

TEST_F(life, of_dead_rings_is_bounded_in_number_and_the_loss_is_told)
{
	unsigned long long vms = 0, writes = 0, kept;
	int early, late;
	size_t i;
	int n;

	module_fresh("ring=64");
	early = reader_open(0, 0);
	for (n = 0; n < DEAD_VMS + 20; n++)
		short_vm(n);

	late = reader_open(0, 0);
	reader_drain(late, &self->stream);
	/* Of each kept one: ATTACHED, a write, GONE. */
	EXPECT_EQ(3 * DEAD_VMS, self->stream.len);
	EXPECT_EQ(0, stream_count(&self->stream, 0, DBGPORT_LOST));
	close(late);

	stream_free(&self->stream);
	reader_drain(early, &self->stream);
	for (i = 0; i < self->stream.len; i++) {
		const struct dbgport_record *rec = &self->stream.rec[i];

		if (rec->vm || rec->type != DBGPORT_LOST)
			continue;
		vms += rec->seq;
		writes += rec->count;
	}
	kept = 0;
	for (i = 0; i < self->stream.len; i++)
		kept += self->stream.rec[i].type == DBGPORT_WRITE;
	EXPECT_EQ(20, vms);
	EXPECT_EQ(20, writes);
	EXPECT_EQ(DEAD_VMS, kept);
	close(early);
}

TEST_F(life, of_dead_rings_is_bounded_in_bytes)
{
	struct dbgport_vm_info info;
	unsigned int vm = 0, kept = 0;
	int fd, i;

	/* 16 MiB each. */
	module_fresh("ring=1048576");
	for (i = 0; i < 4; i++)
		short_vm(i);
	fd = reader_open(0, 0);
	while ((vm = reader_next_vm(fd, vm))) {
		EXPECT_EQ(0, reader_vm_info(fd, vm, &info));
		kept++;
	}
	EXPECT_LE(1, kept);
	EXPECT_GE(2, kept);
	close(fd);
}

TEST_F(life, of_the_newest_dead_ring_goes_on_however_large_it_is)
{
	int fd;

	/* 64 MiB each. */
	module_fresh("ring=4194304");
	short_vm(1);
	short_vm(2);
	fd = reader_open(0, 0);
	reader_drain(fd, &self->stream);
	ASSERT_EQ(3, self->stream.len);
	EXPECT_EQ(2, self->stream.rec[1].value);
	close(fd);
}

TEST_F(life, of_dead_rings_is_not_shortened_by_other_users)
{
	struct dbgport_vm_info info;
	int fd, status;

	module_fresh("ring=64");
	ASSERT_EQ(0, chmod("/dev/kvm", 0666));
	short_vm(7);
	if (fork() == 0) {
		become(UID, -1);
		for (unsigned int n = 0; n < DEAD_VMS + 20; n++)
			short_vm(n);
		_exit(0);
	}
	wait(&status);
	ASSERT_EQ(0, status);
	fd = reader_open(0, 0);
	EXPECT_EQ(1, reader_next_vm(fd, 0));
	EXPECT_EQ(0, reader_vm_info(fd, 1, &info));
	EXPECT_EQ(0, info.uid);
	reader_drain(fd, &self->stream);
	EXPECT_EQ(1, stream_count(&self->stream, 1, DBGPORT_GONE));
	EXPECT_EQ(3 * (DEAD_VMS + 1), self->stream.len);
	close(fd);
}

TEST_F(life, of_the_module_does_not_wait_for_vms)
{
	struct code after = { 0 };
	struct guest *second;
	unsigned long exits;
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);

	code_count(&self->code, 0xe9, 0);
	self->guest = guest_new(2, &self->code);
	guest_start(self->guest);
	reader_until(fd, &self->stream, reader_my_vm(fd), DBGPORT_WRITE);
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));
	close(fd);

	/* It goes, the VM stays, and its writes are the VMM's. */
	ASSERT_EQ(0, module_unload());
	exits = guest_exits(self->guest, 0xe9);
	while (guest_exits(self->guest, 0xe9) < exits + 100)
		poll(NULL, 0, 1);

	/* It comes back: for new VMs; this one is left alone. */
	ASSERT_EQ(0, module_load(""));
	fd = reader_open(0, DBGPORT_SUB_CLAIM);
	EXPECT_EQ(0, reader_info(fd).vms);
	code_out8(&after, 0x80, 0x77);
	code_hlt(&after);
	second = guest_new(1, &after);
	guest_run(second);
	EXPECT_EQ(0, guest_exits(second, 0x80));
	stream_free(&self->stream);
	reader_drain(fd, &self->stream);
	EXPECT_EQ(1, stream_count(&self->stream, reader_my_vm(fd),
				  DBGPORT_WRITE));
	guest_free(second);
	exits = guest_exits(self->guest, 0xe9);
	while (guest_exits(self->guest, 0xe9) < exits + 100)
		poll(NULL, 0, 1);
	guest_stop(self->guest);
	close(fd);
}

TEST_F(life, of_the_module_is_held_by_an_open_file)
{
	int fd = reader_open(0, 0);

	EXPECT_EQ(-EAGAIN, module_unload());
	close(fd);
	EXPECT_EQ(0, module_unload());
	EXPECT_EQ(-1, open(DBGPORT_DEVICE, O_RDWR));
	EXPECT_EQ(ENOENT, errno);
}

/* A thread in read() until the end. */
static void *read_to_end(void *arg)
{
	int fd = *(int *)arg;
	struct dbgport_record rec[16];
	ssize_t len;

	while ((len = read(fd, rec, sizeof(rec))) > 0)
		;
	return (void *)len;
}

TEST_F(life, of_readers_ends_by_unplug)
{
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct dbgport_vm_info info;
	struct dbgport_record rec;
	pthread_t thread;
	void *len;

	code_count(&self->code, 0xe9, 0);
	self->guest = guest_new(2, &self->code);
	self->vm = reader_my_vm(fd);
	guest_start(self->guest);
	ASSERT_EQ(0, pthread_create(&thread, NULL, read_to_end, &fd));
	ASSERT_EQ(0, module_unplug());
	/* Claimed no more; and a guest that writes on delays no end. */
	while (!guest_exits(self->guest, 0xe9))
		poll(NULL, 0, 1);
	pthread_join(thread, &len);
	guest_stop(self->guest);
	reader_drain(fd, &self->stream);
	EXPECT_EQ(NULL, len);
	EXPECT_EQ(1, poll(&pfd, 1, 0));
	EXPECT_TRUE(pfd.revents & POLLHUP);
	EXPECT_EQ(0, read(fd, &rec, sizeof(rec)));
	EXPECT_EQ(0, read(fd, &rec, sizeof(rec)));
	ASSERT_EQ(0, reader_vm_info(fd, self->vm, &info));
	EXPECT_FALSE(info.flags & DBGPORT_VM_CLAIMED);

	EXPECT_EQ(-1, open(DBGPORT_DEVICE, O_RDWR));
	EXPECT_EQ(ENODEV, errno);
	close(fd);
	EXPECT_EQ(0, module_unload());
}

TEST_F(life, of_readers_wakes_a_waiting_one_by_unplug)
{
	int fd = reader_open(0, 0);
	pthread_t thread;
	void *len;

	ASSERT_EQ(0, pthread_create(&thread, NULL, read_to_end, &fd));
	poll(NULL, 0, 50);
	ASSERT_EQ(0, module_unplug());
	pthread_join(thread, &len);
	EXPECT_EQ(NULL, len);
	close(fd);
}

static void *poll_for_hangup(void *arg)
{
	struct pollfd pfd = { .fd = *(int *)arg };

	poll(&pfd, 1, -1);
	return (void *)(long)pfd.revents;
}

TEST_F(life, of_readers_wakes_who_polls_for_that_alone_by_unplug)
{
	int fd = reader_open(0, 0);
	pthread_t thread;
	void *revents;

	ASSERT_EQ(0, pthread_create(&thread, NULL, poll_for_hangup, &fd));
	poll(NULL, 0, 500);
	ASSERT_EQ(0, module_unplug());
	pthread_join(thread, &revents);
	EXPECT_EQ((void *)POLLHUP, revents);
	close(fd);
}

TEST_F(life, of_readers_gives_the_rest_before_the_end_on_unplug)
{
	int fd = reader_open(0, 0);

	code_count(&self->code, 0xe9, 5);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(fd);
	guest_run(self->guest);
	ASSERT_EQ(0, module_unplug());
	reader_drain(fd, &self->stream);
	EXPECT_EQ(5, stream_count(&self->stream, self->vm, DBGPORT_WRITE));
	close(fd);
}

TEST_F(life, of_the_device_can_be_plugged_in_again)
{
	int fd, param;

	ASSERT_EQ(0, module_unplug());
	EXPECT_EQ(-1, open(DBGPORT_DEVICE, O_RDWR));
	EXPECT_EQ(ENODEV, errno);
	param = open("/sys/module/dbgport/parameters/unplug", O_WRONLY);
	EXPECT_EQ(1, write(param, "0", 1));
	EXPECT_EQ(-1, write(param, "x", 1));
	EXPECT_EQ(EINVAL, errno);
	close(param);

	fd = reader_open(0, DBGPORT_SUB_CLAIM);
	code_out8(&self->code, 0x80, 0x33);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	guest_run(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, 0x80));
	reader_drain(fd, &self->stream);
	EXPECT_EQ(2, self->stream.len);
	close(fd);
}

TEST_F(life, of_vms_leaves_no_zombie)
{
	int before = guests_alive();
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);
	int i;

	for (i = 0; i < 20; i++)
		short_vm(i);
	EXPECT_EQ(before, guests_alive());

	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	EXPECT_EQ(before + 1, guests_alive());
	close(fd);
	ASSERT_EQ(0, module_unload());
	guest_free(self->guest);
	self->guest = NULL;
	EXPECT_EQ(before, guests_alive());
}

TEST_F(life, of_a_vmm_may_end_anywhere_while_it_makes_vms)
{
	int before = guests_alive();
	int i, tries;

	code_count(&self->code, 0x80, 0);
	for (i = 0; i < 30; i++) {
		pid_t child = fork();

		if (child == 0) {
			for (;;) {
				self->guest = guest_new(2, &self->code);
				guest_start(self->guest);
			}
		}
		poll(NULL, 0, i);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	/* The last references go by a delayed fput. */
	for (tries = 0; guests_alive() != before && tries < 2000; tries++)
		poll(NULL, 0, 1);
	EXPECT_EQ(before, guests_alive());
	EXPECT_EQ(0, module_unload());
}

TEST_HARNESS_MAIN
