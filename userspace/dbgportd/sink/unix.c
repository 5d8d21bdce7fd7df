// SPDX-License-Identifier: GPL-2.0
/*
 * unix=PATH: a listening stream socket.  Each client gets the scrollback, and
 * then what comes, through a queue of its own, so that a slow one holds up
 * nobody.  What clients send is read and thrown away.
 *
 * When the VM is gone, clients get what is still theirs.  If there was none
 * since the last output, the socket lingers for one to come.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "dbgportd/config/path.h"
#include "dbgportd/config/route.h"
#include "dbgportd/sink/linger.h"
#include "dbgportd/sink/sink.h"
#include "lib/log.h"
#include "words/drop_notice.h"

#define SCROLLBACK	(64 * 1024)
#define QUEUE		(1024 * 1024)
#define CLIENTS		8
#define DEFAULT_MODE	0660
/* How long not to accept while there is no descriptor or memory for it. */
#define RETRY_MS	1000
#define BACKLOG		16

struct client;

/**
 * struct listener - one listening socket
 * @next: in the list of those that are open
 * @sink: what the router knows of it; its stream only counts
 * @fd: the socket; -1: it listens no more
 * @dev, @ino: of the socket's file, to know it again
 * @accept: waits for clients
 * @check: runs while it lingers, and after accepting has failed
 * @scrollback: what every client gets first
 * @clients: the list of them
 * @count: those of them that are served
 * @max: how many there may be
 * @queue: bytes that may wait for each
 * @linger: seconds that it may linger
 * @deadline: loop_now() at which it goes
 * @notice: how drops are told
 * @unread: nobody was there since something was put
 * @ending: the VM is gone
 * @addr: where it listens
 */
struct listener {
	struct listener *next;
	struct sink sink;
	int fd;
	dev_t dev;
	ino_t ino;
	struct event accept;
	struct event check;
	struct queue scrollback;
	struct client *clients;
	unsigned int count;
	unsigned int max;
	size_t queue;
	__u64 linger;
	__u64 deadline;
	const struct drop_notice *notice;
	bool unread;
	bool ending;
	struct sockaddr_un addr;
};

/**
 * struct client - one connection
 * @next: in the list of its listener's clients
 * @owner: whose it is
 * @stream: to it
 * @input: waits for what it sends, and for its end
 * @counted: bytes dropped that the sink knows of
 * @ended: it gets what waits for it, and no more
 */
struct client {
	struct client *next;
	struct listener *owner;
	struct stream stream;
	struct event input;
	__u64 counted;
	bool ended;
};

static struct listener *listeners;

static struct listener *to_listener(struct sink *sink)
{
	return container_of(sink, struct listener, sink);
}

static bool is_ours(const struct listener *l)
{
	struct stat st;

	return !lstat(l->addr.sun_path, &st) && st.st_dev == l->dev && st.st_ino == l->ino;
}

static void stop_listening(struct listener *l)
{
	if (l->fd < 0)
		return;
	loop_cancel(&l->accept);
	if (is_ours(l))
		unlink(l->addr.sun_path);
	close(l->fd);
	l->fd = -1;
}

static void maybe_ended(struct listener *l)
{
	if (!l->ending)
		return;
	if (!l->unread)
		stop_listening(l);
	if (l->clients)
		return;
	if (l->fd >= 0 && !sinks_in_hurry() && !linger_is_over(&l->deadline)) {
		if (!l->check.busy)
			loop_timeout(&l->check, LINGER_CHECK_MS);
		return;
	}
	stop_listening(l);
	loop_cancel(&l->check);
	if (!l->accept.busy && !l->check.busy)
		stream_close(&l->sink.stream);
}

static void unix_closed(struct stream *s)
{
	struct listener *l = to_listener(container_of(s, struct sink, stream));
	struct listener **link = &listeners;

	sink_log_dropped(s);
	while (*link != l)
		link = &(*link)->next;
	*link = l->next;
	queue_free(&l->scrollback);
	free(l);
	sink_count(-1);
}

static void count_dropped(struct client *c)
{
	c->owner->sink.stream.dropped += c->stream.dropped - c->counted;
	c->counted = c->stream.dropped;
}

static void client_end(struct client *c)
{
	if (c->ended)
		return;
	c->ended = true;
	c->owner->count--;
	loop_cancel(&c->input);
	if (!c->input.busy)
		stream_close(&c->stream);
}

static void client_died(struct stream *s, int err)
{
	struct client *c = container_of(s, struct client, stream);

	if (err != EPIPE && err != ECONNRESET)
		c->owner->sink.stream.last_error = err;
	client_end(c);
}

static void client_closed(struct stream *s)
{
	struct client *c = container_of(s, struct client, stream);
	struct listener *l = c->owner;
	struct client **link = &l->clients;

	count_dropped(c);
	while (*link != c)
		link = &(*link)->next;
	*link = c->next;
	free(c);
	maybe_ended(l);
}

