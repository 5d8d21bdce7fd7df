// SPDX-License-Identifier: GPL-2.0
/* Questions that take as long as those like whom they are about. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>

#include "lib/harness.h"

#include "daemon/scratch.h"
#include "daemon/vmm.h"
#include "lib/asker.h"
#include "lib/device.h"
#include "lib/running.h"

/* Of the look at all processes: which it is at that never ends, and where all are noted. */
static pid_t endless;
static char visited[PATH_MAX];
static int device_result;

/* In the place of the device, and of the processes of this host. */
int device_open(const char *path, struct dbgport_info *info, char *why, size_t size)
{
	(void)info;
	snprintf(why, size, "%s", path);
	return device_result;
}

int running_attach_after(int fd, pid_t after, pid_t *at)
{
	int to = open(visited, O_WRONLY | O_APPEND | O_CREAT, 0600);

	(void)fd;
	for (pid_t pid = after + 1; pid <= 5; pid++) {
		__atomic_store_n(at, pid, __ATOMIC_RELAXED);
		dprintf(to, "%d\n", pid);
		while (pid == endless)
			pause();
	}
	return 3;
}

FIXTURE(asker)
{
	struct answer answer;
};

FIXTURE_SETUP(asker)
{
	ASSERT_EQ(0, asker_start("/dev/dbgport"));
}

FIXTURE_TEARDOWN(asker)
{
	asker_stop();
}

/* Whether there is an answer, sooner or later. */
static bool answered(struct answer *answer, int ms)
{
	struct pollfd pfd = { .fd = asker_fd(), .events = POLLIN };

	return poll(&pfd, 1, ms) == 1 && asker_answer(answer);
}

#define FOR_EVER	-1

TEST_F(asker, a_vm_has_the_name_that_its_vmm_was_told)
{
	struct vmm vmm = vmm_start(7, "数据库 1");

	EXPECT_FALSE(asker_answer(&self->answer));
	ASSERT_EQ(0, asker_name(&vmm.info));
	ASSERT_TRUE(answered(&self->answer, FOR_EVER));
	EXPECT_EQ(ASKED_NAME, self->answer.to);
	EXPECT_EQ(7, self->answer.vm);
	EXPECT_STREQ("数据库+1", self->answer.name);
	EXPECT_FALSE(self->answer.restored);
	vmm_end(&vmm);
}

TEST_F(asker, a_vm_is_restored_if_its_vmm_was_told_to)
{
	char *const argv[] = { "qemu-system-x86_64", "-c", "echo 0; kill -STOP $$",
			       "-incoming", "defer", NULL };
	struct vmm vmm = vmm_run(7, "/bin/sh", argv);

	ASSERT_EQ(0, asker_name(&vmm.info));
	ASSERT_TRUE(answered(&self->answer, FOR_EVER));
	EXPECT_TRUE(self->answer.restored);
	EXPECT_FALSE(self->answer.named);
	vmm_end(&vmm);
}

TEST_F(asker, one_whose_vmm_was_told_none_is_called_after_that)
{
	struct vmm vmm = vmm_start(7, NULL);
	char name[64];

	snprintf(name, sizeof(name), "vmm-%d", vmm.info.pid);
	ASSERT_EQ(0, asker_name(&vmm.info));
	ASSERT_TRUE(answered(&self->answer, FOR_EVER));
	EXPECT_STREQ(name, self->answer.name);
	vmm_end(&vmm);
	/* It is no more. */
	ASSERT_EQ(0, asker_name(&vmm.info));
	ASSERT_TRUE(answered(&self->answer, FOR_EVER));
	EXPECT_STREQ(name, self->answer.name);
}

TEST_F(asker, the_longest_name_comes_whole)
{
	struct vmm vmm;
	char told[1001], name[VMNAME_OWN_SIZE];

	memset(told, 'x', sizeof(told));
	told[sizeof(told) - 1] = '\0';
	vmname_make(name, told, NULL, 0);
	vmm = vmm_start(7, told);
	ASSERT_EQ(0, asker_name(&vmm.info));
	ASSERT_TRUE(answered(&self->answer, FOR_EVER));
	EXPECT_STREQ(name, self->answer.name);
	vmm_end(&vmm);
}

TEST_F(asker, who_holds_it_up_holds_up_no_other)
{
	struct vmm held = vmm_start_held(1, "held"), other = vmm_start(2, "other");

	ASSERT_EQ(0, asker_name(&held.info));
	for (int i = 0; i < 3; i++) {
		ASSERT_EQ(0, asker_name(&other.info));
		ASSERT_TRUE(answered(&self->answer, FOR_EVER));
		EXPECT_EQ(2, self->answer.vm);
		EXPECT_STREQ("other", self->answer.name);
	}
	/* As long as it likes. */
	EXPECT_FALSE(answered(&self->answer, 300));
	vmm_let_read(&held);
	ASSERT_TRUE(answered(&self->answer, FOR_EVER));
	EXPECT_EQ(1, self->answer.vm);
	EXPECT_STREQ("held", self->answer.name);
	vmm_end(&held);
	vmm_end(&other);
}

/* As a daemon that starts beside many VMs. */
TEST_F(asker, thousands_are_answered)
{
	struct vmm vmm = vmm_start(1, "web");
	unsigned int asked = 0, answers = 0;
	static bool seen[2001];

	while (answers < 2000) {
		while (asked < 2000) {
			int err;

			vmm.info.vm = asked + 1;
			err = asker_name(&vmm.info);
			if (err == -EAGAIN)
				break;
			ASSERT_EQ(0, err);
			asked++;
		}
		ASSERT_TRUE(answered(&self->answer, FOR_EVER));
		ASSERT_STREQ("web", self->answer.name);
		ASSERT_FALSE(seen[self->answer.vm]);
		seen[self->answer.vm] = true;
		answers++;
	}
	EXPECT_FALSE(asker_answer(&self->answer));
	vmm_end(&vmm);
}

