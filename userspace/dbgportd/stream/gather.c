// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>

#include "dbgportd/loop/loop.h"
#include "dbgportd/stream/gather.h"

static void timer_done(struct event *ev, int res);

static struct event timer = { .done = timer_done };
static struct gather *waiting;

static void timer_done(struct event *ev, int res)
{
	struct gather *list = waiting;

	(void)ev;
	(void)res;
	waiting = NULL;
	while (list) {
		struct gather *g = list;

		list = g->next;
		g->waits = false;
		g->due(g);
	}
}

void gather_wait(struct gather *g)
{
	if (g->waits)
		return;
	g->waits = true;
	g->next = waiting;
	waiting = g;
	if (!timer.busy)
		loop_timeout(&timer, STREAM_GATHER_MS);
}
