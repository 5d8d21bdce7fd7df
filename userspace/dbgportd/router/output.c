// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/loop/clock.h"
#include "dbgportd/loop/loop.h"
#include "dbgportd/router/output.h"
#include "lib/clock.h"
#include "lib/codes.h"
#include "lib/hash.h"
#include "lib/record.h"
#include "words/format.h"

static void lines_timer_done(struct event *ev, int res);
static void untold_timer_done(struct event *ev, int res);

static struct lines_pending pending = LINES_PENDING_INIT(pending);
static struct event lines_timer = { .done = lines_timer_done };
static struct stamp_clock wall_clock;
static struct hostname host;
static struct output *untold;
static struct event untold_timer = { .done = untold_timer_done };

/* What is counted and not shown is told when it has been quiet for so long. */
#define UNTOLD_MS	(STORM_QUIET_NS / NSEC_PER_MSEC)

static_assert(STORM_QUIET_NS == RATE_QUIET_NS, "there is one timer for both");

static bool is_raw(const struct output *out)
{
	return out->route->format && out->route->format->raw;
}

/* Asked once a turn how the clock is set. */
static void update_clock(void)
{
	static __u64 turn = ~0ULL;

	if (turn == loop_now())
		return;
	turn = loop_now();
	stamp_clock_update(&wall_clock);
}

static void put_bytes(struct output *out, const struct entry *entry)
{
	static char bytes[SINK_HEAD_MAX + FORMAT_MAX];
	const struct sink_ops *ops = out->sink->ops;
	size_t head = ops->head ? ops->head(bytes, entry) : 0;
	size_t n = out->route->format->render(bytes + head, &out->formatter, entry);

	if (n)
		ops->put(out->sink, bytes, head + n);
}

void output_entry(struct output *out, const struct entry *entry)
{
	if (!out->sink)
		return;
	if (out->sink->ops->put_entry)
		out->sink->ops->put_entry(out->sink, entry);
	else
		put_bytes(out, entry);
}

bool output_shows(const struct output *out, enum entry_type type)
{
	const struct route *r = out->route;

	if (!out->sink)
		return false;
	if (type == ENTRY_LOST || type == ENTRY_CUT)
		return r->kind->notices || !is_raw(out);
	return r->kind->put_entry || r->format->events;
}

/* Among exact bytes, a line of ours begins on a line of its own. */
static void put_notice(struct output *out, const struct entry *entry)
{
	char words[FORMAT_WORDS_MAX], line[FORMAT_NOTICE_MAX(FORMAT_WORDS_MAX)];
	struct sink *sink = out->sink;
	size_t n;

	sink->ops->put(sink, sink->eol, strlen(sink->eol));
	n = format_words(words, entry);
	sink->ops->put(sink, line, format_notice(line, &out->formatter, words, n));
}

/* Of a run of writes: what is the same in all. */
static struct entry entry_of(const struct output *out, const struct dbgport_record *rec,
			     enum entry_type type)
{
	return (struct entry){
		.type = type,
		.vm = &out->vm->info,
		.port = rec->port,
		.width = rec->width,
		.claimed = rec->flags & DBGPORT_CLAIMED,
		.count = 1,
	};
}

static void set_write(struct entry *entry, const struct dbgport_record *rec)
{
	entry->vcpu = rec->vcpu;
	entry->value = rec->value;
	entry->seq = rec->seq;
	entry->time_ns = rec->time_ns;
}

static void show_storm(struct output *out)
{
	__u32 port = out->route->port;
	const struct entry entry = storm_report(&out->storm, &out->vm->info,
						port == PORT_ANY ? DBGPORT_POST_PORT : port);

	output_entry(out, &entry);
}

static void show_cut(struct output *out)
{
	const struct entry entry = limit_report(out->limit);

	if (!output_shows(out, ENTRY_CUT))
		return;
	if (is_raw(out))
		put_notice(out, &entry);
	else
		output_entry(out, &entry);
}

static void unlist_untold(struct output *out)
{
	struct output **p = &untold;

	if (!out->is_untold)
		return;
	while (*p != out)
		p = &(*p)->next_untold;
	*p = out->next_untold;
	out->is_untold = false;
}

