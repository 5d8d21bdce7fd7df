// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "dbgportd/loop/loop.h"
#include "dbgportd/service/notify.h"
#include "lib/log.h"

static void feed(struct event *ev, int res);

static struct event watchdog = { .done = feed };
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
	int fd;

	if (!len)
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || sendto(fd, text, strlen(text), MSG_NOSIGNAL, (void *)&to, len) < 0)
		log_limited(LOG_LEVEL_WARNING, "service manager: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* Twice in the time that the manager waits; 0: it does not. */
static unsigned int watchdog_ms(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	unsigned long long ms = usec ? strtoull(usec, NULL, 10) / 2000 : 0;

	if (pid && strtol(pid, NULL, 10) != getpid())
		return 0;
	return ms < 86400000 ? ms : 86400000;
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
	struct timespec now;
	char text[64];

	/* Tells this reload from others that the manager may have asked for. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%llu",
		 now.tv_sec * 1000000ULL + now.tv_nsec / 1000);
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
