// SPDX-License-Identifier: GPL-2.0
/* The stream of one or more VMs: order, completeness, loss, where it starts. */
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <time.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define RING	64

FIXTURE(stream) {
	struct code code;
	struct stream got;
	struct guest *guest;
	unsigned int vm;
};

FIXTURE_SETUP(stream)
{
	module_fresh("ring=64");
}

FIXTURE_TEARDOWN(stream)
{
	guest_free(self->guest);
	stream_free(&self->got);
}

/* A guest with @vcpus that each write @count numbers. */
#define make_guest(vcpus, count) do {					\
	self->code = (struct code) { 0 };				\
	code_count(&self->code, 0xe9, count);				\
	code_hlt(&self->code);						\
	self->guest = guest_new(vcpus, &self->code);			\
} while (0)

#define expect_sound(stream, vm) do {					\
	const char *fault = stream_fault(stream, vm);			\
									\
	EXPECT_EQ(NULL, fault) {					\
		TH_LOG("%s", fault);					\
	}								\
} while (0)

TEST_F(stream, begins_with_attached_and_ends_with_gone)
{
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);
	struct dbgport_vm_info info;
	const struct dbgport_record *rec;

	make_guest(1, 5);
	self->vm = reader_my_vm(fd);
	ASSERT_EQ(0, reader_vm_info(fd, self->vm, &info));
	guest_run(self->guest);
	guest_free(self->guest);
	self->guest = NULL;
	reader_until(fd, &self->got, self->vm, DBGPORT_GONE);
	expect_sound(&self->got, self->vm);
	ASSERT_EQ(7, self->got.len);

	rec = &self->got.rec[0];
	EXPECT_EQ(DBGPORT_ATTACHED, rec->type);
	EXPECT_EQ(0, rec->seq);
	EXPECT_EQ(info.zero_ns, rec->time_ns);
	rec = &self->got.rec[6];
	EXPECT_EQ(DBGPORT_GONE, rec->type);
	EXPECT_EQ(5, rec->seq);
	EXPECT_LE(self->got.rec[5].time_ns, rec->time_ns);
}

TEST_F(stream, of_a_silent_vm_is_attached_and_gone)
{
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);

	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(fd);
	guest_run(self->guest);
	guest_free(self->guest);
	self->guest = NULL;
	reader_until(fd, &self->got, self->vm, DBGPORT_GONE);
	expect_sound(&self->got, self->vm);
	ASSERT_EQ(2, self->got.len);
	EXPECT_EQ(0, self->got.rec[1].seq);
}

TEST_F(stream, has_the_time_of_the_write_on_the_hosts_clock)
{
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);
	struct timespec before, after;
	const struct dbgport_record *rec;

	make_guest(1, 1);
	self->vm = reader_my_vm(fd);
	clock_gettime(CLOCK_MONOTONIC, &before);
	guest_run(self->guest);
	clock_gettime(CLOCK_MONOTONIC, &after);
	reader_drain(fd, &self->got);
	rec = stream_write(&self->got, self->vm, 0);
	ASSERT_NE(NULL, rec);
	EXPECT_LE(before.tv_sec * 1000000000ULL + before.tv_nsec, rec->time_ns);
	EXPECT_GE(after.tv_sec * 1000000000ULL + after.tv_nsec, rec->time_ns);
}

TEST_F(stream, loses_nothing_of_what_fits_the_ring)
{
	int fd = reader_open(0, 0);
	int i;

	make_guest(1, RING);
	self->vm = reader_my_vm(fd);
	guest_run(self->guest);
	reader_drain(fd, &self->got);
	expect_sound(&self->got, self->vm);
	EXPECT_EQ(0, stream_count(&self->got, self->vm, DBGPORT_LOST));
	ASSERT_EQ(RING, stream_count(&self->got, self->vm, DBGPORT_WRITE));
	for (i = 0; i < RING; i++)
		EXPECT_EQ(i, stream_write(&self->got, self->vm, i)->value);
}

TEST_F(stream, says_exactly_what_was_overwritten)
{
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);
	struct dbgport_vm_info info;
	const struct dbgport_record *rec;

	make_guest(1, 10 * RING + 3);
	self->vm = reader_my_vm(fd);
	guest_run(self->guest);
	reader_drain(fd, &self->got);
	expect_sound(&self->got, self->vm);

	/* Never read before: one loss, then the newest. */
	ASSERT_EQ(2 + RING, self->got.len);
	rec = &self->got.rec[1];
	EXPECT_EQ(DBGPORT_LOST, rec->type);
	EXPECT_EQ(0, rec->seq);
	EXPECT_EQ(9 * RING + 3, rec->count);
	EXPECT_EQ(9 * RING + 3, self->got.rec[2].value);
	EXPECT_EQ(10 * RING + 2, self->got.rec[1 + RING].value);

	ASSERT_EQ(0, reader_vm_info(fd, self->vm, &info));
	EXPECT_EQ(10 * RING + 3, info.written);
	EXPECT_EQ(9 * RING + 3, info.oldest);
	EXPECT_EQ(RING, info.delivered);
	EXPECT_EQ(9 * RING + 3, info.lost);
}

