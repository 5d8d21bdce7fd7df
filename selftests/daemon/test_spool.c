// SPDX-License-Identifier: GPL-2.0
/* A spool: what is in it after all that can happen to it. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib/harness.h"

#include "daemon/scratch.h"
#include "dbgportd/spool/object.h"
#include "dbgportd/spool/spool.h"

FIXTURE(spool)
{
	struct scratch dir;
	struct spool *spool;
	__u64 next;
};

static bool waited;

static void note_wait(const char *dir)
{
	(void)dir;
	waited = true;
}

static struct spool *open_in(const struct scratch *dir)
{
	int err;
	struct spool *s = spool_open(scratch_path(dir, "a/b"), SPOOL_MIN, note_wait, &err);

	if (!s)
		abort();
	return s;
}

FIXTURE_SETUP(spool)
{
	scratch_make(&self->dir);
	self->spool = open_in(&self->dir);
	self->next = 0;
	waited = false;
}

FIXTURE_TEARDOWN(spool)
{
	spool_close(self->spool);
	scratch_remove(&self->dir);
}

/* The next daemon's process opens it. */
#define AGAIN() ({ spool_close(self->spool); self->spool = open_in(&self->dir); })

/* A line of one write, which is number @seq of a VM, with @more bytes besides. */
static int put_line(struct spool *s, int vm, int vcpu, __u64 seq, size_t more)
{
	static char text[20000];
	size_t done, n = sprintf(text, "1 %d e9 %x %llu.0 %llu.1 vm%d {\"seq\":%llu,\"x\":\"", vm,
				 vcpu, seq, seq, vm, seq);
	int err;

	memset(text + n, 'x', more);
	n += more;
	n += sprintf(text + n, "\"}\n");
	err = spool_put(s, text, n, &done);
	return err ?: done == n ? 0 : -EIO;
}

static int put_text(struct spool *s, const char *text)
{
	size_t done;

	return spool_put(s, text, strlen(text), &done);
}

/* The "seq" of the next one, which is @got then; -1: there is none. */
static long take_one(struct spool *s, struct spooled *got)
{
	long seq;

	if (spool_take(s, got) <= 0)
		return -1;
	seq = strtol(strstr(got->text, "\"seq\":") + 6, NULL, 10);
	free(got->text);
	return seq;
}

/* The same of one that is not acknowledged. */
static long take(struct spool *s)
{
	struct spooled got;

	return take_one(s, &got);
}

/* And of one that is. */
static long take_and_acknowledge(struct spool *s)
{
	struct spooled got;
	long seq = take_one(s, &got);

	if (seq >= 0)
		spool_acknowledge(s, got.number, got.len);
	return seq;
}

/* Files in it, and of the last one, by name, that is a segment's, the path. */
static int count_files(const struct scratch *dir, char last[PATH_MAX])
{
	DIR *d = opendir(scratch_path(dir, "a/b"));
	struct dirent *e;
	int n = 0;

	*last = '\0';
	while ((e = readdir(d))) {
		char path[PATH_MAX];

		if (e->d_name[0] == '.')
			continue;
		n++;
		snprintf(path, sizeof(path), "%s/a/b/%s", dir->dir, e->d_name);
		if (strlen(e->d_name) == 16 && strcmp(path, last) > 0)
			snprintf(last, PATH_MAX, "%s", path);
	}
	closedir(d);
	return n;
}

TEST_F(spool, what_was_put_comes_in_order)
{
	EXPECT_EQ(-1, take(self->spool));
	for (int i = 0; i < 100; i++)
		ASSERT_EQ(0, put_line(self->spool, 1, 0, i, 0));
	for (int i = 0; i < 100; i++)
		ASSERT_EQ(i, take(self->spool));
	EXPECT_EQ(-1, take(self->spool));
	ASSERT_EQ(0, put_line(self->spool, 1, 0, 100, 0));
	EXPECT_EQ(100, take(self->spool));
}

