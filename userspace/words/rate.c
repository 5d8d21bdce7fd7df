// SPDX-License-Identifier: GPL-2.0
#include "lib/clock.h"
#include "lib/record.h"
#include "words/lines.h"
#include "words/rate.h"

/* Of a byte. */
#define UNIT	((__s64)NSEC_PER_SEC)

static __s64 full(const struct rate *r)
{
	return r->burst * UNIT;
}

void rate_init(struct rate *r, __u64 per_s, __u64 burst)
{
	*r = (struct rate){ .per_s = per_s, .burst = burst };
	r->credit = full(r);
}

static void fill(struct rate *r, __u64 ns)
{
	__u64 add, room = full(r) - r->credit;

	if (ns <= r->filled_ns)
		return;
	if (__builtin_mul_overflow(ns - r->filled_ns, r->per_s, &add) || add > room)
		r->credit = full(r);
	else
		r->credit += add;
	r->filled_ns = ns;
}

static bool is_cut(const struct rate *r)
{
	if (!r->cutting)
		return r->credit <= 0 &&
		       (!r->within_line || r->credit <= -LINES_MAX * UNIT);
	return r->credit < full(r) && (r->within_line || r->credit < full(r) / 2);
}

static bool ends_line(const struct dbgport_record *rec)
{
	char bytes[RECORD_BYTES];
	size_t n = record_bytes(bytes, rec->value, rec->width);

	return n && bytes[n - 1] == '\n';
}

/* Whether none may pass before @ns, however they come; else nothing has changed. */
static bool cuts_until(struct rate *r, __u64 ns)
{
	struct rate then = *r;

	fill(&then, ns);
	if (then.credit >= full(r) / 2)
		return false;
	*r = then;
	return true;
}

static void count_cut(struct rate *r, const struct dbgport_record *rec, size_t count)
{
	__u64 bytes = count * rec->width;

	if (!r->count) {
		r->seq = rec->seq;
		r->begin_ns = rec->time_ns;
	}
	r->count += count;
	r->bytes += bytes;
	r->total += bytes;
	r->end_ns = rec[count - 1].time_ns;
}

size_t rate_take(struct rate *r, const struct dbgport_record *rec, size_t count, bool lines,
		 bool *cut)
{
	const __s64 cost = rec->width * UNIT;
	size_t n;

	fill(r, rec->time_ns);
	*cut = is_cut(r);
	if (!*cut && r->credit > (__s64)count * cost) {
		/* Mostly there is enough for all. */
		r->cutting = false;
		r->credit -= count * cost;
		r->within_line = lines && !ends_line(&rec[count - 1]);
		return count;
	}
	if (*cut && cuts_until(r, rec[count - 1].time_ns)) {
		r->cutting = true;
		r->within_line = lines && !ends_line(&rec[count - 1]);
		count_cut(r, rec, count);
		return count;
	}
	for (n = 0; n < count; n++) {
		fill(r, rec[n].time_ns);
		r->cutting = is_cut(r);
		if (r->cutting != *cut)
			break;
		if (!r->cutting)
			r->credit -= cost;
		r->within_line = lines && !ends_line(&rec[n]);
	}
	if (*cut)
		count_cut(r, rec, n);
	return n;
}

bool rate_is_due(const struct rate *r, __u64 ns)
{
	return r->count && ns > r->end_ns &&
	       (ns - r->end_ns >= RATE_QUIET_NS || ns - r->begin_ns >= RATE_PART_NS);
}

struct entry rate_report(struct rate *r, const struct entry_vm *vm, __u16 port)
{
	const struct entry entry = {
		.type = ENTRY_CUT,
		.vm = vm,
		.port = port,
		.seq = r->seq,
		.count = r->count,
		.bytes = r->bytes,
		.time_ns = r->begin_ns,
		.end_ns = r->end_ns,
	};

	r->count = 0;
	r->bytes = 0;
	return entry;
}
