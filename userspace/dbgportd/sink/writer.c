// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dbgportd/loop/loop.h"
#include "dbgportd/sink/fd_message.h"
#include "dbgportd/sink/writer.h"
#include "lib/clock.h"

#define WRITERS_MAX	64
/* Disks take less, even if they are busy. */
#define HANGS_MS	100
/* How long one that has nothing to do may take to end. */
#define END_MS		500

/**
 * struct writer - one process
 * @next: in the list of all
 * @dir: whose files it has
 * @process: what it does
 * @pid: its process id
 * @fd: our end of the socket
 * @area: the memory
 * @replies: waits for them
 * @clients: the files that it has
 * @asked: whose request it is busy with; NULL: none, or none that is still wanted
 * @busy: with a request
 * @since: CLOCK_MONOTONIC in milliseconds when it began with that
 * @waiting: those who wait for it, first come, first served
 */
struct writer {
	struct writer *next;
	char *dir;
	writer_process_t *process;
	pid_t pid;
	int fd;
	char *area;
	struct event replies;
	struct writer_client *clients;
	struct writer_client *asked;
	bool busy;
	__u64 since;
	struct writer_client *waiting;
};

static struct writer *writers;

static __u64 now_ms(void)
{
	return clock_ns(CLOCK_MONOTONIC) / NSEC_PER_MSEC;
}

static bool hangs(const struct writer *w)
{
	return w->busy && now_ms() - w->since >= HANGS_MS;
}

static void unlist(struct writer_client **link, struct writer_client *c)
{
	while (*link != c)
		link = &(*link)->next;
	*link = c->next;
}

static void stop_waiting(struct writer_client *c)
{
	struct writer_client **link = &c->writer->waiting;

	if (!c->waits)
		return;
	while (*link != c)
		link = &(*link)->next_waiting;
	*link = c->next_waiting;
	c->waits = false;
}

/* It is not needed, and waits for nothing: the end of the socket is its end. */
static void maybe_freed(struct writer *w)
{
	struct writer **link = &writers;

	if (w->clients || w->busy)
		return;
	if (w->replies.busy) {
		loop_cancel(&w->replies);
		return;
	}
	while (*link != w)
		link = &(*link)->next;
	*link = w->next;
	close(w->fd);
	munmap(w->area, WRITER_AREA);
	/* Mostly it has not ended yet: then init gets it, when we do. */
	waitpid(w->pid, NULL, WNOHANG);
	free(w->dir);
	free(w);
}

/* The process has been killed. */
static void lose(struct writer *w)
{
	w->busy = false;
	w->asked = NULL;
	while (w->clients) {
		struct writer_client *c = w->clients;

		stop_waiting(c);
		w->clients = c->next;
		c->writer = NULL;
		c->asked = false;
		c->done(c, NULL, -1);
	}
}

/* One reply, if there is one; then the next request that waits. */
static bool take_reply(struct writer *w)
{
	struct writer_client *c = w->asked;
	struct writer_reply reply;
	int fd, err = fd_message_receive(w->fd, &reply, sizeof(reply), &fd, MSG_DONTWAIT);

	if (err == -EAGAIN)
		return false;
	if (err) {
		lose(w);
		return false;
	}
	w->busy = false;
	w->asked = NULL;
	if (c) {
		c->asked = false;
		c->answers++;
		c->done(c, &reply, fd);
	} else if (fd >= 0) {
		close(fd);
	}
	while (!w->busy && w->waiting) {
		c = w->waiting;
		stop_waiting(c);
		c->turn(c);
	}
	return true;
}

static void replies_done(struct event *ev, int res)
{
	struct writer *w = container_of(ev, struct writer, replies);

	if (res > 0) {
		while (take_reply(w))
			;
	}
	maybe_freed(w);
}

static void end_with_parent(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
}

/* The process and what leads to it; -1 with errno. */
static int start_process(struct writer *w)
{
	pid_t us = getpid();
	int fd[2];

	w->area = mmap(NULL, WRITER_AREA, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	if (w->area == MAP_FAILED)
		return -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd)) {
		munmap(w->area, WRITER_AREA);
		return -1;
	}
	w->pid = fork();
	if (!w->pid) {
		end_with_parent(us);
		w->process(fd[1], w->area);
	}
	close(fd[1]);
	if (w->pid < 0) {
		close(fd[0]);
		munmap(w->area, WRITER_AREA);
		return -1;
	}
	w->fd = fd[0];
	return 0;
}