TEST_F(spool, what_was_not_acknowledged_comes_again)
{
	for (int i = 0; i < 10; i++)
		put_line(self->spool, 1, 0, i, 0);
	for (int i = 0; i < 4; i++)
		take_and_acknowledge(self->spool);
	EXPECT_EQ(4, take(self->spool));
	AGAIN();
	for (int i = 4; i < 10; i++)
		ASSERT_EQ(i, take_and_acknowledge(self->spool));
	EXPECT_EQ(-1, take(self->spool));
	EXPECT_EQ(0, spool_waiting(self->spool));
	AGAIN();
	EXPECT_EQ(-1, take(self->spool));
	EXPECT_EQ(0, spool_waiting(self->spool));
}

TEST_F(spool, what_waits_is_counted)
{
	__u64 waiting;

	put_line(self->spool, 1, 0, 0, 1000);
	waiting = spool_waiting(self->spool);
	EXPECT_LT(1000, waiting);
	AGAIN();
	EXPECT_EQ(waiting, spool_waiting(self->spool));
}

TEST_F(spool, what_is_there_already_is_recognised)
{
	for (int i = 0; i < 10; i++)
		put_line(self->spool, 1, i % 2, i, 0);
	for (int i = 0; i < 6; i++)
		take_and_acknowledge(self->spool);
	AGAIN();
	/* As a daemon has them read again, some of them acknowledged. */
	for (int i = 3; i < 12; i++)
		ASSERT_EQ(0, put_line(self->spool, 1, i % 2, i, 0));
	for (int i = 6; i < 12; i++)
		ASSERT_EQ(i, take(self->spool));
	EXPECT_EQ(-1, take(self->spool));
}

TEST_F(spool, a_part_of_a_line_is_there_already)
{
	put_text(self->spool, "1 1 e9 0 10.0 15.1 vm {\"seq\":1}\n");
	/* The end of that, and what goes beyond. */
	put_text(self->spool, "1 1 e9 0 12.0 15.1 vm {\"seq\":2}\n");
	put_text(self->spool, "1 1 e9 0 10.0 15.2 vm {\"seq\":3}\n");
	/* Another vCPU, port, VM and load of the module. */
	put_text(self->spool, "1 1 e9 1 10.0 15.1 vm {\"seq\":4}\n");
	put_text(self->spool, "1 1 ea 0 10.0 15.1 vm {\"seq\":5}\n");
	put_text(self->spool, "1 2 e9 0 10.0 15.1 vm {\"seq\":6}\n");
	put_text(self->spool, "2 1 e9 0 10.0 15.1 vm {\"seq\":7}\n");
	EXPECT_EQ(1, take(self->spool));
	for (int i = 3; i < 8; i++)
		EXPECT_EQ(i, take(self->spool));
	EXPECT_EQ(-1, take(self->spool));
}

TEST_F(spool, what_is_no_object_is_left_out)
{
	EXPECT_EQ(0, put_text(self->spool, "\nhello\n{}\n1 2 {}\n1 1 e9 0 1.0 1.1 vm"));
	EXPECT_EQ(-1, take(self->spool));
}

TEST_F(spool, a_torn_end_is_recognised_and_comes_again)
{
	char path[PATH_MAX];
	struct stat st;

	for (int i = 0; i < 10; i++)
		put_line(self->spool, 1, 0, i, 100);
	count_files(&self->dir, path);
	ASSERT_EQ(0, stat(path, &st));
	/* At any byte of the last two. */
	for (off_t size = st.st_size - 300; size < st.st_size; size++) {
		spool_close(self->spool);
		ASSERT_EQ(0, truncate(path, size));
		self->spool = open_in(&self->dir);
		for (int i = 5; i < 10; i++)
			ASSERT_EQ(0, put_line(self->spool, 1, 0, i, 100));
		for (int i = 0; i < 10; i++)
			ASSERT_EQ(i, take(self->spool)) TH_LOG("cut at %ld", (long)size);
		ASSERT_EQ(-1, take(self->spool));
	}
}

