// SPDX-License-Identifier: GPL-2.0
#include "words/storm.h"

void storm_init(struct storm *s)
{
	*s = (struct storm){ .budget = STORM_BURST };
}

static void refill(struct storm *s, __u64 ns)
{
	__u64 add = ns > s->refilled_ns ? (ns - s->refilled_ns) / STORM_REFILL_NS : 0;

	if (add >= STORM_BURST - s->budget) {
		s->budget = STORM_BURST;
		s->refilled_ns = ns;
		return;
	}
	s->budget += add;
	s->refilled_ns += add * STORM_REFILL_NS;
}

bool storm_takes(struct storm *s, __u64 seq, __u64 ns)
{
	refill(s, ns);
	if (s->raging)
		s->raging = s->budget < STORM_CALM &&
			    (ns < s->end_ns || ns - s->end_ns < STORM_QUIET_NS);
	else
		s->raging = !s->budget;
	if (s->budget)
		s->budget--;
	if (!s->raging)
		return false;
	if (!s->count++) {
		s->seq = seq;
		s->begin_ns = ns;
	}
	s->end_seq = seq;
	s->end_ns = ns;
	return true;
}

bool storm_is_over(const struct storm *s, __u64 ns)
{
	return s->count && ns > s->end_ns &&
	       (ns - s->end_ns >= STORM_QUIET_NS || ns - s->begin_ns >= STORM_PART_NS);
}

struct entry storm_report(struct storm *s, const struct entry_vm *vm, __u16 port)
{
	const struct entry entry = {
		.type = ENTRY_STORM,
		.vm = vm,
		.port = port,
		.seq = s->seq,
		.end_seq = s->end_seq,
		.count = s->count,
		.time_ns = s->begin_ns,
		.end_ns = s->end_ns,
	};

	s->count = 0;
	return entry;
}
