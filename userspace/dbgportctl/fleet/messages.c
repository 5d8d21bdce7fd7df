// SPDX-License-Identifier: GPL-2.0
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "dbgportctl/fleet/messages.h"
#include "lib/nats_subject.h"

/* How long a server may be silent that has more for us, in all and at a time. */
#define SILENCE_MS	5000
#define LOOK_MS		500

/* Where one host or one VM is meant, the server leaves out the others. */
static void set_subject(struct fleet_messages *m)
{
	const struct fleet *fleet = m->fleet;
	const char *vm = m->names[0] && !m->names[1] ? m->names[0] : "";
	char *d = stpcpy(m->subject, fleet->address.subject);

	if (fleet->host && hostname_is_safe(fleet->host))
		d = nats_subject_put(d, fleet->host);
	else
		d = stpcpy(d, ".*");
	/* Any other word may be what a VMM was told, and the name made of it. */
	if (*vm && vmname_is_plain(vm) && strlen(vm) < VMNAME_SIZE)
		d = nats_subject_put(d, vm);
	else
		d = stpcpy(d, ".*");
	memcpy(d, ".*", sizeof(".*"));
}

int fleet_open(struct fleet_messages *m, const struct fleet *fleet, char *const *names,
	       char *why)
{
	*m = (struct fleet_messages){ .fleet = fleet, .names = names };
	set_subject(m);
	return fleet_open_again(m, why);
}

int fleet_open_again(struct fleet_messages *m, char *why)
{
	return jetstream_open(&m->fleet->address, m->fleet->stream, m->subject, why);
}

int fleet_begin(struct fleet_messages *m, enum jetstream_from from, __u64 at, char *why)
{
	m->came = 0;
	m->last = from == JETSTREAM_NUMBER ? at - 1 : 0;
	if (jetstream_begin(m->subject, from, at, &m->kept, why))
		return -1;
	m->end = !m->kept;
	return 0;
}

int fleet_begin_since(struct fleet_messages *m, char *why)
{
	__u64 since_ns = m->fleet->since_ns;

	return fleet_begin(m, since_ns ? JETSTREAM_TIME : JETSTREAM_FIRST, since_ns, why);
}

static bool is_named(const struct fleet_messages *m, const char *vm)
{
	char *const *name = m->names;

	if (!*name)
		return true;
	while (*name && !vmname_means(vm, *name))
		name++;
	return *name;
}

/* Whether it is asked for: its words are read out of its subject. */
static bool take(const struct fleet_messages *m, struct fleet_message *msg,
		 const struct jetstream_message *from)
{
	const char *word = from->subject + strlen(m->fleet->address.subject) + 1;

	word = nats_subject_take(msg->host, sizeof(msg->host), word);
	if (!word)
		return false;
	nats_subject_take(msg->vm, sizeof(msg->vm), word);
	if (!strcmp(msg->host, NATS_NO_NAME))
		*msg->host = '\0';
	if (m->fleet->host && fnmatch(m->fleet->host, msg->host, 0))
		return false;
	msg->number = from->number;
	msg->time_ns = from->time_ns;
	msg->text = from->data;
	msg->len = from->len;
	return is_named(m, msg->vm);
}

static bool is_too_new(const struct fleet_messages *m, const struct jetstream_message *msg)
{
	return m->fleet->before_ns && msg->time_ns >= m->fleet->before_ns;
}

/* Nothing has come for a while.  Return: 0; 1: nothing will; -1. */
static int look_for_end(unsigned int *silent_ms, char *why)
{
	__u64 left = 0;

	if (jetstream_left(&left, why))
		return -1;
	*silent_ms += LOOK_MS;
	/* What was to come may have been discarded. */
	if (!left || *silent_ms < SILENCE_MS)
		return !left;
	snprintf(why, JETSTREAM_WHY, "stream %s: the server sends nothing more",
		 jetstream_name());
	return -1;
}

/* Return: whether it is a new one that is asked for. */
static bool count(struct fleet_messages *m, struct fleet_message *msg,
		  const struct jetstream_message *from)
{
	m->end = ++m->came >= m->kept || from->number >= jetstream_last();
	if (is_too_new(m, from)) {
		m->end = true;
		return false;
	}
	if (from->number <= m->last)
		return false;
	m->last = from->number;
	return take(m, msg, from);
}

int fleet_next(struct fleet_messages *m, struct fleet_message *msg, char *why)
{
	struct jetstream_message from;
	unsigned int silent_ms = 0;

	while (!m->end) {
		int n = jetstream_next(&from, LOOK_MS, why), end = 0;

		if (n > 0) {
			silent_ms = 0;
			if (count(m, msg, &from))
				return 1;
			continue;
		}
		if (!n)
			end = look_for_end(&silent_ms, why);
		if (n < 0 || end < 0)
			return -1;
		m->end = end;
	}
	return 0;
}

int fleet_wait(struct fleet_messages *m, struct fleet_message *msg, unsigned int ms, char *why)
{
	struct jetstream_message from;
	int n = jetstream_next(&from, ms, why);

	if (n <= 0)
		return n;
	if (from.number <= m->last)
		return 0;
	m->last = from.number;
	return take(m, msg, &from);
}

void fleet_explain_none(const struct fleet_messages *m, char *why)
{
	const struct fleet *fleet = m->fleet;
	const char *when = fleet->since_ns || fleet->before_ns ? " of that time" : "";

	if (fleet->host || *m->names)
		snprintf(why, JETSTREAM_WHY,
			 "stream %s has nothing of %s%s%s%s%s: dbgportctl list --nats shows what it has",
			 jetstream_name(), fleet->host ? "host " : "", fleet->host ?: "",
			 fleet->host && *m->names ? ", VM " : *m->names ? "VM " : "",
			 *m->names ?: "", when);
	else
		snprintf(why, JETSTREAM_WHY,
			 "stream %s has nothing%s: does a dbgportd publish there, by nats=?",
			 jetstream_name(), when);
}
