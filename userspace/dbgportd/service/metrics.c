// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "dbgportd/loop/loop.h"
#include "dbgportd/service/metrics.h"
#include "dbgportd/service/metrics_text.h"
#include "dbgportd/sink/writer.h"
#include "dbgportd/sink/writer_process.h"
#include "lib/log.h"

/* How long the end waits for a file system, twice at most. */
#define STOP_MS		250

static_assert(PATH_MAX + METRICS_TEXT_MAX <= WRITER_AREA, "a writer takes all of it at once");

static void tick(struct event *ev, int res);
static void written(struct writer_client *c, const struct writer_reply *reply, int fd);
static void turn(struct writer_client *c);

static struct event timer = { .done = tick };
static struct writer_client client = { .done = written, .turn = turn };
static const char *path;
static unsigned int vms;
static bool stopping;
/* It is to be written once more as soon as the writer has answered. */
static bool again;
/* What was the matter last, an errno; each is told once. */
static int last_err;

static void tell(int err)
{
	if (err == last_err)
		return;
	last_err = err;
	if (err)
		log_limited(LOG_LEVEL_WARNING,
			    "metrics: %s: %s; it is tried again every %d seconds", path,
			    strerror(err), METRICS_MS / 1000);
	else
		log_limited(LOG_LEVEL_INFO, "metrics: %s: written again", path);
}

static int get_writer(void)
{
	const char *name = strrchr(path, '/');
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%.*s/", name ? (int)(name - path) : 1, name ? path : ".");
	return writer_get(&client, dir, writer_process);
}

/* The text behind the path in the writer's memory; a negative errno if there is no room. */
static ssize_t put_text(char *area)
{
	size_t at = strlen(path) + 1, len;
	FILE *f = fmemopen(area + at, WRITER_AREA - at, "w");
	bool bad;

	if (!f)
		return -errno;
	memcpy(area, path, at);
	metrics_print(f, vms);
	fflush(f);
	len = ftell(f);
	bad = ferror(f);
	fclose(f);
	return bad ? -ENOSPC : (ssize_t)len;
}

static void ask(void)
{
	struct writer_request rq = { .op = stopping ? WRITER_REMOVE : WRITER_REPLACE };
	ssize_t len = put_text(writer_area(&client));

	if (len < 0) {
		tell(-len);
		return;
	}
	rq.len = len;
	writer_ask(&client, &rq, -1);
}

/* One that still hangs at the last one gets no other. */
static void go(void)
{
	int err = client.writer ? 0 : get_writer();

	if (err)
		tell(-err);
	else if (client.asked)
		again = true;
	else if (writer_is_free(&client))
		ask();
}

static void turn(struct writer_client *c)
{
	(void)c;
	go();
}

static void written(struct writer_client *c, const struct writer_reply *reply, int fd)
{
	(void)c;
	(void)fd;
	if (stopping)
		return;
	tell(reply ? reply->err : EPIPE);
	if (reply && again) {
		again = false;
		go();
	}
}

static void tick(struct event *ev, int res)
{
	if (res == -ECANCELED || !path)
		return;
	go();
	loop_timeout(ev, METRICS_MS);
}

void metrics_start(const char *where, unsigned int count)
{
	path = where;
	vms = count;
	if (!path)
		return;
	go();
	loop_timeout(&timer, METRICS_MS);
}

void metrics_write(void)
{
	if (path)
		go();
}

void metrics_stop(void)
{
	if (!path)
		return;
	stopping = true;
	loop_cancel(&timer);
	writer_wait(&client, STOP_MS);
	go();
	writer_wait(&client, STOP_MS);
	writer_put(&client);
	path = NULL;
	stopping = false;
	again = false;
}
