// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportd/spool/marks.h"

/* So that there is always a free one. */
#define SLOTS	(2 * MARKS_MAX)

/**
 * struct mark_of - how far one track has been stored
 * @vm, @port, @track: which; @taken false: it is of none
 * @age: of OBJECT_GONE: the @age of all when it came
 * @end: the first byte that has not been stored
 */
struct mark_of {
	__u32 vm;
	__u32 track;
	__u16 port;
	bool taken;
	__u32 age;
	struct object_place end;
};

static size_t slot_of(__u32 vm, __u16 port, __u32 track)
{
	__u64 h = (vm * 0x100000001b3ULL ^ port) * 0x9e3779b97f4a7c15ULL ^ track;

	h *= 0x9e3779b97f4a7c15ULL;
	return h >> 32 & (SLOTS - 1);
}

/* Its own, or the free one where it would be. */
static struct mark_of *find(const struct marks *m, __u32 vm, __u16 port, __u32 track)
{
	size_t i = slot_of(vm, port, track);

	while (m->table[i].taken && (m->table[i].vm != vm || m->table[i].port != port ||
				     m->table[i].track != track))
		i = (i + 1) & (SLOTS - 1);
	return &m->table[i];
}

bool marks_have(const struct marks *m, const struct object_head *head)
{
	const struct mark_of *mark;

	if (!m->table || head->load != m->load || head->track == OBJECT_DROPPED)
		return false;
	mark = find(m, head->vm, head->port, head->track);
	return mark->taken && !object_before(&mark->end, &head->end);
}

void marks_set(struct marks *m, const struct object_head *head)
{
	struct mark_of *mark;

	if (head->track == OBJECT_DROPPED)
		return;
	if (head->load != m->load)
		marks_free(m);
	m->load = head->load;
	if (!m->table)
		m->table = calloc(SLOTS, sizeof(*m->table));
	if (!m->table)
		return;
	mark = find(m, head->vm, head->port, head->track);
	if (!mark->taken && m->count >= m->max)
		return;
	if (!mark->taken) {
		*mark = (struct mark_of){
			.vm = head->vm, .port = head->port, .track = head->track,
			.taken = true, .age = m->age, .end = head->end,
		};
		m->count++;
	} else if (object_before(&mark->end, &head->end)) {
		mark->end = head->end;
	}
}

int marks_each(const struct marks *m, int (*see)(void *arg, const struct object_head *head),
	       void *arg)
{
	int err = 0;

	for (size_t i = 0; m->table && i < SLOTS && !err; i++) {
		const struct mark_of *mark = &m->table[i];
		const struct object_head head = {
			.load = m->load, .vm = mark->vm, .port = mark->port,
			.track = mark->track, .begin = mark->end, .end = mark->end,
			.name = OBJECT_NO_VM,
		};

		if (mark->taken)
			err = see(arg, &head);
	}
	return err;
}

static bool has_been_gone(const struct marks *old, const struct mark_of *mark)
{
	const struct mark_of *gone = find(old, mark->vm, 0, OBJECT_GONE);

	return gone->taken && gone->age < old->age;
}

void marks_age(struct marks *m)
{
	const struct marks old = *m;

	m->age++;
	if (!old.table)
		return;
	m->table = calloc(SLOTS, sizeof(*m->table));
	if (!m->table) {
		m->table = old.table;
		return;
	}
	m->count = 0;
	for (size_t i = 0; i < SLOTS; i++) {
		const struct mark_of *mark = &old.table[i];

		if (!mark->taken || has_been_gone(&old, mark))
			continue;
		*find(m, mark->vm, mark->port, mark->track) = *mark;
		m->count++;
	}
	free(old.table);
}

void marks_free(struct marks *m)
{
	free(m->table);
	*m = (struct marks){ .max = m->max };
}
