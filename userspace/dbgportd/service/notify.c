// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "dbgportd/loop/loop.h"
#include "dbgportd/service/notify.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/number.h"

/* A day. */
#define WATCHDOG_MAX_MS	86400000

static void feed(struct event *ev, int res);

static struct event watchdog = { .done = feed };
/* Kept open: the watchdog must be fed when no descriptor is left, too. */
static int to_manager = -1;
static unsigned int feed_ms;

/* A path, or a name in the abstract namespace after '@'; 0 if it is neither. */
static socklen_t address(struct sockaddr_un *to, const char *name)
{
	size_t len = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || len < 2 || len >= sizeof(to->sun_path))
		return 0;
	*to = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(to->sun_path, name, len);
	if (name[0] == '@')
		to->sun_path[0] = '\0';
	return offsetof(struct sockaddr_un, sun_path) + len;
}

static void notify(const char *text)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to;
	socklen_t len = name ? address(&to, name) : 0;

	if (!len)
		return;
	if (to_manager < 0)
		to_manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (to_manager < 0 ||
	    sendto(to_manager, text, strlen(text), MSG_NOSIGNAL, (void *)&to, len) < 0)
		log_limited(LOG_LEVEL_WARNING, "service manager: %s", strerror(errno));
}

/* Twice in the time that the manager waits; 0: it does not. */
static unsigned int watchdog_ms(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	__u64 us, own;

	if (!usec || number_parse(usec, NUMBER_DECIMAL, 1, UINT64_MAX, &us))
		return 0;
	if (pid && (number_parse(pid, NUMBER_DECIMAL, 1, INT_MAX, &own) || (pid_t)own != getpid()))
		return 0;
	return us / 2000 < WATCHDOG_MAX_MS ? us / 2000 : WATCHDOG_MAX_MS;
}

static void feed(struct event *ev, int res)
{
	if (res == -ECANCELED)
		return;
	notify("WATCHDOG=1");
	loop_timeout(ev, feed_ms);
}

void notify_start(void)
{
	feed_ms = watchdog_ms();
	if (feed_ms)
		loop_timeout(&watchdog, feed_ms);
	notify_ready();
}

void notify_reloading(void)
{
	char text[64];

	/* Tells this reload from others that the manager may have asked for. */
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%llu",
		 clock_ns(CLOCK_MONOTONIC) / NSEC_PER_USEC);
	notify(text);
}

void notify_ready(void)
{
	notify("READY=1");
}

void notify_stopping(void)
{
	notify("STOPPING=1");
	loop_cancel(&watchdog);
}

void notify_status(const char *fmt, ...)
{
	char text[256] = "STATUS=";
	size_t len = strlen(text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(text + len, sizeof(text) - len, fmt, args);
	va_end(args);
	notify(text);
}