static bool hung_up(const struct client *c)
{
	struct pollfd pfd = { .fd = c->stream.fd };

	return poll(&pfd, 1, 0) == 1;
}

static void input_done(struct event *ev, int res)
{
	struct client *c = container_of(ev, struct client, input);
	char sent[4096];
	ssize_t n;

	(void)res;
	if (c->ended) {
		stream_close(&c->stream);
		return;
	}
	n = read(c->stream.fd, sent, sizeof(sent));
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		loop_poll(ev, c->stream.fd, POLLIN);
	else if (n < 0 || hung_up(c))
		stream_kill(&c->stream, n < 0 ? errno : EPIPE);
	/* Else it sends no more and goes on reading: writing tells its end. */
}

static void refuse(const struct listener *l, int fd)
{
	char text[128];
	int len = snprintf(text, sizeof(text),
			   "dbgportd: %u clients are connected already, and clients= allows no more\n",
			   l->max);

	if (send(fd, text, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		log_limited(LOG_LEVEL_DEBUG, "%s: a client was refused without a word: %s",
			    l->addr.sun_path, strerror(errno));
	close(fd);
	log_limited(LOG_LEVEL_WARNING, "%s: one client more than clients=%u was refused",
		    l->addr.sun_path, l->max);
}

/* Those that had said they would send no more have not been watched since. */
static void let_go_of_hung_up(struct listener *l)
{
	for (struct client *c = l->clients; c; c = c->next) {
		if (!c->ended && hung_up(c))
			stream_kill(&c->stream, EPIPE);
	}
}

static void put_scrollback(const struct listener *l, struct stream *s)
{
	struct iovec iov[2];
	int count = queue_peek(&l->scrollback, iov);

	s->backlog.queue.dropped = l->scrollback.dropped;
	for (int i = 0; i < count; i++)
		stream_put(s, iov[i].iov_base, iov[i].iov_len);
}

static void admit(struct listener *l, int fd)
{
	struct client *c;

	if (l->count == l->max)
		let_go_of_hung_up(l);
	if (l->count == l->max) {
		refuse(l, fd);
		return;
	}
	c = calloc(1, sizeof(*c));
	if (!c || stream_init(&c->stream, fd, STREAM_NONBLOCK, l->queue, l->addr.sun_path)) {
		free(c);
		close(fd);
		return;
	}
	c->owner = l;
	c->input.done = input_done;
	c->stream.notice = l->notice;
	c->stream.patience_ms = l->linger * 1000;
	c->stream.died = client_died;
	c->stream.closed = client_closed;
	c->next = l->clients;
	l->clients = c;
	l->count++;
	l->unread = false;
	put_scrollback(l, &c->stream);
	if (l->ending)
		client_end(c);
	else
		loop_poll(&c->input, fd, POLLIN);
}

static void accept_done(struct event *ev, int res)
{
	struct listener *l = container_of(ev, struct listener, accept);
	int fd = 0;

	(void)res;
	for (int i = 0; l->fd >= 0 && i < BACKLOG && fd >= 0; i++) {
		fd = accept4(l->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0)
			admit(l, fd);
	}
	if (l->fd >= 0) {
		if (fd >= 0 || errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
			loop_poll(ev, l->fd, POLLIN);
		else if (!l->check.busy)
			loop_timeout(&l->check, RETRY_MS);
	}
	maybe_ended(l);
}

static void check_done(struct event *ev, int res)
{
	struct listener *l = container_of(ev, struct listener, check);

	(void)res;
	if (l->fd >= 0 && !l->accept.busy)
		loop_poll(&l->accept, l->fd, POLLIN);
	maybe_ended(l);
}

static void unix_put(struct sink *sink, const void *data, size_t len)
{
	struct listener *l = to_listener(sink);

	sink->stream.put += len;
	sink->stream.out += len;
	queue_put(&l->scrollback, data, len);
	if (!l->count)
		l->unread = true;
	for (struct client *c = l->clients; c; c = c->next) {
		if (c->ended)
			continue;
		stream_put(&c->stream, data, len);
		count_dropped(c);
	}
}

static size_t unix_waiting(const struct stream *s)
{
	const struct listener *l = to_listener(container_of(s, struct sink, stream));
	size_t most = 0;

	for (struct client *c = l->clients; c; c = c->next) {
		if (stream_waiting(&c->stream) > most)
			most = stream_waiting(&c->stream);
	}
	return most;
}

static void unix_close(struct sink *sink)
{
	struct listener *l = to_listener(sink);

	l->ending = true;
	l->deadline = linger_end(l->linger);
	for (struct client *c = l->clients; c; c = c->next)
		client_end(c);
	maybe_ended(l);
}

/* Whether @addr is a socket that nobody listens on any more; else why not. */
static bool is_stale(const struct sockaddr_un *addr, char *why, size_t size)
{
	struct stat st;
	int fd, err;

	if (lstat(addr->sun_path, &st) || !S_ISSOCK(st.st_mode)) {
		snprintf(why, size,
			 "%s: is there already and is no socket; remove it or choose another path",
			 addr->sun_path);
		return false;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	err = connect(fd, (const struct sockaddr *)addr, sizeof(*addr)) ? errno : 0;
	close(fd);
	if (err == ECONNREFUSED)
		return true;
	if (!err || err == EAGAIN || err == EPROTOTYPE)
		snprintf(why, size, "%s: another process uses this socket; choose another path",
			 addr->sun_path);
	else
		snprintf(why, size, "%s: %s", addr->sun_path, strerror(err));
	return false;
}

static int bind_as(int fd, const struct sockaddr_un *addr, mode_t mode)
{
	mode_t mask = umask(~mode & 0777);
	int ret = bind(fd, (const struct sockaddr *)addr, sizeof(*addr));

	umask(mask);
	return ret;
}

static int start_listening(struct listener *l, mode_t mode, char *why, size_t size)
{
	const char *path = l->addr.sun_path;
	struct stat st;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err = fd < 0 ? -1 : bind_as(fd, &l->addr, mode);

	if (err && errno == EADDRINUSE) {
		if (!is_stale(&l->addr, why, size)) {
			close(fd);
			return -1;
		}
		unlink(path);
		err = bind_as(fd, &l->addr, mode);
	}
	if (err || listen(fd, BACKLOG) || lstat(path, &st)) {
		if (errno == ENOENT)
			snprintf(why, size, "%s: there is no such directory; make it first", path);
		else
			snprintf(why, size, "%s: %s", path, strerror(errno));
		close(fd);
		return -1;
	}
	l->fd = fd;
	l->dev = st.st_dev;
	l->ino = st.st_ino;
	return 0;
}

/* A VM that comes again must not wait for the last words of the one before. */
static void make_way(const char *path)
{
	for (struct listener *l = listeners; l; l = l->next) {
		if (l->ending && !strcmp(l->addr.sun_path, path))
			stop_listening(l);
	}
}

static int set_up(struct listener *l, const struct sink_request *rq, char *why, size_t size)
{
	const struct settings *set = &rq->route->set;
	size_t scrollback = set->sink.scrollback ?: SCROLLBACK;
	struct stream *s = &l->sink.stream;

	l->sink.ops = &sink_unix;
	l->sink.eol = "\n";
	l->sink.shared = !rq->vm;
	l->accept.done = accept_done;
	l->check.done = check_done;
	l->max = set->sink.clients ?: CLIENTS;
	l->linger = set->sink.linger ?: LINGER_S;
	l->notice = drop_notice_in(rq->route->format, &drop_notice_lf);
	l->queue = set->sink.queue ?: QUEUE;
	if (l->queue < scrollback)
		l->queue = scrollback;
	queue_init(&l->scrollback, scrollback);
	s->waiting = unix_waiting;
	s->closed = unix_closed;
	if (stream_init(s, -1, STREAM_NONBLOCK, 1, l->addr.sun_path)) {
		snprintf(why, size, "%s: no memory", l->addr.sun_path);
		return -1;
	}
	make_way(l->addr.sun_path);
	if (start_listening(l, set->sink.mode ?: DEFAULT_MODE, why, size)) {
		free(s->name);
		return -1;
	}
	return 0;
}

static struct sink *unix_open(const struct sink_request *rq, char *why, size_t size)
{
	const struct route *route = rq->route;
	struct listener *l = calloc(1, sizeof(*l));

	if (!l) {
		snprintf(why, size, "%s: no memory", route->arg);
		return NULL;
	}
	l->addr.sun_family = AF_UNIX;
	if (path_expand(l->addr.sun_path, sizeof(l->addr.sun_path), route->arg, route->port,
			rq->vm)) {
		snprintf(why, size, "%s: the path is too long for a socket: at most %zu bytes",
			 route->arg, sizeof(l->addr.sun_path) - 1);
		free(l);
		return NULL;
	}
	if (set_up(l, rq, why, size)) {
		free(l);
		return NULL;
	}
	l->next = listeners;
	listeners = l;
	sink_count(1);
	loop_poll(&l->accept, l->fd, POLLIN);
	return &l->sink;
}

const struct sink_ops sink_unix = {
	.name = "unix",
	.arg = "PATH",
	.help = "a listening stream socket; clients get what was said, then what comes",
	.notices = true,
	.raw = true,
	.open = unix_open,
	.put = unix_put,
	.close = unix_close,
};