/* What a reader too slow for a flood sees must still add up. */
#define FLOOD_VCPUS	4
#define FLOOD_COUNT	5000

TEST_F(stream, of_4_vcpus_at_once_adds_up_for_every_reader)
{
	int fd[3] = {
		reader_open(0, DBGPORT_SUB_CLAIM), reader_open(0, 0),
		reader_open(0, DBGPORT_SUB_CLAIM),
	};
	struct stream got[3] = { 0 };
	unsigned int next[FLOOD_VCPUS];
	struct dbgport_vm_info info;
	size_t i;
	int r;

	make_guest(FLOOD_VCPUS, FLOOD_COUNT);
	self->vm = reader_my_vm(fd[0]);
	guest_start(self->guest);
	/* One reads along, one now and then, one comes when all is over. */
	for (i = 0; stream_count(&got[0], self->vm, DBGPORT_WRITE) +
	     stream_lost(&got[0], self->vm) < 3000; i++) {
		reader_drain(fd[0], &got[0]);
		if (i % 50 == 0)
			reader_drain(fd[1], &got[1]);
	}
	guest_wait(self->guest);
	EXPECT_EQ(0, guest_exits(self->guest, 0xe9));

	for (r = 0; r < 3; r++) {
		unsigned long long writes;

		reader_drain(fd[r], &got[r]);
		expect_sound(&got[r], self->vm);
		writes = stream_count(&got[r], self->vm, DBGPORT_WRITE);
		EXPECT_EQ(FLOOD_VCPUS * FLOOD_COUNT,
			  writes + stream_lost(&got[r], self->vm));
		ASSERT_EQ(0, reader_vm_info(fd[r], self->vm, &info));
		EXPECT_EQ(FLOOD_VCPUS * FLOOD_COUNT, info.written);
		EXPECT_EQ(writes, info.delivered);
		EXPECT_EQ(stream_lost(&got[r], self->vm), info.lost);

		/* Each vCPU's own writes in its order, none twice. */
		memset(next, 0, sizeof(next));
		for (i = 0; i < got[r].len; i++) {
			const struct dbgport_record *rec = &got[r].rec[i];
			unsigned int vcpu = rec->value >> 24;

			if (rec->type != DBGPORT_WRITE)
				continue;
			ASSERT_GT(FLOOD_VCPUS, vcpu);
			EXPECT_EQ(vcpu, rec->vcpu);
			EXPECT_LE(next[vcpu], rec->value & 0xffffff);
			next[vcpu] = (rec->value & 0xffffff) + 1;
		}
		stream_free(&got[r]);
		close(fd[r]);
	}
}

TEST_F(stream, is_the_same_for_several_readers)
{
	int one = reader_open(0, DBGPORT_SUB_CLAIM), two = reader_open(0, 0);
	struct stream other = { 0 };

	make_guest(2, RING / 2);
	self->vm = reader_my_vm(one);
	guest_run(self->guest);
	reader_drain(one, &self->got);
	reader_drain(two, &other);
	ASSERT_EQ(self->got.len, other.len);
	EXPECT_EQ(0, memcmp(self->got.rec, other.rec,
			    other.len * sizeof(*other.rec)));
	stream_free(&other);
}

TEST_F(stream, starts_at_the_oldest_kept_record)
{
	int fd;

	make_guest(1, RING + 6);
	guest_run(self->guest);
	fd = reader_open(0, 0);
	self->vm = reader_my_vm(fd);
	reader_drain(fd, &self->got);
	expect_sound(&self->got, self->vm);
	EXPECT_EQ(RING, stream_count(&self->got, self->vm, DBGPORT_WRITE));
	EXPECT_EQ(RING + 6, stream_lost(&self->got, self->vm) +
			    stream_count(&self->got, self->vm, DBGPORT_WRITE));
}

TEST_F(stream, starts_at_the_newest_record_if_asked)
{
	struct dbgport_vm_info info;
	int fd;

	code_count(&self->code, 0xe9, 20);
	code_in(&self->code, 0x99, 1, 0x8000);
	code_out8(&self->code, 0x80, 0x77);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	/* Until it has left the kernel for port 0x99. */
	guest_start(self->guest);
	while (!guest_exits(self->guest, 0x99))
		poll(NULL, 0, 1);
	guest_wait(self->guest);

	fd = reader_open(0, DBGPORT_SUB_NEWEST);
	self->vm = reader_my_vm(fd);
	reader_drain(fd, &self->got);
	ASSERT_EQ(1, self->got.len);
	EXPECT_EQ(DBGPORT_ATTACHED, self->got.rec[0].type);
	EXPECT_EQ(21, self->got.rec[0].seq);
	ASSERT_EQ(0, reader_vm_info(fd, self->vm, &info));
	EXPECT_EQ(0, info.lost);
	EXPECT_EQ(0, info.delivered);
}

