// SPDX-License-Identifier: GPL-2.0
/*
 * pty: a pseudo-terminal of each VM's own, raw, with a stable link to it in the
 * run directory.
 *
 * A pty without a client is not written to: bytes wait in the queue.  inotify
 * tells when a client opens the slave (where there is none, the master is asked now and
 * then), -EIO from reading the master when the last
 * one has closed it.  What clients type is read and thrown away.
 *
 * When the VM is gone, the pty stays until its output has been read, but no longer
 * than it may linger: closing the master would take away what is still in the
 * pty.  A new VM of that name takes the link over at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "dbgportd/loop/watch.h"
#include "dbgportd/service/rundir.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/linger.h"
#include "dbgportd/sink/owner.h"
#include "dbgportd/sink/settings.h"
#include "dbgportd/sink/sink.h"
#include "lib/log.h"
#include "words/drop_notice.h"
#include "words/entry.h"

/* What is kept while there is no client. */
#define SCROLLBACK	(64 * 1024)
/* Without inotify: how often to look for clients. */
#define LOOK_MS		100
/* Clients set a terminal up after opening it, and flush it: wait for that. */
#define SETTLE_MS	250

/**
 * struct pty - one pseudo-terminal
 * @next: in the list of those that are open
 * @sink: what the router knows of it; its stream is the master
 * @slave: path of the slave
 * @link: name of the link in the run directory
 * @opened: waits for clients
 * @look: looks for them, where there is no inotify for that
 * @input: waits for what clients type, and for the last one to leave
 * @settle: runs after a client came, before it gets anything
 * @check: runs while the pty lingers
 * @has_client: a client has the slave open
 * @ended: it waits for its last events only
 * @keeps_nothing: who comes later gets nothing of what was put before
 * @lingers: its VM is gone
 * @calm: checks in a row that found nothing left to be read
 * @linger: seconds that it may linger
 * @deadline: loop_now() at which it goes, read or not
 */
struct pty {
	struct pty *next;
	struct sink sink;
	char slave[32];
	char link[256];
	struct watch opened;
	struct event look;
	struct event input;
	struct event settle;
	struct event check;
	bool has_client;
	bool ended;
	bool keeps_nothing;
	bool lingers;
	int calm;
	__u64 linger;
	__u64 deadline;
};

static struct pty *ptys;

static struct pty *to_pty(struct sink *sink)
{
	return container_of(sink, struct pty, sink);
}

static int set_raw(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t))
		return -1;
	cfmakeraw(&t);
	return tcsetattr(fd, TCSANOW, &t);
}

/* While no slave is open, the master has hung up. */
static bool is_open(const struct pty *p)
{
	struct pollfd pfd = { .fd = p->sink.stream.fd };

	return poll(&pfd, 1, 0) == 0;
}

static void maybe_freed(struct pty *p)
{
	if (p->look.busy || p->input.busy || p->settle.busy || p->check.busy)
		return;
	stream_close(&p->sink.stream);
}

static void pty_closed(struct stream *s)
{
	struct pty *p = to_pty(container_of(s, struct sink, stream)), **link = &ptys;

	sink_log_dropped(s);
	while (*link != p)
		link = &(*link)->next;
	*link = p->next;
	free(p);
	sink_count(-1);
}

static void end(struct pty *p)
{
	p->ended = true;
	stream_hold(&p->sink.stream, true);
	watch_remove(&p->opened);
	rundir_unlink(p->link, p->slave);
	loop_cancel(&p->look);
	loop_cancel(&p->input);
	loop_cancel(&p->settle);
	loop_cancel(&p->check);
	maybe_freed(p);
}

static void client_left(struct pty *p)
{
	p->has_client = false;
	stream_hold(&p->sink.stream, true);
	if (p->keeps_nothing)
		stream_discard(&p->sink.stream);
	/* The next client finds the terminal as the first one did. */
	set_raw(p->sink.stream.fd);
}

static void client_came(struct pty *p)
{
	if (p->has_client || p->ended || !is_open(p))
		return;
	p->has_client = true;
	if (!p->input.busy)
		loop_poll(&p->input, p->sink.stream.fd, POLLIN);
	if (!p->settle.busy)
		loop_timeout(&p->settle, SETTLE_MS);
}

static void pty_opened(struct watch *w, __u32 mask)
{
	if (mask & IN_OPEN)
		client_came(container_of(w, struct pty, opened));
}

static void look_done(struct event *ev, int res)
{
	struct pty *p = container_of(ev, struct pty, look);

	(void)res;
	if (p->ended) {
		maybe_freed(p);
		return;
	}
	client_came(p);
	/* One may have come and gone meanwhile. */
	if (!p->has_client)
		set_raw(p->sink.stream.fd);
	loop_timeout(ev, LOOK_MS);
}

static void input_done(struct event *ev, int res)
{
	struct pty *p = container_of(ev, struct pty, input);
	char typed[1024];
	ssize_t n;

	(void)res;
	if (p->ended) {
		maybe_freed(p);
		return;
	}
	n = read(p->sink.stream.fd, typed, sizeof(typed));
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR))) {
		loop_poll(ev, p->sink.stream.fd, POLLIN);
		return;
	}
	client_left(p);
	/* Another one may have come between the read and now. */
	client_came(p);
}

static void settle_done(struct event *ev, int res)
{
	struct pty *p = container_of(ev, struct pty, settle);

	(void)res;
	if (p->ended)
		maybe_freed(p);
	else if (p->has_client)
		stream_hold(&p->sink.stream, false);
}

