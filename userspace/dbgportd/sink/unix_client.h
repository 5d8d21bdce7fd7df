/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Those that are connected to a stream socket.  Each gets what is put through a
 * queue of its own, so that a slow one delays no other.  What they send is read and
 * thrown away.
 */
#ifndef DBGPORTD_SINK_UNIX_CLIENT_H
#define DBGPORTD_SINK_UNIX_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportd/stream/stream.h"

struct unix_client;

/**
 * struct unix_clients - all clients of one socket
 * @path: of the socket, for messages; must stay
 * @max: how many may be served at a time
 * @queue: bytes that may wait for each, a power of two
 * @patience_ms: how long each may take for the rest at its end
 * @notice: what each gets in place of bytes that were dropped for it
 * @totals: counts what was dropped for any, and has the last error of any; must stay
 * @left: called after one is gone
 * @count: those that are served now; read only
 * @list: those, and others that get their rest; read only
 */
struct unix_clients {
	const char *path;
	unsigned int max;
	size_t queue;
	unsigned int patience_ms;
	const struct drop_notice *notice;
	struct stream *totals;
	void (*left)(struct unix_clients *clients);
	unsigned int count;
	struct unix_client *list;
};

/**
 * unix_clients_admit() - serve one more
 * @clients: the others
 * @fd: its connection, which does not block; taken in any case
 * @scrollback: what it gets first
 *
 * One more than @clients->max gets a line that says so, and is closed.
 *
 * Return: whether it is served.
 */
bool unix_clients_admit(struct unix_clients *clients, int fd, const struct queue *scrollback);

/* Each that is served gets @len bytes, in its own time; a full queue drops its oldest. */
void unix_clients_put(struct unix_clients *clients, const void *data, size_t len);

/* Bytes that wait for the slowest one. */
size_t unix_clients_waiting(const struct unix_clients *clients);

/* Those that are there get what waits for them, and no more. */
void unix_clients_end(struct unix_clients *clients);

#endif /* DBGPORTD_SINK_UNIX_CLIENT_H */
