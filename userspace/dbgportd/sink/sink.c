// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/sink/settings.h"
#include "dbgportd/sink/sink.h"
#include "lib/log.h"

/**
 * struct opened - an open sink, and who has it
 * @next: in the list of all
 * @kind: what it was opened as; @sink->ops may be another one on standard output
 * @set: the settings that it was opened with
 * @sink: the sink
 * @users: how many got it and have not given it back
 * @key: all that ask for the same one share it: a path; where VMs are apart the VM's
 *	name; or empty
 */
struct opened {
	struct opened *next;
	const struct sink_ops *kind;
	struct sink_settings set;
	struct sink *sink;
	int users;
	char key[];
};

static struct opened *all;
static int open_count;
static bool hurry;

static const char *key_of(const struct sink_request *rq)
{
	return rq->kind->vms_apart && rq->vm ? rq->vm : rq->path;
}

/* Sinks of kinds that are per VM are not shared. */
static struct opened *find(const struct sink_request *rq)
{
	struct opened *o = rq->kind->per_vm ? NULL : all;

	while (o && (o->kind != rq->kind || strcmp(o->key, key_of(rq))))
		o = o->next;
	return o;
}

static struct sink *open_new(const struct sink_request *rq, char *why, size_t size)
{
	const char *key = key_of(rq);
	struct opened *o = calloc(1, sizeof(*o) + strlen(key) + 1);

	if (!o) {
		snprintf(why, size, "no memory");
		return NULL;
	}
	o->sink = rq->kind->open(rq, why, size);
	if (!o->sink) {
		free(o);
		return NULL;
	}
	memcpy(o->key, key, strlen(key));
	o->kind = rq->kind;
	o->set = *rq->set;
	o->users = 1;
	o->next = all;
	all = o;
	return o->sink;
}

struct sink *sink_get(const struct sink_request *rq, char *why, size_t size)
{
	struct opened *o = find(rq);

	if (!o)
		return open_new(rq, why, size);
	if (!sink_settings_equal(&o->set, rq->set)) {
		snprintf(why, size, "%s: is open already, with other settings",
			 *rq->path ? rq->path : rq->kind->name);
		errno = EBUSY;
		return NULL;
	}
	o->users++;
	return o->sink;
}

void sink_release(const struct sink_ops *kind, struct sink *sink)
{
	struct opened **p = &all;
	struct opened *o;

	while ((*p)->kind != kind || (*p)->sink != sink)
		p = &(*p)->next;
	o = *p;
	if (--o->users)
		return;
	*p = o->next;
	kind->close(sink);
	free(o);
}

bool sink_is_open_otherwise(const struct sink_request *rq)
{
	const struct opened *o = find(rq);

	return o && !sink_settings_equal(&o->set, rq->set);
}

void sinks_each(void (*see)(const struct sink_ops *kind, const char *path,
			    const struct sink *sink, int users, void *arg), void *arg)
{
	for (const struct opened *o = all; o; o = o->next)
		see(o->kind, o->kind->arg ? o->key : NULL, o->sink, o->users, arg);
}

void sinks_reopen(void)
{
	for (struct opened *o = all; o; o = o->next) {
		if (o->kind->reopen)
			o->kind->reopen(o->sink);
	}
}

void sink_put_stream(struct sink *sink, const void *data, size_t len)
{
	stream_put(&sink->stream, data, len);
}

void sink_log_died(struct stream *s, int err)
{
	log_limited(LOG_LEVEL_WARNING, "%s: %s: its output is dropped", s->name, strerror(err));
}

void sink_log_dropped(const struct stream *s)
{
	if (s->dropped)
		log_limited(LOG_LEVEL_WARNING, "%s: closed; %llu bytes were dropped in all",
			    s->name, s->dropped);
}

void sink_count(int change)
{
	open_count += change;
}

int sinks_open(void)
{
	return open_count;
}

void sinks_hurry(void)
{
	hurry = true;
}

bool sinks_in_hurry(void)
{
	return hurry;
}
