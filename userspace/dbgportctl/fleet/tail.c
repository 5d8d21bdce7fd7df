// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/fleet/entry.h"
#include "dbgportctl/fleet/tail.h"
#include "dbgportctl/follow/print.h"

/* How far to look back for a line at first, and how much farther each time. */
#define SPAN_LINE	8
#define SPAN_MIN	256
#define SPAN_GROWS	16

/* How often it is looked whether our output has a reader; when a server is tried again. */
#define LOOK_MS		250
#define RETRY_S		1

/**
 * struct showing - what is under way
 * @t: what is wanted
 * @m: where it comes from
 * @print: where it goes
 * @f: how
 * @e: what was read last
 * @lines: that were shown
 * @some: there was a message
 * @next: the number from which to go on after the connection was lost
 */
struct showing {
	const struct fleet_tail *t;
	struct fleet_messages m;
	struct print print;
	struct formatter f;
	struct fleet_entry e;
	__u64 lines;
	bool some;
	__u64 next;
};

static bool is_wanted(const struct form *form, const struct entry *entry)
{
	if (form->vm && !vmname_matches(entry->vm->name, form->vm))
		return false;
	if (entry->type == ENTRY_ATTACHED || entry->type == ENTRY_GONE)
		return form->format->events;
	return !entry->port || form_has_port(form, entry->port);
}

static void show(struct showing *s, const struct fleet_message *msg)
{
	const char *wrong = fleet_entry_read(&s->e, msg);
	const struct entry *entry = &s->e.entry;

	s->some = true;
	if (wrong) {
		fail("%s:%llu: %s; it is left out", jetstream_name(), msg->number, wrong);
		return;
	}
	s->print.host = s->e.host;
	s->print.clock.offset_ns = s->e.clock_ns;
	if (s->e.dropped) {
		print_dropped(&s->print, &s->f, s->e.dropped);
	} else if (entry->vm && is_wanted(s->t->form, entry)) {
		print_entry(&s->print, &s->f, entry);
		s->lines += !entry->unfinished;
	}
}

static void begin_print(struct showing *s)
{
	const struct fleet *fleet = s->t->fleet;

	s->f = print_init(&s->print, s->t->form);
	s->f.several = true;
	s->f.hosts = !fleet->host || !hostname_is_safe(fleet->host);
	s->lines = 0;
	if (!s->t->all)
		print_keep(&s->print, s->t->lines);
}

/* All that there is from @from on.  Return: 0 or -1. */
static int read_kept(struct showing *s, char *why)
{
	struct fleet_message msg;
	int n = 1;

	while (n > 0 && !ferror(stdout)) {
		n = fleet_next(&s->m, &msg, why);
		if (n > 0)
			show(s, &msg);
	}
	return n < 0 ? -1 : 0;
}

static __u64 from_span(__u64 span)
{
	return jetstream_last() >= span ? jetstream_last() - span + 1 : 1;
}

/*
 * The last lines are looked for at the end of the stream, and as often as these are too few,
 * farther back: what is read for them is bounded by how far back they are.
 */
static int read_last(struct showing *s, char *why)
{
	__u64 span = s->t->lines * SPAN_LINE, from;

	/* For more the beginning will do. */
	if (s->t->lines > jetstream_last())
		span = jetstream_last();
	span = span > SPAN_MIN || !s->t->lines ? span : SPAN_MIN;
	for (;; span *= SPAN_GROWS) {
		from = from_span(span);
		begin_print(s);
		if (fleet_begin(&s->m, JETSTREAM_NUMBER, from, why) || read_kept(s, why))
			return -1;
		if (s->lines >= s->t->lines || from <= jetstream_first())
			return 0;
		print_drop(&s->print);
	}
}

static int read_all(struct showing *s, char *why)
{
	begin_print(s);
	return fleet_begin_since(&s->m, why) ?: read_kept(s, why);
}

static int connect_again(struct showing *s, char *why)
{
	if (fleet_open_again(&s->m, why))
		return -1;
	/* One of that name was made anew. */
	if (s->next > jetstream_last() + 1)
		s->next = jetstream_first();
	if (fleet_begin(&s->m, JETSTREAM_NUMBER, s->next, why))
		return -1;
	fail("%s is read again", jetstream_name());
	return 0;
}

/* Until the connection is there again, or no one waits for it. */
static void await_server(struct showing *s, char *why)
{
	fail("%s; waiting for it", why);
	do {
		jetstream_close();
		sleep(RETRY_S);
	} while (!output_reader_left(0) && connect_again(s, why));
}

/* What comes, while someone reads what we print: the next message may never come. */
static int go_on(struct showing *s, char *why)
{
	struct fleet_message msg;
	bool shown = false;

	while (!ferror(stdout) && !output_reader_left(0)) {
		/* More that is there already is shown at once. */
		int n = fleet_wait(&s->m, &msg, shown ? 1 : LOOK_MS, why);

		if (s->m.last >= s->next)
			s->next = s->m.last + 1;
		if (n > 0)
			show(s, &msg);
		else
			print_turn(&s->print);
		shown = n > 0;
		if (n < 0 && !s->t->waits)
			return -1;
		if (n < 0)
			await_server(s, why);
	}
	return 0;
}

static int tail(struct showing *s, char *why)
{
	const struct fleet_tail *t = s->t;
	bool all = t->all || t->fleet->since_ns;

	if (fleet_open(&s->m, t->fleet, t->names, why) ||
	    (all ? read_all(s, why) : read_last(s, why)))
		return -1;
	print_kept(&s->print);
	print_turn(&s->print);
	s->next = (s->m.last > jetstream_last() ? s->m.last : jetstream_last()) + 1;
	if (t->go_on)
		return go_on(s, why);
	if (s->some || !t->lines)
		return 0;
	fleet_explain_none(&s->m, why);
	return -1;
}

int fleet_tail(const struct fleet_tail *t)
{
	struct showing s = { .t = t };
	char why[JETSTREAM_WHY];
	int err = tail(&s, why);

	jetstream_close();
	fleet_entry_free(&s.e);
	if (err)
		return fail("%s", why);
	if (output_reader_left(0))
		return output_unread();
	return output_flush();
}
