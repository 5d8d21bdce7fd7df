// SPDX-License-Identifier: GPL-2.0
/*
 * tty: lines on the terminal that standard output is.  What is typed there is
 * neither shown nor waited for as lines, so it does not get between; the keys
 * that make signals keep working, as do line ends, which others' output needs.
 */
#include <errno.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/std.h"

static struct termios saved;
static bool changed;
static int users;

static void tty_quiet(void)
{
	struct termios raw;

	/* In the background the terminal is the shell's to set. */
	if (tcgetpgrp(STDOUT_FILENO) != getpgrp() || tcgetattr(STDOUT_FILENO, &saved))
		return;
	raw = saved;
	raw.c_lflag &= ~(ECHO | ICANON);
	changed = !tcsetattr(STDOUT_FILENO, TCSANOW, &raw);
}

static struct sink *tty_open(const struct sink_request *rq, char *why, size_t size)
{
	struct sink *sink;

	if (!isatty(STDOUT_FILENO)) {
		snprintf(why, size,
			 "%s tty: standard output is not a terminal; use stdout or file=PATH",
			 rq->where);
		errno = ENOTTY;
		return NULL;
	}
	sink = std_open(STDOUT_FILENO);
	if (!sink)
		snprintf(why, size, "%s tty: no memory", rq->where);
	else if (!users++)
		tty_quiet();
	return sink;
}

static void tty_close(struct sink *sink)
{
	if (!--users && changed) {
		/* What was typed meanwhile was not meant for the shell. */
		tcflush(STDOUT_FILENO, TCIFLUSH);
		tcsetattr(STDOUT_FILENO, TCSANOW, &saved);
		changed = false;
	}
	std_close(sink);
}

const struct sink_ops sink_tty = {
	.name = "tty",
	.help = "the terminal that standard output is, without echo",
	.fd = STDOUT_FILENO,
	.notices = true,
	.open = tty_open,
	.put = sink_put_stream,
	.close = tty_close,
};