static void list_untold(struct output *out)
{
	if (out->is_untold)
		return;
	out->is_untold = true;
	out->next_untold = untold;
	untold = out;
	if (!untold_timer.busy)
		loop_timeout(&untold_timer, UNTOLD_MS);
}

static void untold_timer_done(struct event *ev, int res)
{
	__u64 now_ns = loop_now() * NSEC_PER_MSEC;
	struct output *next;

	(void)res;
	update_clock();
	for (struct output *out = untold; out; out = next) {
		next = out->next_untold;
		if (out->storm.count && storm_is_over(&out->storm, now_ns))
			show_storm(out);
		if (limit_has_cut(out->limit) && rate_is_due(&out->limit->rate, now_ns))
			show_cut(out);
		if (!out->storm.count && !limit_has_cut(out->limit))
			unlist_untold(out);
	}
	if (untold)
		loop_timeout(ev, UNTOLD_MS);
}

static void put_code(struct output *out, struct entry *entry)
{
	const struct codes *codes = out->route->codes;

	if (out->route->set.style.storm == STORM_COUNT &&
	    storm_takes(&out->storm, entry->seq, entry->time_ns)) {
		list_untold(out);
		return;
	}
	if (out->storm.count)
		show_storm(out);
	entry->component = code_component(codes, entry->value);
	entry->text = code_name(codes, entry->value);
	entry->len = entry->text ? strlen(entry->text) : 0;
	output_entry(out, entry);
}

static bool wants_writes(const struct output *out)
{
	const struct format_ops *format = out->route->format;

	return format && format->per_write && format->per_write(&out->route->set.style);
}

/* All of @count are as wide, and most are one byte.  Return: how many bytes. */
static size_t bytes_of(char *bytes, const struct dbgport_record *rec, size_t count)
{
	size_t n = 0;

	if (rec->width == 1) {
		for (; n < count; n++)
			bytes[n] = rec[n].value;
		return n;
	}
	for (size_t i = 0; i < count; i++)
		n += record_bytes(bytes + n, rec[i].value, rec->width);
	return n;
}

static void put_raw(struct sink *sink, const struct dbgport_record *rec, size_t count)
{
	/* Far less than any queue holds, as a put may drop what is beyond that. */
	char bytes[1024];
	size_t most = rec->width == 1 ? sizeof(bytes) : sizeof(bytes) / RECORD_BYTES;

	for (size_t n; count; rec += n, count -= n) {
		n = count < most ? count : most;
		sink->ops->put(sink, bytes, bytes_of(bytes, rec, n));
	}
}

static void put_writes(struct output *out, const struct dbgport_record *rec, size_t count)
{
	struct entry entry = entry_of(out, rec, ENTRY_WRITE);

	for (const struct dbgport_record *end = rec + count; rec < end; rec++) {
		set_write(&entry, rec);
		output_entry(out, &entry);
	}
}

static void lines_timer_done(struct event *ev, int res)
{
	(void)res;
	update_clock();
	lines_quiet(&pending, loop_now());
	if (lines_are_pending(&pending))
		loop_timeout(ev, LINES_QUIET_MS);
}

/* Inlined, its loop has too few registers. */
static __attribute__((noinline))
void put_lines(struct output *out, const struct dbgport_record *rec, size_t count)
{
	__u64 now = loop_now();

	for (const struct dbgport_record *end = rec + count; rec < end; rec++) {
		char bytes[RECORD_BYTES];

		lines_put(&out->lines, rec, bytes, record_bytes(bytes, rec->value, rec->width),
			  now);
	}
	if (lines_are_pending(&pending) && !lines_timer.busy)
		loop_timeout(&lines_timer, LINES_QUIET_MS);
}

static void put_codes(struct output *out, const struct dbgport_record *rec, size_t count)
{
	struct entry entry = entry_of(out, rec, ENTRY_CODE);

	for (const struct dbgport_record *end = rec + count; rec < end; rec++) {
		set_write(&entry, rec);
		put_code(out, &entry);
	}
}

static void show_writes(struct output *out, const struct dbgport_record *rec, size_t count)
{
	if (is_raw(out))
		put_raw(out->sink, rec, count);
	else if (route_takes_codes(out->route, rec->port))
		put_codes(out, rec, count);
	else if (wants_writes(out))
		put_writes(out, rec, count);
	else
		put_lines(out, rec, count);
}

