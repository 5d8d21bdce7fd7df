// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/console/console.h"
#include "dbgportctl/console/escaped.h"
#include "dbgportctl/console/tty.h"
#include "lib/array.h"

/**
 * struct console - one that is shown
 * @fd: the pty
 * @keys: where keys are read; -1: nowhere
 * @raw: bytes as they come
 * @escaped: else
 * @closed: nothing comes any more
 */
struct console {
	int fd;
	int keys;
	bool raw;
	struct escaped escaped;
	bool closed;
};

static void show(struct console *c)
{
	char bytes[4096];
	ssize_t n = read(c->fd, bytes, sizeof(bytes));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* EIO: dbgportd has closed its side. */
	if (n <= 0)
		c->closed = true;
	else if (c->raw)
		fwrite(bytes, 1, n, stdout);
	else
		escaped_print(&c->escaped, bytes, n);
	fflush(stdout);
}

/* Whether it is enough. */
static bool read_keys(const struct console *c)
{
	char keys[64];
	ssize_t n = read(c->keys, keys, sizeof(keys));

	return n <= 0 || memchr(keys, TTY_ESCAPE, n);
}

/* Return: false if no one reads what we print. */
static bool run(struct console *c)
{
	struct pollfd pfd[] = {
		{ .fd = c->fd, .events = POLLIN },
		{ .fd = c->keys, .events = POLLIN },
		{ .fd = output_reader_fd() },
	};

	while (!c->closed && !ferror(stdout)) {
		if (poll(pfd, ARRAY_SIZE(pfd), -1) < 0)
			continue;
		if (pfd[2].revents & (POLLERR | POLLHUP))
			return false;
		if (pfd[1].revents && read_keys(c))
			break;
		if (pfd[0].revents)
			show(c);
	}
	return true;
}

int console_run(const char *path, const char *name, bool raw)
{
	struct console c = { .raw = raw, .keys = -1 };
	bool read;

	c.fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (c.fd < 0)
		return fail("%s: %s", path, strerror(errno));
	if (!isatty(c.fd)) {
		close(c.fd);
		return fail("%s: it is no terminal", path);
	}
	if (tty_take()) {
		c.keys = STDIN_FILENO;
		fail_warn("%s: %s; what you type goes nowhere. Escape character is ^]", name, path);
	}
	read = run(&c);
	tty_give_back();
	close(c.fd);
	if (!read)
		return output_unread();
	if (c.closed)
		fail_warn("%s: the console was closed: the VM or dbgportd has ended", name);
	return output_flush();
}
