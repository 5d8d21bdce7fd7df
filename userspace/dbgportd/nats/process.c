// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/capability.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "dbgportd/nats/news.h"
#include "dbgportd/nats/process.h"
#include "dbgportd/nats/publish.h"
#include "dbgportd/sink/fd_message.h"
#include "dbgportd/sink/writer_message.h"
#include "lib/clock.h"
#include "lib/close_others.h"
#include "lib/std_fds.h"

/* How often what was stored is synced. */
#define SYNC_MS		1000
/* How often it is told how much waits, if nothing else is new. */
#define NEWS_NS		(100 * NSEC_PER_MSEC)

/* Guards the news, which both threads tell. */
static pthread_mutex_t news_mutex;
static struct nats_news news, told;
static __u64 told_ns;
static int news_fd = -1;

static char *area;
static char *path;
static char *lines;
static struct nats_address server;
static struct spool *spool;

/* Of servers' words none may reach a terminal as a command. */
static void set_text(const char *why)
{
	snprintf(news.text, sizeof(news.text), "%s", why);
	for (char *c = news.text; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 127)
			*c = '?';
	}
}

/* Whether it can wait until more is new. */
static bool is_minor(__u64 now_ns)
{
	if (news.unserved != told.unserved || strcmp(news.text, told.text) ||
	    !news.waiting != !told.waiting)
		return false;
	return now_ns - told_ns < NEWS_NS ||
	       (news.waiting == told.waiting && news.dropped == told.dropped);
}

/* With a full pipe the daemon is busy, and hears of it the next time. */
static void send_news(void)
{
	__u64 now_ns = clock_ns(CLOCK_MONOTONIC);

	news.waiting = spool ? spool_waiting(spool) : 0;
	news.dropped = spool ? spool_dropped(spool) : 0;
	if (is_minor(now_ns) || write(news_fd, &news, sizeof(news)) != sizeof(news))
		return;
	told = news;
	told_ns = now_ns;
}

static void tell(const char *why)
{
	pthread_mutex_lock(&news_mutex);
	news.unserved = why;
	set_text(why ?: "");
	send_news();
	pthread_mutex_unlock(&news_mutex);
}

static void tell_waiting(void)
{
	pthread_mutex_lock(&news_mutex);
	send_news();
	pthread_mutex_unlock(&news_mutex);
}

static void tell_locked(const char *dir)
{
	char why[sizeof(news.text)];

	snprintf(why, sizeof(why), "another process uses its spool, %s", dir);
	tell(why);
}

static const char *next_line(char **text)
{
	return strsep(text, "\n") ?: "";
}

static void close_spool(void)
{
	if (spool) {
		publish_stop();
		spool_close(spool);
	}
	spool = NULL;
	if (news_fd >= 0)
		close(news_fd);
	news_fd = -1;
	free(path);
	free(lines);
	path = NULL;
	lines = NULL;
}

static int open_spool(const struct writer_request *rq, int with)
{
	char *dir_end, *text;
	int err;

	path = strdup(area);
	lines = strdup(area + strlen(area) + 1);
	text = lines;
	dir_end = path ? strrchr(path, '/') : NULL;
	if (!dir_end || !lines)
		return -ENOMEM;
	*dir_end = '\0';
	news_fd = with;
	news = (struct nats_news){ 0 };
	told = news;
	server.url = next_line(&text);
	server.subject = next_line(&text);
	server.creds = next_line(&text);
	server.tls = next_line(&text);
	spool = spool_open(path, rq->set.spool ?: SPOOL_DEFAULT, tell_locked, &err);
	if (!spool)
		return err;
	tell(NULL);
	return publish_start(&server, spool, tell);
}

static void store(const struct writer_request *rq, struct writer_reply *reply)
{
	size_t done;

	reply->err = -spool_put(spool, area, rq->len, &done);
	reply->done = done;
	tell_waiting();
	publish_wake();
}

static void serve(int fd, const struct writer_request *rq, int with)
{
	struct writer_reply reply = { .mode = S_IFREG };

	switch (rq->op) {
	case WRITER_OPEN:
		close_spool();
		reply.err = -open_spool(rq, with);
		with = -1;
		break;
	case WRITER_WRITE:
		store(rq, &reply);
		break;
	case WRITER_REOPEN:
		break;
	default:
		close_spool();
		return;
	}
	if (with >= 0)
		close(with);
	if (fd_message_send(fd, &reply, sizeof(reply), -1))
		_exit(1);
}

/* Until there is a request, or the other end is closed. */
static void await(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	static __u64 synced_ns;
	int ready;

	do {
		ready = poll(&pfd, 1, SYNC_MS);
		if (!spool || clock_ns(CLOCK_MONOTONIC) - synced_ns < SYNC_MS * NSEC_PER_MSEC)
			continue;
		tell_waiting();
		spool_sync(spool);
		synced_ns = clock_ns(CLOCK_MONOTONIC);
	} while (ready <= 0);
}

/*
 * A server's words are parsed here: what the daemon may see of other processes is not for
 * this one.  Root's spool may be another user's, as the service's is.
 */
static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];
	const __u32 kept = CAP_TO_MASK(CAP_DAC_OVERRIDE);

	if (syscall(SYS_capget, &header, caps))
		_exit(1);
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		caps[i].permitted &= i == CAP_TO_INDEX(CAP_DAC_OVERRIDE) ? kept : 0;
		caps[i].effective = caps[i].permitted;
		caps[i].inheritable = 0;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_capset, &header, caps))
		_exit(1);
}

void nats_process(int fd, char *shared)
{
	struct writer_request rq;
	int with;

	area = shared;
	prctl(PR_SET_NAME, "dbgportd-nats");
	close_others(0, fd);
	std_fds_fill();
	drop_capabilities();
	pthread_mutex_init(&news_mutex, NULL);
	do {
		await(fd);
		if (fd_message_receive(fd, &rq, sizeof(rq), &with, 0))
			_exit(0);
		serve(fd, &rq, with);
	} while (true);
}
