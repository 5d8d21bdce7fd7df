// SPDX-License-Identifier: GPL-2.0
/* The table of positions: what it keeps, what it refuses, and that no kill breaks it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib/harness.h"

#include "daemon/scratch.h"
#include "dbgportd/router/slots.h"
#include "lib/vmname.h"

#define LOAD	0x1234567890abcdefULL

static char why[512];

/* The VMs that the module knows: all, or those with odd ids. */
static bool only_odd;

static bool exists(__u32 vm)
{
	return !only_odd || vm % 2;
}

static int make(__u32 vm, enum slot_kind kind, __u64 route, __u64 seq, const char *name)
{
	const struct slot new = {
		.vm = vm, .kind = kind, .route = route, .seq = seq, .name = name,
	};

	return slot_make(&new);
}

/* -1 if there is no such slot. */
static long long seq_of(__u32 vm, enum slot_kind kind, __u64 route)
{
	struct slot p;
	int i = slot_find(vm, kind, route);

	return i >= 0 && slot_read(i, &p) ? (long long)p.seq : -1;
}

static int taken(void)
{
	struct slot p;
	int n = 0;

	for (int i = 0; i < slots(); i++)
		n += slot_read(i, &p);
	return n;
}

FIXTURE(slots)
{
	struct scratch scratch;
	const char *dir;
};

FIXTURE_SETUP(slots)
{
	scratch_make(&self->scratch);
	scratch_catch(&self->scratch);
	self->dir = strdup(scratch_path(&self->scratch, "run"));
	ASSERT_EQ(0, mkdir(self->dir, 0700));
	why[0] = '\0';
}

FIXTURE_TEARDOWN(slots)
{
	slots_close();
	free((void *)self->dir);
	scratch_remove(&self->scratch);
}

#define OPEN(load) ASSERT_EQ(0, slots_open(self->dir, load, exists, why, sizeof(why)))
#define REOPEN(load) do { slots_close(); OPEN(load); } while (0)
#define FILE_PATH scratch_path(&self->scratch, "run/positions")
#define EXPECT_SAID_NOTHING EXPECT_STREQ("", scratch_said(&self->scratch))

TEST_F(slots, are_free_at_first)
{
	struct stat st;

	OPEN(LOAD);
	EXPECT_LT(0, slots());
	EXPECT_EQ(0, taken());
	EXPECT_EQ(-1, slot_find(1, SLOT_VM, 0));
	ASSERT_EQ(0, stat(FILE_PATH, &st));
	EXPECT_EQ(0600, st.st_mode & 07777);
	EXPECT_SAID_NOTHING;
}

TEST_F(slots, are_there_again_for_the_same_load_of_the_module)
{
	struct slot p;
	int vm, out;

	OPEN(LOAD);
	vm = make(7, SLOT_VM, 0, 5, "web.2");
	out = make(7, SLOT_OUTPUT, 99, 3, "");
	ASSERT_LE(0, vm);
	ASSERT_LE(0, out);
	slot_set_seq(vm, 6);
	REOPEN(LOAD);
	EXPECT_EQ(2, taken());
	EXPECT_EQ(6, seq_of(7, SLOT_VM, 0));
	EXPECT_EQ(3, seq_of(7, SLOT_OUTPUT, 99));
	EXPECT_EQ(-1, seq_of(7, SLOT_OUTPUT, 98));
	EXPECT_EQ(-1, seq_of(8, SLOT_VM, 0));
	ASSERT_TRUE(slot_read(slot_find(7, SLOT_VM, 0), &p));
	EXPECT_STREQ("web.2", p.name);
	EXPECT_SAID_NOTHING;
}

TEST_F(slots, keep_the_longest_name_in_any_script)
{
	char name[VMNAME_SIZE] = "";
	struct slot p;

	OPEN(LOAD);
	for (int i = 0; i < 66; i++)
		strcat(name, "数");
	strcat(name, "+~.4294967295");
	ASSERT_EQ(sizeof(name) - 1, strlen(name));
	ASSERT_LE(0, make(7, SLOT_VM, 0, 5, name));
	ASSERT_LE(0, make(8, SLOT_VM, 0, 6, "web"));
	REOPEN(LOAD);
	ASSERT_TRUE(slot_read(slot_find(7, SLOT_VM, 0), &p));
	EXPECT_STREQ(name, p.name);
	EXPECT_EQ(6, seq_of(8, SLOT_VM, 0));
	EXPECT_SAID_NOTHING;
}

