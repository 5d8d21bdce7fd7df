// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "dbgportd/loop/loop.h"
#include "dbgportd/loop/watch.h"

static void ready_done(struct event *ev, int res);

static int fd = -1;
static struct watch *watches;
static struct event ready = { .done = ready_done };

static struct watch *find(int wd)
{
	struct watch *w = watches;

	while (w && w->wd != wd)
		w = w->next;
	return w;
}

static bool take_some(void)
{
	union {
		struct inotify_event first;
		char bytes[4096];
	} buf;
	ssize_t n = read(fd, &buf, sizeof(buf)), at = 0;

	while (at < n) {
		const struct inotify_event *e = (void *)(buf.bytes + at);
		struct watch *w = find(e->wd);

		/* Looked up each time: any call may remove any watch. */
		if (w)
			w->seen(w, e->mask);
		at += sizeof(*e) + e->len;
	}
	return n > 0;
}

static void ready_done(struct event *ev, int res)
{
	(void)ev;
	while (res > 0 && take_some())
		;
}

int watch_add(struct watch *w, const char *path, __u32 mask)
{
	if (fd < 0) {
		fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
		if (fd < 0)
			return -errno;
	}
	if (!ready.busy)
		loop_watch(&ready, fd, POLLIN);
	w->wd = inotify_add_watch(fd, path, mask);
	if (w->wd < 0)
		return -errno;
	w->next = watches;
	watches = w;
	return 0;
}

void watch_remove(struct watch *w)
{
	for (struct watch **p = &watches; *p; p = &(*p)->next) {
		if (*p != w)
			continue;
		*p = w->next;
		inotify_rm_watch(fd, w->wd);
		return;
	}
}