/* What the clients have not read yet; only the slave can tell. */
static int unread(const struct pty *p)
{
	int fd = open(p->slave, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	int n = 0;

	if (fd < 0)
		return 0;
	if (ioctl(fd, FIONREAD, &n))
		n = 0;
	close(fd);
	return n;
}

static void check_done(struct event *ev, int res)
{
	struct pty *p = container_of(ev, struct pty, check);

	(void)res;
	if (p->ended) {
		maybe_freed(p);
		return;
	}

	/* Twice: bytes may be on their way inside the pty. */
	if (!stream_is_empty(&p->sink.stream) || unread(p))
		p->calm = 0;
	else
		p->calm++;
	if (p->calm >= 2 || linger_is_over(&p->deadline) ||
	    (sinks_in_hurry() && !p->has_client))
		end(p);
	else
		loop_timeout(ev, LINGER_CHECK_MS);
}

static void pty_put(struct sink *sink, const void *data, size_t len)
{
	struct pty *p = to_pty(sink);

	if (p->has_client || !p->keeps_nothing) {
		stream_put(&sink->stream, data, len);
		return;
	}
	sink->stream.put += len;
	sink->stream.out += len;
}

static void pty_close(struct sink *sink)
{
	struct pty *p = to_pty(sink);

	p->lingers = true;
	p->deadline = linger_end(p->linger);
	if (!p->has_client && (sinks_in_hurry() || stream_is_empty(&sink->stream)))
		end(p);
	else
		loop_timeout(&p->check, LINGER_CHECK_MS);
}

/* The master, with the slave known and set up; or -1 with errno. */
static int open_master(char *slave, size_t size, const struct sink_settings *set)
{
	const struct owner owner = owner_of(set);
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	int peer = -1;

	if (fd < 0)
		return -1;
	if (!grantpt(fd) && !unlockpt(fd) && !ptsname_r(fd, slave, size) && !set_raw(fd))
		peer = open(slave, O_RDWR | O_NOCTTY | O_CLOEXEC);
	/* Of what is another user's by then the mode might not be ours to change. */
	if (peer < 0 || (set->mode && fchmod(peer, set->mode)) || owner_give(&owner, peer)) {
		if (peer >= 0)
			close(peer);
		close(fd);
		return -1;
	}
	/* Only after a slave was closed does the master say that none is open. */
	close(peer);
	return fd;
}

static bool link_is_taken(const char *link)
{
	struct pty *p = ptys;

	if (!strcmp(link, RUNDIR_STATUS))
		return true;
	while (p && (p->lingers || strcmp(p->link, link)))
		p = p->next;
	return p;
}

/* "<VM's name>.<name>", and with ".2" … behind for the VM's second one of that name. */
static void name_link(struct pty *p, const char *vm, const char *name)
{
	int len = snprintf(p->link, sizeof(p->link), "%s.%.128s", vm, name);

	for (int n = 2; link_is_taken(p->link); n++)
		snprintf(p->link + len, sizeof(p->link) - len, ".%d", n);
}

/* It is the user's limit that is reached, or the user has none at all. */
static void wait_for_clients(struct pty *p)
{
	int err = watch_add(&p->opened, p->slave, IN_OPEN);

	if (!err)
		return;
	log_limited(LOG_LEVEL_DEBUG,
		    "%s: no inotify for it: %s (fs.inotify.%s): it is looked at %d times a second",
		    p->sink.stream.name, strerror(-err),
		    err == -ENOSPC ? "max_user_watches" : "max_user_instances", 1000 / LOOK_MS);
	loop_timeout(&p->look, LOOK_MS);
}

static struct sink *pty_open(const struct sink_request *rq, char *why, size_t size)
{
	const struct sink_settings *set = rq->set;
	const char *vm = rq->vm, *role = rq->name;
	struct pty *p = calloc(1, sizeof(*p));
	bool keeps_nothing = set->scrollback == SINK_NO_SCROLLBACK;
	size_t bound = keeps_nothing || !set->scrollback ? SCROLLBACK : set->scrollback;
	struct stream *s = &p->sink.stream;
	char name[512];
	const char *link;
	int fd = -1;

	if (p)
		fd = open_master(p->slave, sizeof(p->slave), set);
	if (fd < 0) {
		snprintf(why, size, "no pty for %s's %s: %s", vm, role, strerror(errno));
		free(p);
		return NULL;
	}

	p->opened.seen = pty_opened;
	p->look.done = look_done;
	p->input.done = input_done;
	p->settle.done = settle_done;
	p->check.done = check_done;
	p->keeps_nothing = keeps_nothing;
	p->linger = set->linger;
	p->sink.ops = rq->kind;
	p->sink.eol = "\r\n";
	s->notice = rq->notice ?: &drop_notice_crlf;
	s->died = sink_log_died;
	s->closed = pty_closed;
	s->held = true;
	snprintf(name, sizeof(name), "%.128s of %s (%s)", role, vm, p->slave);
	if (bound < set->queue)
		bound = set->queue;
	if (stream_init(s, fd, STREAM_NONBLOCK, bound, name)) {
		snprintf(why, size, "no pty for %s's %s: no memory", vm, role);
		close(fd);
		free(p);
		return NULL;
	}
	wait_for_clients(p);
	name_link(p, vm, role);
	p->next = ptys;
	ptys = p;
	sink_count(1);

	link = rundir_link(p->link, p->slave);
	if (link)
		log_limited(LOG_LEVEL_INFO, "%s: %s is %s -> %s", vm, role, link, p->slave);
	else
		log_limited(LOG_LEVEL_WARNING, "%s: %s is %s; no link to it: %s", vm, role,
			    p->slave, strerror(errno));
	return &p->sink;
}

const struct sink_ops sink_pty = {
	.name = "pty",
	.help = "a pseudo-terminal of each VM's own, with a link in the run directory",
	.per_vm = true,
	.notices = true,
	.raw = true,
	.open = pty_open,
	.put = pty_put,
	.close = pty_close,
};