TEST_F(spool, a_changed_byte_ends_its_segment)
{
	char path[PATH_MAX];
	int fd;

	for (int i = 0; i < 10; i++)
		put_line(self->spool, 1, 0, i, 100);
	spool_close(self->spool);
	count_files(&self->dir, path);
	fd = open(path, O_RDWR);
	ASSERT_EQ(1, pwrite(fd, "y", 1, lseek(fd, 0, SEEK_END) - 50));
	close(fd);
	self->spool = open_in(&self->dir);
	for (int i = 0; i < 9; i++)
		EXPECT_EQ(i, take(self->spool));
	EXPECT_EQ(-1, take(self->spool));
}

TEST_F(spool, who_is_killed_leaves_whole_objects)
{
	long last = -1, seq;
	int status, pid, fd[2];
	char byte;

	ASSERT_EQ(0, pipe(fd));
	for (int round = 0; round < 20; round++) {
		spool_close(self->spool);
		pid = fork();
		if (!pid) {
			struct spool *s = open_in(&self->dir);

			/* What is there already is recognised. */
			for (long i = 0;; i++) {
				put_line(s, 1, 0, i, i % 500);
				if (i == last + 10 && write(fd[1], "x", 1) != 1)
					_exit(1);
			}
		}
		ASSERT_EQ(1, read(fd[0], &byte, 1));
		usleep(round * 997);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		self->spool = open_in(&self->dir);
		while ((seq = take_and_acknowledge(self->spool)) >= 0) {
			ASSERT_EQ(last + 1, seq);
			last = seq;
		}
	}
	EXPECT_LE(200, last);
	close(fd[0]);
	close(fd[1]);
}

TEST_F(spool, segments_that_are_acknowledged_go)
{
	char path[PATH_MAX];
	__u64 n = 0;

	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < 1000; i++)
			ASSERT_EQ(0, put_line(self->spool, 1, 0, n++, 1000));
		while (take_and_acknowledge(self->spool) >= 0)
			;
	}
	/* The last one, the one that was read last, and the number. */
	EXPECT_GE(3, count_files(&self->dir, path));
	EXPECT_EQ(0, spool_dropped(self->spool));
	AGAIN();
	EXPECT_EQ(-1, take(self->spool));
	put_line(self->spool, 1, 0, n - 1, 1000);
	EXPECT_EQ(-1, take(self->spool));
}

static __u64 bytes_on_disk(const struct scratch *dir)
{
	char command[128];
	__u64 n = 0;
	FILE *f;

	snprintf(command, sizeof(command), "cat %s/a/b/* | wc -c", dir->dir);
	f = popen(command, "r");
	if (fscanf(f, "%llu", &n) != 1)
		abort();
	pclose(f);
	return n;
}

/* All that comes: objects, and those that are told to be missing. */
static void count_all(struct spool *s, int vms, __u64 have[], __u64 missing[])
{
	struct spooled got;

	memset(have, 0, vms * sizeof(*have));
	memset(missing, 0, vms * sizeof(*missing));
	while (spool_take(s, &got) > 0) {
		const char *told = strstr(got.text, "\"objects\":");
		struct object_head head;

		if (!object_head_parse(&head, got.text, got.len))
			abort();
		if (told)
			missing[head.vm] += strtoull(told + 10, NULL, 10);
		else
			have[head.vm]++;
		free(got.text);
	}
}

TEST_F(spool, beyond_its_bound_the_oldest_goes_and_is_told)
{
	__u64 have[4], missing[4];

	EXPECT_EQ(-1, take(self->spool));
	for (__u64 i = 0; i < 15000; i++) {
		for (int vm = 1; vm < 4; vm++)
			ASSERT_EQ(0, put_line(self->spool, vm, 0, i, 1000));
		if (!(i % 1000))
			ASSERT_GE(SPOOL_MIN, bytes_on_disk(&self->dir));
	}
	EXPECT_LT(0, spool_dropped(self->spool));
	for (int again = 0; again < 2; again++) {
		count_all(self->spool, 4, have, missing);
		for (int vm = 1; vm < 4; vm++) {
			EXPECT_LT(0, missing[vm]);
			EXPECT_EQ(15000, have[vm] + missing[vm]);
		}
		AGAIN();
	}
	/* What made way is recognised as well. */
	put_line(self->spool, 1, 0, 10, 1000);
	count_all(self->spool, 4, have, missing);
	EXPECT_EQ(15000, have[1] + missing[1]);
}