TEST_F(stream, from_the_newest_on_shows_later_vms_whole)
{
	struct guest *old;
	int fd;

	make_guest(1, 3);
	old = self->guest;
	guest_run(old);
	fd = reader_open(0, DBGPORT_SUB_NEWEST);
	make_guest(1, 4);
	self->vm = reader_my_vm(fd);
	guest_run(self->guest);
	reader_drain(fd, &self->got);
	expect_sound(&self->got, self->vm);
	EXPECT_EQ(4, stream_count(&self->got, self->vm, DBGPORT_WRITE));
	EXPECT_EQ(0, stream_count(&self->got, self->vm - 1, DBGPORT_WRITE));
	guest_free(old);
}

TEST_F(stream, goes_on_where_a_seek_says)
{
	int fd = reader_open(0, 0);
	struct dbgport_seek seek = { .seq = 7 };
	struct dbgport_vm_info info;

	make_guest(1, 10);
	self->vm = reader_my_vm(fd);
	guest_run(self->guest);
	reader_drain(fd, &self->got);
	stream_free(&self->got);

	seek.vm = self->vm;
	ASSERT_EQ(0, ioctl(fd, DBGPORT_SEEK, &seek));
	reader_drain(fd, &self->got);
	ASSERT_EQ(3, stream_count(&self->got, self->vm, DBGPORT_WRITE));
	EXPECT_EQ(7, stream_write(&self->got, self->vm, 0)->seq);
	ASSERT_EQ(0, reader_vm_info(fd, self->vm, &info));
	EXPECT_EQ(3, info.delivered);
	EXPECT_EQ(0, info.lost);
}

TEST_F(stream, can_be_taken_up_by_another_reader_after_a_seek)
{
	struct dbgport_seek seek = { .seq = 6 };
	int fd = reader_open(0, 0);

	make_guest(1, 10);
	seek.vm = reader_my_vm(fd);
	guest_run(self->guest);
	close(fd);

	fd = reader_open(0, 0);
	ASSERT_EQ(0, ioctl(fd, DBGPORT_SEEK, &seek));
	reader_drain(fd, &self->got);
	expect_sound(&self->got, seek.vm);
	ASSERT_EQ(4, stream_count(&self->got, seek.vm, DBGPORT_WRITE));
	EXPECT_EQ(6, stream_write(&self->got, seek.vm, 0)->value);
}

TEST_F(stream, tells_the_loss_after_a_seek_to_what_is_overwritten)
{
	struct dbgport_seek seek = { .seq = 2 };
	int fd = reader_open(0, 0);

	make_guest(1, RING + 10);
	seek.vm = reader_my_vm(fd);
	guest_run(self->guest);
	ASSERT_EQ(0, ioctl(fd, DBGPORT_SEEK, &seek));
	reader_drain(fd, &self->got);
	expect_sound(&self->got, seek.vm);
	EXPECT_EQ(8, stream_lost(&self->got, seek.vm));
	EXPECT_EQ(RING, stream_count(&self->got, seek.vm, DBGPORT_WRITE));
}

TEST_F(stream, refuses_bad_seeks)
{
	struct dbgport_seek seek = { .seq = 11 };
	int fd = reader_open(0, 0);

	make_guest(1, 10);
	seek.vm = reader_my_vm(fd);
	guest_run(self->guest);
	EXPECT_EQ(-1, ioctl(fd, DBGPORT_SEEK, &seek));
	EXPECT_EQ(EINVAL, errno);
	seek.seq = 1;
	seek.flags = 1;
	EXPECT_EQ(-1, ioctl(fd, DBGPORT_SEEK, &seek));
	EXPECT_EQ(EINVAL, errno);
	seek.flags = 0;
	seek.vm += 1000;
	EXPECT_EQ(-1, ioctl(fd, DBGPORT_SEEK, &seek));
	EXPECT_EQ(ENOENT, errno);

	/* The next one to come is a good one. */
	seek.vm -= 1000;
	seek.seq = 10;
	EXPECT_EQ(0, ioctl(fd, DBGPORT_SEEK, &seek));
	reader_drain(fd, &self->got);
	EXPECT_EQ(0, stream_count(&self->got, seek.vm, DBGPORT_WRITE));
}

TEST_F(stream, of_two_vms_keeps_each_ones_order)
{
	int fd = reader_open(0, DBGPORT_SUB_CLAIM);
	struct guest *other;
	unsigned int vm;

	make_guest(2, RING / 2);
	other = self->guest;
	vm = reader_my_vm(fd);
	make_guest(2, RING / 2);
	self->vm = reader_my_vm(fd);
	guest_start(self->guest);
	guest_start(other);
	guest_wait(other);
	guest_wait(self->guest);
	reader_drain(fd, &self->got);
	expect_sound(&self->got, vm);
	expect_sound(&self->got, self->vm);
	EXPECT_EQ(RING, stream_count(&self->got, vm, DBGPORT_WRITE));
	EXPECT_EQ(RING, stream_count(&self->got, self->vm, DBGPORT_WRITE));
	guest_free(other);
}

TEST_HARNESS_MAIN
