// SPDX-License-Identifier: GPL-2.0
/*
 * unix=PATH: a listening stream socket.  Each client gets the scrollback, and
 * then what comes.
 *
 * When the VM is gone, clients get what is still theirs.  If there was none
 * since the last output, the socket lingers for one to come.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/linger.h"
#include "dbgportd/sink/owner.h"
#include "dbgportd/sink/settings.h"
#include "dbgportd/sink/sink.h"
#include "dbgportd/sink/unix_client.h"
#include "words/drop_notice.h"

#define SCROLLBACK	(64 * 1024)
#define QUEUE		(1024 * 1024)
#define CLIENTS		8
#define DEFAULT_MODE	0660
/* How long not to accept while there is no descriptor or memory for it. */
#define RETRY_MS	1000
#define BACKLOG		16

/**
 * struct listener - one listening socket
 * @next: in the list of those that are open
 * @sink: what the router knows of it; its stream only counts
 * @fd: the socket; -1: it listens no more
 * @dev, @ino: of the socket's file, to know it again
 * @accept: waits for clients
 * @check: runs while it lingers, and after accepting has failed
 * @scrollback: what every client gets first
 * @clients: those that are connected
 * @linger: seconds that it may linger
 * @deadline: loop_now() at which it goes
 * @keeps_nothing: who comes later gets nothing of what was put before
 * @unread: bytes of the scrollback that were put since there was a client
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
	struct unix_clients clients;
	__u64 linger;
	__u64 deadline;
	bool keeps_nothing;
	size_t unread;
	bool ending;
	struct sockaddr_un addr;
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
	if (l->clients.list)
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

static void client_left(struct unix_clients *clients)
{
	maybe_ended(container_of(clients, struct listener, clients));
}

/* What no client has had waits: a restarted daemon reads it again. */
static void set_unread(struct listener *l, size_t bytes)
{
	struct stream *s = &l->sink.stream;

	l->unread = bytes < l->scrollback.len ? bytes : l->scrollback.len;
	s->out = s->put - l->unread;
}

static void admit(struct listener *l, int fd)
{
	if (!unix_clients_admit(&l->clients, fd, &l->scrollback))
		return;
	set_unread(l, 0);
	if (l->ending)
		unix_clients_end(&l->clients);
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
	if (!l->keeps_nothing)
		queue_put(&l->scrollback, data, len);
	set_unread(l, l->clients.count ? 0 : l->unread + len);
	unix_clients_put(&l->clients, data, len);
}

static size_t unix_waiting(const struct stream *s)
{
	const struct listener *l = container_of(s, struct listener, sink.stream);

	return unix_clients_waiting(&l->clients);
}

static void unix_close(struct sink *sink)
{
	struct listener *l = to_listener(sink);

	l->ending = true;
	l->deadline = linger_end(l->linger);
	unix_clients_end(&l->clients);
	maybe_ended(l);
}

/* Whether @addr is a socket that no process listens on any more; else why not. */
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

static int start_listening(struct listener *l, const struct sink_settings *set, char *why,
			   size_t size)
{
	const struct owner owner = owner_of(set);
	mode_t mode = set->mode ?: DEFAULT_MODE;
	const char *path = l->addr.sun_path;
	struct stat st;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err = fd < 0 ? -1 : bind_as(fd, &l->addr, mode);
	int why_errno;

	if (err && errno == EADDRINUSE) {
		if (!is_stale(&l->addr, why, size)) {
			close(fd);
			errno = EADDRINUSE;
			return -1;
		}
		unlink(path);
		err = bind_as(fd, &l->addr, mode);
	}
	/* Until it listens no client gets in. */
	if (err || owner_give_path(&owner, path) || listen(fd, BACKLOG) || lstat(path, &st)) {
		why_errno = errno;
		if (why_errno == ENOENT)
			snprintf(why, size, "%s: there is no such directory; make it first", path);
		else
			snprintf(why, size, "%s: %s", path, strerror(why_errno));
		if (fd >= 0)
			close(fd);
		errno = why_errno;
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
	const struct sink_settings *set = rq->set;
	bool keeps_nothing = set->scrollback == SINK_NO_SCROLLBACK;
	size_t scrollback = keeps_nothing || !set->scrollback ? SCROLLBACK : set->scrollback;
	size_t queue = set->queue ?: QUEUE;
	struct stream *s = &l->sink.stream;

	l->sink.ops = rq->kind;
	l->sink.eol = "\n";
	l->sink.shared = !rq->vm;
	l->accept.done = accept_done;
	l->check.done = check_done;
	l->keeps_nothing = keeps_nothing;
	l->linger = set->linger ?: LINGER_S;
	l->clients = (struct unix_clients){
		.path = l->addr.sun_path,
		.max = set->clients ?: CLIENTS,
		.queue = queue > scrollback ? queue : scrollback,
		.patience_ms = l->linger * 1000,
		.notice = rq->notice ?: &drop_notice_lf,
		.totals = s,
		.left = client_left,
	};
	queue_init(&l->scrollback, scrollback);
	s->waiting = unix_waiting;
	s->closed = unix_closed;
	if (stream_init(s, -1, STREAM_NONBLOCK, 1, l->addr.sun_path)) {
		snprintf(why, size, "%s: no memory", l->addr.sun_path);
		return -1;
	}
	make_way(l->addr.sun_path);
	if (start_listening(l, set, why, size)) {
		free(s->name);
		return -1;
	}
	return 0;
}

static struct sink *unix_open(const struct sink_request *rq, char *why, size_t size)
{
	struct listener *l = calloc(1, sizeof(*l));

	if (!l) {
		snprintf(why, size, "%s: no memory", rq->path);
		return NULL;
	}
	if (strlen(rq->path) >= sizeof(l->addr.sun_path)) {
		snprintf(why, size, "%s: the path is too long for a socket: at most %zu bytes",
			 rq->path, sizeof(l->addr.sun_path) - 1);
		free(l);
		errno = ENAMETOOLONG;
		return NULL;
	}
	l->addr.sun_family = AF_UNIX;
	memcpy(l->addr.sun_path, rq->path, strlen(rq->path));
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
