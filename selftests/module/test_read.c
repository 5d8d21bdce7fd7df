// SPDX-License-Identifier: GPL-2.0
/* read(), poll() and epoll on /dev/dbgport, under all that can come between. */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "guest.h"
#include "module.h"
#include "reader.h"
#include "harness.h"

#define WRITES	8

FIXTURE(read) {
	struct code code;
	struct guest *guest;
	struct stream stream;
	struct dbgport_record rec[64];
	unsigned int vm;
	int fd;
};

FIXTURE_SETUP(read)
{
	module_fresh("");
	self->fd = reader_open(0, DBGPORT_SUB_CLAIM);
	code_count(&self->code, 0xe9, WRITES);
	code_hlt(&self->code);
	self->guest = guest_new(1, &self->code);
	self->vm = reader_my_vm(self->fd);
	/* From here on nothing is to be read before the guest runs. */
	ASSERT_EQ(sizeof(self->rec[0]),
		  read(self->fd, self->rec, sizeof(self->rec)));
	ASSERT_EQ(DBGPORT_ATTACHED, self->rec[0].type);
}

FIXTURE_TEARDOWN(read)
{
	guest_free(self->guest);
	stream_free(&self->stream);
}

/* A thread that reads once. */
struct reading {
	int fd;
	pthread_t thread;
	atomic_int tid;
	atomic_bool done;
	struct dbgport_record rec[64];
	ssize_t len;
	int error;
};

static void *read_once(void *arg)
{
	struct reading *reading = arg;

	reading->tid = gettid();
	reading->len = read(reading->fd, reading->rec, sizeof(reading->rec));
	reading->error = errno;
	reading->done = true;
	return NULL;
}

/* Whether the thread sleeps, which it only does for a record. */
static bool sleeps(struct reading *reading)
{
	char path[64], state = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", reading->tid);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	if (file)
		fclose(file);
	return state == 'S';
}

static void start_reading(struct reading *reading, int fd)
{
	*reading = (struct reading) { .fd = fd };
	pthread_create(&reading->thread, NULL, read_once, reading);
	while (!reading->tid || !sleeps(reading))
		poll(NULL, 0, 1);
}

TEST_F(read, waits_for_a_record)
{
	struct reading reading;

	start_reading(&reading, self->fd);
	guest_run(self->guest);
	pthread_join(reading.thread, NULL);
	ASSERT_LE((ssize_t)sizeof(self->rec[0]), reading.len);
	EXPECT_EQ(DBGPORT_WRITE, reading.rec[0].type);
	EXPECT_EQ(0, reading.rec[0].value);
}

TEST_F(read, waits_for_a_vm_to_come)
{
	struct guest *second;
	struct reading reading;

	start_reading(&reading, self->fd);
	second = guest_new(1, &self->code);
	pthread_join(reading.thread, NULL);
	ASSERT_EQ(sizeof(self->rec[0]), reading.len);
	EXPECT_EQ(DBGPORT_ATTACHED, reading.rec[0].type);
	EXPECT_LT(self->vm, reading.rec[0].vm);
	guest_free(second);
}

TEST_F(read, waits_for_a_vm_to_go)
{
	struct reading reading;

	start_reading(&reading, self->fd);
	guest_free(self->guest);
	self->guest = NULL;
	pthread_join(reading.thread, NULL);
	ASSERT_EQ(sizeof(self->rec[0]), reading.len);
	EXPECT_EQ(DBGPORT_GONE, reading.rec[0].type);
}

TEST_F(read, gives_as_many_whole_records_as_fit)
{
	size_t size = sizeof(self->rec[0]);

	guest_run(self->guest);
	EXPECT_EQ(3 * size, read(self->fd, self->rec, 4 * size - 1));
	EXPECT_EQ(0, self->rec[0].value);
	EXPECT_EQ(1 * size, read(self->fd, self->rec, size));
	EXPECT_EQ(3, self->rec[0].value);
	EXPECT_EQ((WRITES - 4) * size,
		  read(self->fd, self->rec, sizeof(self->rec)));
	EXPECT_EQ(4, self->rec[0].value);
}