TEST_F(slots, of_another_load_are_forgotten)
{
	OPEN(LOAD);
	ASSERT_LE(0, make(7, SLOT_VM, 0, 5, "web"));
	REOPEN(LOAD + 1);
	EXPECT_EQ(0, taken());
	ASSERT_LE(0, make(8, SLOT_VM, 0, 5, "db"));
	slots_reset(LOAD);
	EXPECT_EQ(0, taken());
	REOPEN(LOAD);
	EXPECT_EQ(0, taken());
	EXPECT_SAID_NOTHING;
}

TEST_F(slots, are_given_back)
{
	int vm;

	OPEN(LOAD);
	vm = make(7, SLOT_VM, 0, 5, "web");
	slot_free(vm);
	EXPECT_EQ(0, taken());
	EXPECT_EQ(vm, make(8, SLOT_VM, 0, 9, "db"));
	slot_set_gone(vm);
	EXPECT_EQ(-1, slot_find(8, SLOT_VM, 0));
	EXPECT_EQ(9, seq_of(8, SLOT_GONE, 0));
}

TEST_F(slots, become_more_where_needed)
{
	char name[32];
	int first;

	OPEN(LOAD);
	first = slots();
	for (int i = 1; i <= 1000; i++) {
		snprintf(name, sizeof(name), "vm%d", i);
		ASSERT_LE(0, make(i, SLOT_VM, 0, i * 10, name));
	}
	EXPECT_LT(first, slots());
	REOPEN(LOAD);
	EXPECT_EQ(1000, taken());
	for (int i = 1; i <= 1000; i++)
		ASSERT_EQ(i * 10, seq_of(i, SLOT_VM, 0));
	EXPECT_SAID_NOTHING;
}

TEST_F(slots, of_vms_that_are_no_more_are_used_again)
{
	const struct slot new = { .kind = SLOT_GONE, .name = "x" };
	struct slot p;
	int first;

	only_odd = true;
	OPEN(LOAD);
	first = slots();
	for (int i = 1; i <= 100000; i++) {
		int slot;

		p = new;
		p.vm = 2 * i;
		slot = slot_make(&p);
		ASSERT_LE(0, slot);
		slot_hold(slot, false);
	}
	EXPECT_EQ(first, slots());
}

TEST_F(slots, that_are_held_are_never_swept)
{
	int held;

	OPEN(LOAD);
	held = make(2, SLOT_VM, 0, 5, "held");
	slot_hold(make(4, SLOT_VM, 0, 5, "left"), false);
	slot_hold(make(4, SLOT_OUTPUT, 9, 5, ""), false);
	slot_hold(make(6, SLOT_GONE, 0, 5, "gone"), false);
	slot_hold(make(3, SLOT_VM, 0, 5, "odd"), false);
	only_odd = true;
	EXPECT_EQ(1, slots_sweep());
	EXPECT_EQ(2, taken());
	EXPECT_EQ(held, slot_find(2, SLOT_VM, 0));
	EXPECT_EQ(5, seq_of(3, SLOT_VM, 0));
}

TEST_F(slots, of_one_vm_can_be_forgotten)
{
	OPEN(LOAD);
	slot_hold(make(1, SLOT_VM, 0, 5, "a"), false);
	slot_hold(make(1, SLOT_OUTPUT, 9, 5, ""), false);
	make(1, SLOT_OUTPUT, 10, 5, "");
	slot_hold(make(2, SLOT_OUTPUT, 9, 5, ""), false);
	slots_forget(1, true);
	EXPECT_EQ(5, seq_of(1, SLOT_VM, 0));
	EXPECT_EQ(-1, seq_of(1, SLOT_OUTPUT, 9));
	EXPECT_EQ(5, seq_of(1, SLOT_OUTPUT, 10));
	slots_forget(1, false);
	EXPECT_EQ(-1, seq_of(1, SLOT_VM, 0));
	EXPECT_EQ(5, seq_of(2, SLOT_OUTPUT, 9));
}

/* Without a table: no slot, and no harm. */
TEST_F(slots, without_a_table_there_are_none)
{
	EXPECT_EQ(0, slots());
	EXPECT_EQ(-1, make(1, SLOT_VM, 0, 5, "a"));
	EXPECT_EQ(-1, slot_find(1, SLOT_VM, 0));
	slot_set_seq(-1, 5);
	slot_set_gone(-1);
	slot_hold(-1, true);
	slot_free(-1);
	slots_reset(LOAD);
	slots_forget(1, false);
	EXPECT_EQ(0, slots_sweep());
}

