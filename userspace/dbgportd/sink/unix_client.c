// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dbgportd/sink/unix_client.h"
#include "lib/log.h"

/**
 * struct unix_client - one connection
 * @next: in the list of all
 * @all: the clients that it is one of
 * @stream: to it
 * @input: waits for what it sends, and for its end
 * @counted: bytes dropped that @all->totals has
 * @ended: it gets what waits for it, and no more
 */
struct unix_client {
	struct unix_client *next;
	struct unix_clients *all;
	struct stream stream;
	struct event input;
	__u64 counted;
	bool ended;
};

static void count_dropped(struct unix_client *c)
{
	c->all->totals->dropped += c->stream.dropped - c->counted;
	c->counted = c->stream.dropped;
}

static void client_end(struct unix_client *c)
{
	if (c->ended)
		return;
	c->ended = true;
	c->all->count--;
	loop_cancel(&c->input);
	if (!c->input.busy)
		stream_close(&c->stream);
}

static void client_died(struct stream *s, int err)
{
	struct unix_client *c = container_of(s, struct unix_client, stream);

	if (err != EPIPE && err != ECONNRESET)
		c->all->totals->last_error = err;
	client_end(c);
}

static void client_closed(struct stream *s)
{
	struct unix_client *c = container_of(s, struct unix_client, stream);
	struct unix_clients *all = c->all;
	struct unix_client **link = &all->list;

	count_dropped(c);
	while (*link != c)
		link = &(*link)->next;
	*link = c->next;
	free(c);
	all->left(all);
}

static bool hung_up(const struct unix_client *c)
{
	struct pollfd pfd = { .fd = c->stream.fd };

	return poll(&pfd, 1, 0) == 1;
}

static void input_done(struct event *ev, int res)
{
	struct unix_client *c = container_of(ev, struct unix_client, input);
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

static void refuse(const struct unix_clients *clients, int fd)
{
	char text[128];
	int len = snprintf(text, sizeof(text),
			   "dbgportd: %u clients are connected already, and clients= allows no more\n",
			   clients->max);

	if (send(fd, text, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		log_limited(LOG_LEVEL_DEBUG, "%s: a client was refused without a word: %s",
			    clients->path, strerror(errno));
	close(fd);
	log_limited(LOG_LEVEL_WARNING, "%s: one client more than clients=%u was refused",
		    clients->path, clients->max);
}

/* A client that had shut down its sending has not been watched since. */
static void let_go_of_hung_up(struct unix_clients *clients)
{
	for (struct unix_client *c = clients->list; c; c = c->next) {
		if (!c->ended && hung_up(c))
			stream_kill(&c->stream, EPIPE);
	}
}

static void put_scrollback(struct stream *s, const struct queue *scrollback)
{
	struct iovec iov[2];
	int count = queue_peek(scrollback, iov);

	s->backlog.queue.dropped = scrollback->dropped;
	for (int i = 0; i < count; i++)
		stream_put(s, iov[i].iov_base, iov[i].iov_len);
}

bool unix_clients_admit(struct unix_clients *clients, int fd, const struct queue *scrollback)
{
	struct unix_client *c;

	if (clients->count == clients->max)
		let_go_of_hung_up(clients);
	if (clients->count == clients->max) {
		refuse(clients, fd);
		return false;
	}
	c = calloc(1, sizeof(*c));
	if (!c || stream_init(&c->stream, fd, STREAM_NONBLOCK, clients->queue, clients->path)) {
		free(c);
		close(fd);
		return false;
	}
	c->all = clients;
	c->input.done = input_done;
	c->stream.notice = clients->notice;
	c->stream.patience_ms = clients->patience_ms;
	c->stream.died = client_died;
	c->stream.closed = client_closed;
	c->next = clients->list;
	clients->list = c;
	clients->count++;
	put_scrollback(&c->stream, scrollback);
	loop_poll(&c->input, fd, POLLIN);
	return true;
}

void unix_clients_put(struct unix_clients *clients, const void *data, size_t len)
{
	for (struct unix_client *c = clients->list; c; c = c->next) {
		if (c->ended)
			continue;
		stream_put(&c->stream, data, len);
		count_dropped(c);
	}
}

size_t unix_clients_waiting(const struct unix_clients *clients)
{
	size_t most = 0;

	for (const struct unix_client *c = clients->list; c; c = c->next) {
		if (stream_waiting(&c->stream) > most)
			most = stream_waiting(&c->stream);
	}
	return most;
}

void unix_clients_end(struct unix_clients *clients)
{
	for (struct unix_client *c = clients->list; c; c = c->next)
		client_end(c);
}