static struct writer *start(const char *dir, writer_process_t *process)
{
	struct writer *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->process = process;
	w->dir = strdup(dir);
	if (!w->dir || start_process(w)) {
		free(w->dir);
		free(w);
		return NULL;
	}
	w->replies.done = replies_done;
	loop_watch(&w->replies, w->fd, POLLIN);
	w->next = writers;
	writers = w;
	return w;
}

static unsigned int number_of_clients(const struct writer *w)
{
	unsigned int n = 0;

	for (const struct writer_client *c = w->clients; c; c = c->next)
		n++;
	return n;
}

/* The directory's, or a new one, or the one with the fewest files. */
static struct writer *find(const char *dir, writer_process_t *process)
{
	struct writer *least = NULL;
	unsigned int count = 0, n, fewest = 0;

	for (struct writer *w = writers; w; w = w->next) {
		if (w->process != process)
			continue;
		if (!strcmp(w->dir, dir) && w->clients)
			return w;
		count++;
		n = number_of_clients(w);
		if (n && !hangs(w) && (!least || n < fewest)) {
			least = w;
			fewest = n;
		}
	}
	return count >= WRITERS_MAX && least ? least : start(dir, process);
}

static bool has_file(const struct writer *w, __u32 file)
{
	const struct writer_client *c = w->clients;

	while (c && c->file != file)
		c = c->next;
	return c;
}

int writer_get(struct writer_client *c, const char *dir, writer_process_t *process)
{
	struct writer *w = find(dir, process);

	if (!w)
		return -errno;
	c->file = 0;
	while (has_file(w, c->file))
		c->file++;
	c->writer = w;
	c->next = w->clients;
	w->clients = c;
	return 0;
}

void writer_put(struct writer_client *c)
{
	const struct writer_request rq = { .op = WRITER_CLOSE, .file = c->file };
	struct writer *w = c->writer;

	if (!w)
		return;
	stop_waiting(c);
	unlist(&w->clients, c);
	if (w->asked == c)
		w->asked = NULL;
	c->writer = NULL;
	c->asked = false;
	/* One that hangs may have no room for more: the one that gets the number next closes it. */
	fd_message_send(w->fd, &rq, sizeof(rq), -1);
	maybe_freed(w);
}

bool writer_is_free(struct writer_client *c)
{
	struct writer_client **link = &c->writer->waiting;

	if (!c->writer->busy)
		return true;
	if (c->waits)
		return false;
	while (*link)
		link = &(*link)->next_waiting;
	*link = c;
	c->next_waiting = NULL;
	c->waits = true;
	return false;
}

char *writer_area(const struct writer_client *c)
{
	return c->writer->area;
}

void writer_ask(struct writer_client *c, struct writer_request *rq, int fd)
{
	struct writer *w = c->writer;

	rq->file = c->file;
	w->busy = true;
	w->asked = c;
	w->since = now_ms();
	c->asked = true;
	/* If it is no more, the watch says so. */
	fd_message_send(w->fd, rq, sizeof(*rq), fd);
}

bool writer_wait(struct writer_client *c, int ms)
{
	const unsigned int answers = c->answers;
	__u64 end = now_ms() + ms, now;

	while (c->writer && (c->asked || c->waits) && c->answers == answers &&
	       (now = now_ms()) < end) {
		struct pollfd pfd = { .fd = c->writer->fd, .events = POLLIN };

		if (poll(&pfd, 1, end - now) > 0)
			take_reply(c->writer);
	}
	return c->answers != answers;
}

bool writers_hang(void)
{
	for (const struct writer *w = writers; w; w = w->next) {
		if (hangs(w))
			return true;
	}
	return false;
}

/* Those that have nothing to do end by themselves, and are waited for. */
void writers_end(void)
{
	for (struct writer *w = writers; w; w = w->next) {
		struct pollfd pfd = { .fd = w->fd };

		if (w->busy)
			kill(w->pid, SIGKILL);
		else
			shutdown(w->fd, SHUT_WR);
		if (!w->busy)
			poll(&pfd, 1, END_MS);
		waitpid(w->pid, NULL, WNOHANG);
	}
}
