// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <termios.h>
#include <unistd.h>

#include "dbgportctl/console/tty.h"
#include "lib/array.h"

static const int ending[] = { SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGTERM };

static struct termios before;
static atomic_bool taken;

void tty_give_back(void)
{
	if (taken)
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	taken = false;
}

/* It is let through when this returns. */
static void end_by(int number)
{
	tty_give_back();
	signal(number, SIG_DFL);
	raise(number);
}

static void watch_signals(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(ending); i++) {
		/* What is ignored, as under nohup(1), ends nothing. */
		if (signal(ending[i], end_by) == SIG_IGN)
			signal(ending[i], SIG_IGN);
	}
}

bool tty_take(void)
{
	struct termios t;

	if (tcgetattr(STDIN_FILENO, &before))
		return false;
	watch_signals();
	t = before;
	t.c_iflag &= ~IXON;
	t.c_lflag &= ~(ICANON | ECHO);
	t.c_cc[VSUSP] = _POSIX_VDISABLE;
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	taken = true;
	tcsetattr(STDIN_FILENO, TCSANOW, &t);
	return true;
}
