// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dbgportd/loop/clock.h"
#include "dbgportd/loop/engine.h"
#include "dbgportd/loop/loop.h"

/* Best first. */
static const struct engine *const engines[] = { &engine_uring, &engine_poll, NULL };

static const struct engine *engine;
static int refused;

int loop_init(const char *name)
{
	int err = -EINVAL;

	loop_now_update();
	refused = 0;
	for (int i = 0; engines[i]; i++) {
		if (name && strcmp(name, engines[i]->name))
			continue;
		engine = engines[i];
		err = engine->init();
		if (name || !err)
			break;
		/* By sysctl, seccomp, an LSM, a limit: the next one needs nothing. */
		refused = -err;
	}
	return err;
}

void loop_exit(void)
{
	engine->exit();
}

bool loop_has_engine(const char *name)
{
	for (int i = 0; engines[i]; i++) {
		if (!strcmp(name, engines[i]->name))
			return true;
	}
	return false;
}

const char *loop_engine(void)
{
	static char text[128];

	if (refused)
		snprintf(text, sizeof(text), "%s (io_uring is refused: %s)", engine->name,
			 strerror(refused));
	else
		snprintf(text, sizeof(text), "%s%s", engine->name, engine->about());
	return text;
}

void loop_read(struct event *ev, int fd, void *buf, unsigned int len)
{
	engine->read(ev, fd, buf, len);
}

void loop_write_shared(struct event *ev, int fd, const void *buf, unsigned int len)
{
	engine->write_shared(ev, fd, buf, len);
}

void loop_poll(struct event *ev, int fd, short mask)
{
	engine->poll(ev, fd, mask);
}

void loop_watch(struct event *ev, int fd, short mask)
{
	engine->watch(ev, fd, mask);
}

void loop_timeout(struct event *ev, unsigned int ms)
{
	engine->timeout(ev, ms);
}

void loop_cancel(struct event *ev)
{
	if (ev->busy)
		engine->cancel(ev);
}

int loop_turn(void)
{
	return engine->turn();
}
