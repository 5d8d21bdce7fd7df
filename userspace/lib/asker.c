// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/asker.h"
#include "lib/close_others.h"
#include "lib/cmdline.h"
#include "lib/device.h"
#include "lib/running.h"

/* When a child that reads a command line is ended. */
#define NAME_S		10
/* How long one process's files may take. */
#define PROCESS_MS	5000

/**
 * struct question - what the helper is asked
 * @what: which
 * @info: ASKED_NAME: of the VM
 */
struct question {
	enum asked what;
	struct dbgport_vm_info info;
};

/**
 * struct look - how far a look at all processes has come
 * @at: the process that it is at
 * @result: as of running_attach(), when it has ended; both are stored atomically
 */
struct look {
	pid_t at;
	int result;
};

static const char *device;
static pid_t helper;
static int ours = -1;

static struct answer look_up(const struct question *q)
{
	static char args[CMDLINE_SIZE], told[CMDLINE_SIZE];
	struct answer answer = { .to = ASKED_NAME, .vm = q->info.vm };
	size_t len;

	alarm(NAME_S);
	len = cmdline_read(args, sizeof(args), q->info.pid);
	answer.named = cmdline_vm_name(told, sizeof(told), args, len);
	answer.restored = cmdline_is_restored(args, len);
	vmname_make(answer.name, answer.named ? told : NULL, &q->info, q->info.vm);
	return answer;
}

static __attribute__((noreturn)) void look_on(struct look *look)
{
	struct dbgport_info info;
	char why[512];
	int result = device_open(device, &info, why, sizeof(why));

	if (result >= 0)
		result = running_attach_after(result, look->at, &look->at);
	__atomic_store_n(&look->result, result, __ATOMIC_RELEASE);
	_exit(0);
}

/* Whether the child that has the other end of @fd has ended; not if it hangs at a process. */
static bool await_end(int fd, const struct look *look)
{
	struct pollfd pfd = { .fd = fd };
	pid_t at;
	int n;

	do {
		at = __atomic_load_n(&look->at, __ATOMIC_RELAXED);
		n = poll(&pfd, 1, PROCESS_MS);
	} while (!n && __atomic_load_n(&look->at, __ATOMIC_RELAXED) != at);
	return n;
}

/* Whether a child has looked to the end, or none can; else it is left to itself. */
static bool look_by_child(struct look *look)
{
	bool ended = true;
	pid_t child;
	int end[2];

	if (pipe2(end, O_CLOEXEC))
		return true;
	child = fork();
	if (!child) {
		close(end[0]);
		look_on(look);
	}
	close(end[1]);
	if (child > 0)
		ended = await_end(end[0], look);
	if (child > 0 && !ended)
		kill(child, SIGKILL);
	close(end[0]);
	return ended;
}

/* By children, the next of which goes on behind the process that one hangs at. */
static struct answer look_at_all(void)
{
	struct look *look = mmap(NULL, sizeof(*look), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct answer answer = { .to = ASKED_RUNNING, .result = -ENOMEM };

	if (look == MAP_FAILED)
		return answer;
	/* So that a child's id stays its own. */
	signal(SIGCHLD, SIG_DFL);
	look->result = -EAGAIN;
	while (!look_by_child(look))
		;
	answer.result = __atomic_load_n(&look->result, __ATOMIC_ACQUIRE);
	return answer;
}

static __attribute__((noreturn)) void answer(int fd, const struct question *q)
{
	const struct answer a = q->what == ASKED_NAME ? look_up(q) : look_at_all();

	send(fd, &a, sizeof(a), MSG_NOSIGNAL);
	_exit(0);
}

/* It must keep nothing of ours open, however long a child of it hangs. */
static void let_go(int fd)
{
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD };
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	for (int i = 0; i <= STDERR_FILENO; i++)
		dup2(null, i);
	close_others(STDERR_FILENO + 1, fd);
	/* The whole group may get them; we end when the other end is closed. */
	for (size_t i = 0; i < ARRAY_SIZE(ignored); i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_NAME, "dbgport-asker");
}

static __attribute__((noreturn)) void serve(int fd)
{
	struct question q;
	ssize_t n;

	let_go(fd);
	while ((n = recv(fd, &q, sizeof(q), 0)) == sizeof(q) || (n < 0 && errno == EINTR)) {
		if (n > 0 && !fork())
			answer(fd, &q);
	}
	_exit(0);
}

int asker_start(const char *path)
{
	sigset_t all, before;
	int pair[2], err;

	device = path;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	/* let_go() has the others below it. */
	if (pair[1] <= STDERR_FILENO) {
		close(pair[0]);
		close(pair[1]);
		return -EBADF;
	}
	/* None may come before the helper ignores it. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	helper = fork();
	if (!helper)
		serve(pair[1]);
	err = helper < 0 ? -errno : 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(pair[1]);
	if (err)
		close(pair[0]);
	else
		ours = pair[0];
	return err;
}

void asker_stop(void)
{
	if (ours < 0)
		return;
	close(ours);
	ours = -1;
	/* It waits for nothing else. */
	waitpid(helper, NULL, 0);
}

int asker_fd(void)
{
	return ours;
}

static int ask(const struct question *q)
{
	return send(ours, q, sizeof(*q), MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int asker_name(const struct dbgport_vm_info *info)
{
	const struct question q = { .what = ASKED_NAME, .info = *info };

	return ask(&q);
}

int asker_running(void)
{
	const struct question q = { .what = ASKED_RUNNING };

	return ask(&q);
}

bool asker_answer(struct answer *answer)
{
	if (recv(ours, answer, sizeof(*answer), MSG_DONTWAIT) != sizeof(*answer))
		return false;
	answer->name[sizeof(answer->name) - 1] = '\0';
	return true;
}