TEST_F(read, refuses_a_buffer_shorter_than_a_record)
{
	/* Whether there is something to read or not. */
	EXPECT_EQ(-1, read(self->fd, self->rec, sizeof(self->rec[0]) - 1));
	EXPECT_EQ(EINVAL, errno);
	guest_run(self->guest);
	EXPECT_EQ(-1, read(self->fd, self->rec, sizeof(self->rec[0]) - 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, read(self->fd, self->rec, 1));
	EXPECT_EQ(EINVAL, errno);
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(WRITES, self->stream.len);
}

TEST_F(read, scatters_records_over_several_buffers)
{
	char part[2][sizeof(self->rec[0]) * 3 / 2];
	struct iovec iov[2] = {
		{ part[0], sizeof(part[0]) }, { part[1], sizeof(part[1]) },
	};
	struct dbgport_record rec[3];

	guest_run(self->guest);
	ASSERT_EQ(sizeof(rec), readv(self->fd, iov, 2));
	memcpy(rec, part, sizeof(rec));
	EXPECT_EQ(0, rec[0].value);
	EXPECT_EQ(1, rec[1].value);
	EXPECT_EQ(2, rec[2].value);
}

TEST_F(read, nonblocking_gives_eagain_when_there_is_nothing)
{
	struct iovec iov = { self->rec, sizeof(self->rec) };
	int fd = reader_open(O_NONBLOCK, DBGPORT_SUB_NEWEST);

	EXPECT_EQ(sizeof(self->rec[0]), read(fd, self->rec, sizeof(self->rec)));
	EXPECT_EQ(-1, read(fd, self->rec, sizeof(self->rec)));
	EXPECT_EQ(EAGAIN, errno);
	/* The same for one read of a blocking file. */
	EXPECT_EQ(-1, preadv2(self->fd, &iov, 1, -1, RWF_NOWAIT));
	EXPECT_EQ(EAGAIN, errno);

	guest_run(self->guest);
	EXPECT_EQ(WRITES * sizeof(self->rec[0]),
		  read(fd, self->rec, sizeof(self->rec)));
	EXPECT_EQ(WRITES * sizeof(self->rec[0]),
		  preadv2(self->fd, &iov, 1, -1, RWF_NOWAIT));
	close(fd);
}

TEST_F(read, nonblocking_can_be_set_later)
{
	ASSERT_EQ(0, fcntl(self->fd, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, read(self->fd, self->rec, sizeof(self->rec)));
	EXPECT_EQ(EAGAIN, errno);
}

static atomic_int signals;

static void on_signal(int sig)
{
	signals += sig == SIGUSR1;
}

TEST_F(read, is_interrupted_by_a_signal)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct reading reading;

	sigaction(SIGUSR1, &action, NULL);
	start_reading(&reading, self->fd);
	pthread_kill(reading.thread, SIGUSR1);
	pthread_join(reading.thread, NULL);
	EXPECT_EQ(-1, reading.len);
	EXPECT_EQ(EINTR, reading.error);
	EXPECT_EQ(1, signals);

	/* And has lost nothing. */
	guest_run(self->guest);
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(WRITES, self->stream.len);
}

TEST_F(read, goes_on_after_a_signal_with_sa_restart)
{
	struct sigaction action = {
		.sa_handler = on_signal, .sa_flags = SA_RESTART,
	};
	struct reading reading;

	sigaction(SIGUSR1, &action, NULL);
	start_reading(&reading, self->fd);
	pthread_kill(reading.thread, SIGUSR1);
	while (!signals || !sleeps(&reading))
		poll(NULL, 0, 1);
	guest_run(self->guest);
	pthread_join(reading.thread, NULL);
	EXPECT_LE((ssize_t)sizeof(self->rec[0]), reading.len);
	EXPECT_EQ(DBGPORT_WRITE, reading.rec[0].type);
}

TEST_F(read, loses_nothing_by_a_bad_address)
{
	void *hole = mmap(NULL, sizeof(self->rec), PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	guest_run(self->guest);
	EXPECT_EQ(-1, read(self->fd, hole, sizeof(self->rec)));
	EXPECT_EQ(EFAULT, errno);
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(WRITES, self->stream.len);
	EXPECT_EQ(0, stream_write(&self->stream, self->vm, 0)->value);
}

TEST_F(read, gives_what_fits_before_an_unmapped_page)
{
	size_t page = sysconf(_SC_PAGESIZE);
	size_t size = sizeof(self->rec[0]);
	char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *end = map + page;
	struct dbgport_record rec;
	unsigned int i, whole;
	ssize_t len;

	ASSERT_NE(MAP_FAILED, map);
	munmap(end, page);
	guest_run(self->guest);

	/* Two and a half records fit. */
	len = read(self->fd, end - 2 * size - size / 2, WRITES * size);
	whole = len > 0 ? len / size : 0;
	EXPECT_TRUE(len < 0 ? errno == EFAULT : len % size == 0);
	EXPECT_GE(2, whole);
	for (i = 0; i < whole; i++) {
		memcpy(&rec, end - 2 * size - size / 2 + i * size, size);
		EXPECT_EQ(i, rec.value);
	}
	/* What came is not given again, and the rest is all there. */
	reader_drain(self->fd, &self->stream);
	ASSERT_EQ(WRITES - whole, self->stream.len);
	EXPECT_EQ(whole, self->stream.rec[0].value);

	/* Not even one fits: that must be an error. */
	guest_free(self->guest);
	self->guest = NULL;
	EXPECT_EQ(-1, read(self->fd, end - size / 2, size));
	EXPECT_EQ(EFAULT, errno);
	ASSERT_EQ(size, read(self->fd, &rec, size));
	EXPECT_EQ(DBGPORT_GONE, rec.type);
	munmap(map, page);
}

TEST_F(read, by_two_threads_gives_each_record_to_one_of_them)
{
	struct reading one, two;
	unsigned int seen = 0;
	ssize_t i;

	start_reading(&one, self->fd);
	start_reading(&two, self->fd);
	guest_run(self->guest);
	/* If one takes everything, the other one gets what comes next. */
	while (!one.done || !two.done) {
		guest_free(self->guest);
		self->guest = guest_new(1, &self->code);
	}
	pthread_join(one.thread, NULL);
	pthread_join(two.thread, NULL);
	guest_free(self->guest);
	self->guest = NULL;
	ASSERT_LT(0, one.len);
	ASSERT_LT(0, two.len);
	reader_drain(self->fd, &self->stream);

	for (i = 0; i < one.len / (ssize_t)sizeof(one.rec[0]); i++)
		seen += one.rec[i].vm == self->vm;
	for (i = 0; i < two.len / (ssize_t)sizeof(two.rec[0]); i++)
		seen += two.rec[i].vm == self->vm;
	for (i = 0; i < (ssize_t)self->stream.len; i++)
		seen += self->stream.rec[i].vm == self->vm;
	/* The writes and GONE. */
	EXPECT_EQ(WRITES + 1, seen);
}

TEST_F(read, of_one_blocked_does_not_keep_others_from_ioctls)
{
	struct dbgport_vm_info info;
	struct reading reading;

	start_reading(&reading, self->fd);
	EXPECT_EQ(0, reader_vm_info(self->fd, self->vm, &info));
	EXPECT_EQ(self->vm, reader_next_vm(self->fd, 0));
	guest_run(self->guest);
	pthread_join(reading.thread, NULL);
}

TEST_F(read, poll_tells_when_there_is_something)
{
	struct pollfd pfd = { .fd = self->fd, .events = POLLIN | POLLRDNORM };

	EXPECT_EQ(0, poll(&pfd, 1, 0));
	guest_run(self->guest);
	EXPECT_EQ(1, poll(&pfd, 1, -1));
	EXPECT_EQ(POLLIN | POLLRDNORM, pfd.revents);
	/* Until everything has been read. */
	EXPECT_EQ(sizeof(self->rec[0]),
		  read(self->fd, self->rec, sizeof(self->rec[0])));
	EXPECT_EQ(1, poll(&pfd, 1, 0));
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(0, poll(&pfd, 1, 0));
}

TEST_F(read, poll_wakes_for_records_and_for_vms_coming_and_going)
{
	struct pollfd pfd = { .fd = self->fd, .events = POLLIN };
	struct guest *second;

	guest_start(self->guest);
	EXPECT_EQ(1, poll(&pfd, 1, 10000));
	guest_wait(self->guest);
	reader_drain(self->fd, &self->stream);

	second = guest_new(1, &self->code);
	EXPECT_EQ(1, poll(&pfd, 1, 10000));
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(0, poll(&pfd, 1, 0));

	guest_free(second);
	EXPECT_EQ(1, poll(&pfd, 1, 10000));
}

TEST_F(read, epoll_edge_triggered_sees_every_batch)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	struct code code = { 0 };
	struct guest *second;
	int ep = epoll_create1(0);

	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->fd, &event));
	EXPECT_EQ(0, epoll_wait(ep, &event, 1, 0));
	guest_run(self->guest);
	EXPECT_EQ(1, epoll_wait(ep, &event, 1, 10000));
	reader_drain(self->fd, &self->stream);
	EXPECT_EQ(0, epoll_wait(ep, &event, 1, 0));

	code_hlt(&code);
	second = guest_new(1, &code);
	EXPECT_EQ(1, epoll_wait(ep, &event, 1, 10000));
	guest_free(second);
	close(ep);
}

TEST_F(read, device_takes_no_writes_no_seeks_no_mmap_no_unknown_ioctls)
{
	EXPECT_EQ(-1, write(self->fd, "x", 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, pread(self->fd, self->rec, sizeof(self->rec), 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(MAP_FAILED,
		  mmap(NULL, 4096, PROT_READ, MAP_SHARED, self->fd, 0));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-1, ioctl(self->fd, _IO(DBGPORT_IOC, 0xff)));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(-1, ioctl(self->fd, DBGPORT_VM_INFO, (void *)8));
	EXPECT_EQ(EFAULT, errno);
}

TEST_F(read, many_open_files_each_see_everything)
{
	int fd[50];
	int i;

	for (i = 0; i < 50; i++)
		fd[i] = reader_open(0, 0);
	guest_run(self->guest);
	for (i = 0; i < 50; i++) {
		reader_drain(fd[i], &self->stream);
		EXPECT_EQ(1 + WRITES, self->stream.len);
		EXPECT_EQ(NULL, stream_fault(&self->stream, self->vm));
		stream_free(&self->stream);
		close(fd[i]);
	}
}

TEST_HARNESS_MAIN