TEST_F(spool, what_is_being_read_does_not_make_way)
{
	EXPECT_EQ(0, put_line(self->spool, 1, 0, 0, 1000));
	EXPECT_EQ(0, take(self->spool));
	for (__u64 i = 1; i < 40000; i++)
		ASSERT_EQ(0, put_line(self->spool, 1, 0, i, 1000));
	EXPECT_EQ(1, take(self->spool));
}

TEST_F(spool, marks_are_there_when_their_segments_are_gone)
{
	__u64 n = 0;

	put_line(self->spool, 7, 3, 5, 0);
	put_line(self->spool, 8, 3, 5, 0);
	while (n < 8000) {
		put_line(self->spool, 1, 0, n++, 1000);
		take_and_acknowledge(self->spool);
	}
	/* One that has ended a short while ago. */
	put_text(self->spool, "1 8 0 10003 0.0 0.255 vm8 {\"seq\":6}\n");
	while (n < 8300)
		put_line(self->spool, 1, 0, n++, 1000);
	while (take_and_acknowledge(self->spool) >= 0)
		;
	AGAIN();
	put_line(self->spool, 7, 3, 5, 0);
	put_line(self->spool, 8, 3, 5, 0);
	EXPECT_EQ(-1, take(self->spool));
}

TEST_F(spool, what_the_daemon_dropped_has_names_of_its_own)
{
	static const char dropped[] = "0 0 0 10006 0.0 0.0 - {\"type\":\"dropped\",\"bytes\":11}\n";
	struct spooled one, two;

	put_text(self->spool, dropped);
	put_text(self->spool, dropped);
	ASSERT_EQ(1, spool_take(self->spool, &one));
	ASSERT_EQ(1, spool_take(self->spool, &two));
	EXPECT_STRNE(one.text, two.text);
	EXPECT_STREQ(strchr(one.text, '{'), strchr(two.text, '{'));
	free(one.text);
	free(two.text);
}

TEST_F(spool, another_process_is_waited_for)
{
	int pid, fd[2];
	char byte;

	ASSERT_EQ(0, pipe(fd));
	pid = fork();
	if (!pid) {
		close(fd[1]);
		/* Until we are told; the lock was inherited with the directory. */
		_exit(read(fd[0], &byte, 1));
	}
	spool_close(self->spool);
	EXPECT_FALSE(waited);
	if (!fork()) {
		usleep(100000);
		_exit(write(fd[1], "x", 1) != 1);
	}
	self->spool = open_in(&self->dir);
	EXPECT_TRUE(waited);
	waitpid(pid, NULL, 0);
	close(fd[0]);
	close(fd[1]);
}

TEST(an_object_is_known_by_its_bytes)
{
	const struct entry_vm vm = { .load = 0xabc, .id = 3, .name = "web.2" };
	const struct entry entry = {
		.type = ENTRY_LINE, .vm = &vm, .port = 0x402, .vcpu = 1, .seq = 17, .byte = 2,
		.end_seq = 20, .end_byte = 1,
	};
	char text[OBJECT_HEAD_MAX + 2], id[OBJECT_ID_SIZE], subject[OBJECT_SUBJECT_SIZE];
	struct object_head head, same;
	size_t n;

	object_head_of(&head, &entry);
	n = object_head_print(text, &head);
	EXPECT_EQ(n, strlen(text));
	text[n] = '{';
	EXPECT_EQ(text + n, object_head_parse(&same, text, n + 1));
	object_id(id, &same);
	EXPECT_STREQ("0000000000000abc-3-402-1-17.2-20.1", id);
	object_subject(subject, "lab.a", "host.example", &same);
	EXPECT_STREQ("lab.a.host%2Eexample.web%2E2.0x402", subject);
}

TEST(a_subject_has_nothing_that_a_server_takes_for_more)
{
	const struct object_head head = { .name = "a*b>c d" };
	char subject[OBJECT_SUBJECT_SIZE];

	object_subject(subject, "dbgport", "", &head);
	EXPECT_STREQ("dbgport.-.a%2Ab%3Ec%20d.vm", subject);
}

TEST_HARNESS_MAIN