/* Whatever else the file is: one line, and a new table, which stays. */
static bool is_replaced(struct scratch *scratch, const char *dir, const void *data, size_t size)
{
	const char *path = scratch_path(scratch, "run/positions");
	const char *said;
	bool ok;

	slots_close();
	scratch_catch(scratch);
	scratch_write(scratch, "run/positions", data, size);
	if (slots_open(dir, LOAD, exists, why, sizeof(why)) || taken())
		return false;
	said = scratch_said(scratch);
	ok = strstr(said, path) && strchr(said, '\n') == said + strlen(said) - 1;
	make(1, SLOT_VM, 0, 5, "a");
	slots_close();
	scratch_catch(scratch);
	return ok && !slots_open(dir, LOAD, exists, why, sizeof(why)) &&
	       seq_of(1, SLOT_VM, 0) == 5 && !*scratch_said(scratch);
}

TEST_F(slots, replace_what_is_no_table)
{
	static unsigned char noise[65536];

	OPEN(LOAD);
	srandom(1);
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = random();
	EXPECT_TRUE(is_replaced(&self->scratch, self->dir, "x", 1));
	EXPECT_TRUE(is_replaced(&self->scratch, self->dir, "a letter to somebody\n", 21));
	EXPECT_TRUE(is_replaced(&self->scratch, self->dir, noise, 100));
	EXPECT_TRUE(is_replaced(&self->scratch, self->dir, noise, sizeof(noise)));
}

/* One byte of it is another one: sane or replaced, but never taken as it is where it is not. */
TEST_F(slots, no_broken_byte_is_believed)
{
	static unsigned char good[65536], bad[65536];
	struct stat st;
	int fd;

	OPEN(LOAD);
	make(7, SLOT_VM, 0, 5, "web");
	make(7, SLOT_OUTPUT, 99, 3, "");
	slots_close();
	fd = open(FILE_PATH, O_RDONLY);
	ASSERT_EQ(0, fstat(fd, &st));
	ASSERT_GT(sizeof(good), st.st_size);
	ASSERT_EQ(st.st_size, read(fd, good, sizeof(good)));
	close(fd);
	for (off_t i = 0; i < st.st_size && i < 512; i++) {
		memcpy(bad, good, st.st_size);
		bad[i] ^= 0xff;
		scratch_write(&self->scratch, "run/positions", bad, st.st_size);
		OPEN(LOAD);
		for (int n = 0; n < slots(); n++) {
			struct slot p;

			if (!slot_read(n, &p))
				continue;
			EXPECT_NE(0, p.vm);
			EXPECT_LE(SLOT_VM, p.kind);
			EXPECT_GE(SLOT_OUTPUT, p.kind);
			for (const char *c = p.name; *c; c++)
				EXPECT_TRUE(*c > ' ' && *c < 0x7f && *c != '/');
		}
		slots_close();
	}
}

TEST_F(slots, of_a_growth_that_was_cut_off_are_kept)
{
	struct stat st;

	OPEN(LOAD);
	make(7, SLOT_VM, 0, 5, "web");
	slots_close();
	ASSERT_EQ(0, stat(FILE_PATH, &st));
	for (int more = 1; more < 5000; more += 777) {
		ASSERT_EQ(0, truncate(FILE_PATH, st.st_size + more));
		REOPEN(LOAD);
		EXPECT_EQ(1, taken());
		EXPECT_EQ(5, seq_of(7, SLOT_VM, 0));
	}
	EXPECT_SAID_NOTHING;
}

TEST_F(slots, refuse_what_is_no_file)
{
	OPEN(LOAD);
	slots_close();
	ASSERT_EQ(0, unlink(FILE_PATH));
	ASSERT_EQ(0, symlink("/dev/null", FILE_PATH));
	EXPECT_EQ(-ELOOP, slots_open(self->dir, LOAD, exists, why, sizeof(why)));
	EXPECT_NE(NULL, strstr(why, self->dir));
	ASSERT_EQ(0, unlink(FILE_PATH));
	ASSERT_EQ(0, mkfifo(FILE_PATH, 0600));
	EXPECT_GT(0, slots_open(self->dir, LOAD, exists, why, sizeof(why)));
	ASSERT_EQ(0, unlink(FILE_PATH));
	ASSERT_EQ(0, mkdir(FILE_PATH, 0700));
	EXPECT_GT(0, slots_open(self->dir, LOAD, exists, why, sizeof(why)));
	EXPECT_EQ(-ENOENT, slots_open(scratch_path(&self->scratch, "none"), LOAD, exists, why,
				      sizeof(why)));
	EXPECT_EQ(-ENOTDIR, slots_open(scratch_path(&self->scratch, "said"), LOAD, exists, why,
				       sizeof(why)));
}

