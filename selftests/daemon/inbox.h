/* SPDX-License-Identifier: GPL-2.0 */
/* A datagram socket as another process has it, for what the daemon sends there. */
#ifndef DAEMON_INBOX_H
#define DAEMON_INBOX_H

#include <stdbool.h>
#include <sys/socket.h>

#include "daemon/drive.h"

/**
 * struct inbox - somebody who gets datagrams
 * @dir: a directory of its own
 * @path: the socket in it
 * @fd: that socket, as he has it open
 */
struct inbox {
	char dir[64];
	char path[80];
	int fd;
};

/* He comes, or comes back. */
static inline bool inbox_open(struct inbox *in)
{
	in->fd = drive_bind(in->path, SOCK_DGRAM);
	return in->fd >= 0;
}

static inline void inbox_close(struct inbox *in)
{
	close(in->fd);
	in->fd = -1;
}

static inline bool inbox_make(struct inbox *in)
{
	snprintf(in->dir, sizeof(in->dir), "/tmp/dbgport-inbox-XXXXXX");
	if (!mkdtemp(in->dir))
		return false;
	snprintf(in->path, sizeof(in->path), "%s/socket", in->dir);
	return inbox_open(in);
}

/* A closed one; false if anything but the socket is left in its directory. */
static inline bool inbox_remove(struct inbox *in)
{
	unlink(in->path);
	return !rmdir(in->dir);
}

/* The next datagram of @fd, NUL-terminated; "" after a while without one. */
static inline const char *inbox_next(int fd)
{
	static char text[65536];
	__u64 begin = drive_clock();
	ssize_t n;

	drive_until(({
		n = recv(fd, text, sizeof(text) - 1, 0);
		n >= 0 || drive_clock() - begin > 500;
	}));
	text[n > 0 ? n : 0] = '\0';
	return text;
}

#endif /* DAEMON_INBOX_H */