/* The only child of ours that is none of the test's. */
static pid_t helper(void)
{
	char path[64], text[32] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	f = fopen(path, "re");
	if (!f || !fgets(text, sizeof(text), f))
		abort();
	fclose(f);
	return atoi(text);
}

TEST_F(asker, signals_to_all_of_us_do_not_end_the_helper)
{
	static const int sent[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1 };
	struct vmm vmm;

	for (size_t i = 0; i < ARRAY_SIZE(sent); i++)
		ASSERT_EQ(0, kill(helper(), sent[i]));
	vmm = vmm_start(7, "web");
	ASSERT_EQ(0, asker_name(&vmm.info));
	ASSERT_TRUE(answered(&self->answer, FOR_EVER));
	EXPECT_STREQ("web", self->answer.name);
	vmm_end(&vmm);
}

TEST_F(asker, without_the_helper_there_is_an_error)
{
	struct vmm vmm = vmm_start(7, "web");
	struct pollfd pfd = { .fd = asker_fd(), .events = POLLIN };

	vmm_end(&vmm);
	ASSERT_EQ(0, kill(helper(), SIGKILL));
	ASSERT_EQ(1, poll(&pfd, 1, -1));
	EXPECT_NE(0, pfd.revents & POLLHUP);
	EXPECT_FALSE(asker_answer(&self->answer));
	EXPECT_EQ(-EPIPE, asker_name(&vmm.info));
	EXPECT_EQ(-EPIPE, asker_running());
}

/* Even while a child of it hangs. */
TEST(nothing_is_kept_open_and_all_ends_with_its_owner)
{
	struct vmm held = vmm_start_held(1, "held");
	int to_end[2], kept[2], status;
	char byte;
	pid_t owner;

	ASSERT_EQ(0, prctl(PR_SET_CHILD_SUBREAPER, 1));
	ASSERT_EQ(0, pipe2(to_end, O_CLOEXEC));
	ASSERT_EQ(0, pipe(kept));
	owner = fork();
	if (!owner) {
		struct vmm other;
		struct answer answer;

		close(kept[0]);
		close(to_end[1]);
		if (asker_start("/dev/dbgport") || asker_name(&held.info))
			_exit(1);
		/* Then the child that hangs has been forked. */
		other = vmm_start(2, "other");
		if (asker_name(&other.info) || !answered(&answer, FOR_EVER) || answer.vm != 2)
			_exit(2);
		vmm_end(&other);
		close(kept[1]);
		_exit(read(to_end[0], &byte, 1) ? 3 : 0);
	}
	close(kept[1]);
	/* The end of the file: nobody but the owner had it, who has closed it. */
	ASSERT_EQ(0, read(kept[0], &byte, 1));
	close(to_end[1]);
	ASSERT_EQ(owner, waitpid(owner, &status, 0));
	ASSERT_EQ(0, status);
	/* The helper, which is ours now. */
	ASSERT_LT(0, waitpid(-1, &status, 0));
	EXPECT_TRUE(WIFEXITED(status));
	vmm_end(&held);
}

FIXTURE(running)
{
	struct scratch scratch;
	struct answer answer;
};

FIXTURE_SETUP(running)
{
	scratch_make(&self->scratch);
	snprintf(visited, sizeof(visited), "%s", scratch_path(&self->scratch, "visited"));
}

FIXTURE_TEARDOWN(running)
{
	asker_stop();
	scratch_remove(&self->scratch);
}

static const char *contents(void)
{
	static char text[256];
	int fd = open(visited, O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	close(fd);
	text[n < 0 ? 0 : n] = '\0';
	return text;
}

TEST_F(running, vms_are_attached_by_the_helper)
{
	ASSERT_EQ(0, asker_start("/dev/dbgport"));
	ASSERT_EQ(0, asker_running());
	ASSERT_TRUE(answered(&self->answer, FOR_EVER));
	EXPECT_EQ(ASKED_RUNNING, self->answer.to);
	EXPECT_EQ(3, self->answer.result);
	EXPECT_STREQ("1\n2\n3\n4\n5\n", contents());
}

TEST_F(running, a_process_that_takes_too_long_is_passed_over)
{
	endless = 2;
	ASSERT_EQ(0, asker_start("/dev/dbgport"));
	ASSERT_EQ(0, asker_running());
	ASSERT_TRUE(answered(&self->answer, FOR_EVER));
	EXPECT_EQ(3, self->answer.result);
	EXPECT_STREQ("1\n2\n3\n4\n5\n", contents());
}

TEST_F(running, names_are_answered_while_it_hangs)
{
	struct vmm vmm = vmm_start(7, "web");

	endless = 2;
	ASSERT_EQ(0, asker_start("/dev/dbgport"));
	ASSERT_EQ(0, asker_running());
	ASSERT_EQ(0, asker_name(&vmm.info));
	ASSERT_TRUE(answered(&self->answer, FOR_EVER));
	EXPECT_EQ(ASKED_NAME, self->answer.to);
	vmm_end(&vmm);
}

TEST_F(running, what_the_device_says_is_told)
{
	device_result = -EACCES;
	ASSERT_EQ(0, asker_start("/dev/dbgport"));
	ASSERT_EQ(0, asker_running());
	ASSERT_TRUE(answered(&self->answer, FOR_EVER));
	EXPECT_EQ(-EACCES, self->answer.result);
}

TEST_HARNESS_MAIN