/* What a writer was about to do, and had done, when it was killed. */
struct writing {
	__u64 before[8];
	__u64 after[8];
	__u64 rounds;
};

static void write_for_ever(const char *dir, struct writing *w)
{
	int slot[8], passing = -1;
	char name[32];

	if (slots_open(dir, LOAD, exists, why, sizeof(why)))
		_exit(1);
	for (int i = 0; i < 8; i++) {
		slot[i] = slot_find(i + 1, SLOT_VM, 0);
		if (slot[i] >= 0) {
			slot_hold(slot[i], true);
			continue;
		}
		snprintf(name, sizeof(name), "vm%d", i + 1);
		slot[i] = make(i + 1, SLOT_VM, 0, 0, name);
	}
	for (__u32 n = 100; ; n++) {
		int i = n % 8;

		w->before[i]++;
		slot_set_seq(slot[i], w->before[i]);
		w->after[i] = w->before[i];

		/* VMs that come and go; now and then so many that the table grows. */
		snprintf(name, sizeof(name), "vm%u", n);
		passing = make(n, SLOT_VM, 0, n, name);
		if (passing < 0)
			_exit(2);
		slot_set_gone(passing);
		if (n % 1024)
			slot_free(passing);
		else
			slot_hold(passing, false);
		w->rounds++;
	}
}

TEST_F_TIMEOUT(slots, hold_whenever_their_writer_is_killed, 120)
{
	struct writing *w = mmap(NULL, sizeof(*w), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char name[32];

	srandom(getpid());
	for (int kills = 0; kills < 200; kills++) {
		__u64 begin = w->rounds;
		pid_t child = fork();

		if (!child)
			write_for_ever(self->dir, w);
		/* Half of them while they begin. */
		usleep(random() % 2 ? random() % 2000 : 0);
		while (kills % 4 == 0 &&
		       __atomic_load_n(&w->rounds, __ATOMIC_RELAXED) < begin + 100)
			usleep(100);
		ASSERT_EQ(0, kill(child, SIGKILL));
		ASSERT_EQ(child, waitpid(child, NULL, 0));

		OPEN(LOAD);
		for (int i = 0; i < slots(); i++) {
			struct slot p;

			if (!slot_read(i, &p))
				continue;
			snprintf(name, sizeof(name), "vm%u", p.vm);
			ASSERT_STREQ(name, p.name);
			if (p.vm > 8) {
				ASSERT_EQ(p.vm, p.seq);
				slot_free(i);
				continue;
			}
			ASSERT_EQ(SLOT_VM, p.kind);
			ASSERT_LE(w->after[p.vm - 1], p.seq);
			ASSERT_GE(w->before[p.vm - 1], p.seq);
			w->before[p.vm - 1] = p.seq;
		}
		slots_close();
		EXPECT_SAID_NOTHING;
	}
	TH_LOG("%llu rounds", w->rounds);
	EXPECT_LT(1000, w->rounds);
}

/* That there is no space is known before anything is stored into what is not there. */
TEST_F(slots, without_space_it_is_said_and_ends_nobody)
{
	const struct rlimit small = { 16384, 16384 };
	char said[1024];
	int last = 0;

	signal(SIGXFSZ, SIG_IGN);
	OPEN(LOAD);
	ASSERT_EQ(0, setrlimit(RLIMIT_FSIZE, &small));
	for (int i = 1; i <= 1000 && last >= 0; i++)
		last = make(i, SLOT_VM, 0, i, "x");
	EXPECT_EQ(-1, last);
	EXPECT_EQ(-1, make(2000, SLOT_VM, 0, 1, "x"));
	EXPECT_EQ(1, seq_of(1, SLOT_VM, 0));
	snprintf(said, sizeof(said), "%.1000s", scratch_said(&self->scratch));
	EXPECT_NE(NULL, strstr(said, "File too large"));
	EXPECT_EQ(said + strlen(said) - 1, strchr(said, '\n'));
}

TEST_HARNESS_MAIN