/* What belongs together stands before what is told of the rest. */
static void begin_cut(struct output *out)
{
	lines_end(&out->lines);
	if (out->storm.count)
		show_storm(out);
	list_untold(out);
}

static void show_within_limit(struct output *out, const struct dbgport_record *rec, size_t count)
{
	bool cut, had;

	for (size_t n; count; rec += n, count -= n) {
		had = limit_has_cut(out->limit);
		n = limit_take(out->limit, rec, count, &cut);
		if (cut && !had)
			begin_cut(out);
		else if (!cut && had)
			show_cut(out);
		if (!cut)
			show_writes(out, rec, n);
	}
}

bool output_writes(struct output *out, const struct dbgport_record *rec, size_t count)
{
	/* The daemon before us has written these. */
	while (count && rec->seq < out->position.from) {
		rec++;
		count--;
	}
	if (!count)
		return true;
	out->records += count;
	out->bytes += count * rec->width;
	if (!out->sink)
		return false;
	update_clock();
	if (out->route->set.rate && !out->limit)
		out->limit = limit_new(out->route, &out->vm->info);
	if (out->limit)
		show_within_limit(out, rec, count);
	else
		show_writes(out, rec, count);
	position_move(&out->position);
	return true;
}

void output_event(struct output *out, const struct entry *entry)
{
	struct entry e = *entry;

	if (e.type == ENTRY_LOST && e.seq < out->position.from) {
		__u64 had = out->position.from - e.seq;

		if (had >= e.count)
			return;
		e.seq += had;
		e.count -= had;
	}
	update_clock();
	if (out->storm.count)
		show_storm(out);
	if (limit_has_cut(out->limit))
		show_cut(out);
	if (is_raw(out))
		put_notice(out, &e);
	else
		output_entry(out, &e);
	if (e.type == ENTRY_LOST || e.type == ENTRY_GONE)
		position_move(&out->position);
}

/* Unfinished lines, and what was only counted, are not on the sink yet. */
static __u64 oldest_write(const struct position *p)
{
	const struct output *out = container_of(p, struct output, position);
	__u64 oldest = p->vm->next_seq, seq = 0;

	if (lines_oldest(&out->lines, &seq) && seq < oldest)
		oldest = seq;
	if (out->storm.count && out->storm.seq < oldest)
		oldest = out->storm.seq;
	if (limit_has_cut(out->limit) && out->limit->rate.seq < oldest)
		oldest = out->limit->rate.seq;
	return oldest;
}

static void emit_line(void *arg, const struct entry *entry)
{
	output_entry(arg, entry);
}

void output_show_labels(struct output *out)
{
	out->formatter.several = out->sink && out->sink->shared;
}

void output_init(struct output *out, struct vm *vm, const struct route *route, struct sink *sink)
{
	/* It may have another one than when we began. */
	hostname_get(&host);
	*out = (struct output){
		.vm = vm,
		.route = route,
		.sink = sink,
		.formatter = { .style = &route->set.style, .clock = &wall_clock, .host = &host },
		.position = {
			.vm = &vm->position,
			.route = hash(route->text, strlen(route->text)),
			.oldest = oldest_write,
		},
	};
	if (sink) {
		out->position.stream = &sink->stream;
		out->formatter.bol = sink->bol;
		out->formatter.eol = sink->eol;
		out->formatter.unfinished = &sink->unfinished;
		/* The next VM may come after a restart, or write what looks like a label. */
		out->formatter.several = sink->shared && !sink->terminal;
	}
	lines_init(&out->lines, &pending, &vm->info, emit_line, out);
	storm_init(&out->storm);
	position_begin(&out->position);
}

void output_end(struct output *out)
{
	update_clock();
	lines_end(&out->lines);
	if (out->storm.count)
		show_storm(out);
	if (limit_has_cut(out->limit))
		show_cut(out);
}

void output_close(struct output *out)
{
	output_end(out);
	unlist_untold(out);
	position_end(&out->position);
	if (out->sink)
		sink_release(out->route->kind, out->sink);
	limit_free(out->limit);
	free(out);
}
