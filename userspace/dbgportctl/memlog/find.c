// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdbool.h>

#include "dbgportctl/memlog/find.h"
#include "dbgportctl/memlog/regions.h"

#define MIB		(1024ULL * 1024)
#define LOW_MEMORY	(4096 * MIB)

/* Pages whose state is asked for at a time. */
#define PART	2048

/* Where the early log is, in a mapping that begins at 0 or, as some VMMs have it, at 1 MiB. */
static bool is_early(const struct region *in, __u64 address)
{
	return address - in->begin >= 7 * MIB && address - in->begin < 9 * MIB;
}

/**
 * struct search - one that is under way
 * @process: where
 * @found: what there is so far
 * @early: that is the early log
 */
struct search {
	const struct process *process;
	struct found *found;
	bool early;
};

static bool is_better(const struct search *s, bool early, const struct header *h)
{
	size_t n = header_length(h);

	if (!s->found->count)
		return true;
	if (early != s->early)
		return early ? n > 0 : !header_length(&s->found->header);
	return n > header_length(&s->found->header);
}

/* There is no room for one at the very end, or it is none, or it is gone by now. */
static int take(struct search *s, const struct region *in, __u64 address)
{
	struct found *f = s->found;
	char bytes[HEADER_SIZE];
	bool early = is_early(in, address);
	struct header h;
	int err = process_peek(s->process, address, bytes, sizeof(bytes));

	if (err)
		return err == -EIO ? 0 : err;
	if (!header_parse(&h, bytes, in->end - address))
		return 0;
	if (is_better(s, early, &h)) {
		f->address = address;
		f->room = in->end - address;
		f->header = h;
		s->early = early;
	}
	f->count++;
	return 0;
}

static int look_at_pages(struct search *s, const struct region *in, const __u64 *page,
			 size_t count)
{
	char head[PART][PROCESS_HEAD];
	int err = process_heads(s->process, page, head, count);

	for (size_t i = 0; !err && i < count; i++) {
		if (header_begins(head[i]))
			err = take(s, in, page[i]);
	}
	return err;
}

/* @in: all of it, of which [@begin, @end) is looked at */
static int look_at(struct search *s, const struct region *in, __u64 begin, __u64 end)
{
	enum page_state state[PART];
	__u64 page[PART];
	int err = 0;

	for (__u64 at = begin; !err && at < end; at += PART * PROCESS_PAGE) {
		__u64 pages = (end - at) / PROCESS_PAGE;
		size_t present = 0;

		if (pages > PART)
			pages = PART;
		err = process_pages(s->process, at, state, pages);
		for (size_t i = 0; !err && i < pages; i++) {
			if (state[i] == PAGE_PRESENT)
				page[present++] = at + i * PROCESS_PAGE;
			else if (state[i] == PAGE_SWAPPED)
				s->found->swapped += PROCESS_PAGE;
		}
		err = err ?: look_at_pages(s, in, page, present);
	}
	return err;
}

static int look_at_all(struct search *s, const struct regions *r)
{
	int err = 0;

	for (size_t i = 0; !err && i < r->count; i++) {
		const struct region *in = &r->region[i];
		__u64 size = in->end - in->begin;

		err = look_at(s, in, in->begin,
			      size < LOW_MEMORY ? in->end : in->begin + LOW_MEMORY);
	}
	for (size_t i = 0; !err && !s->found->count && i < r->count; i++) {
		const struct region *in = &r->region[i];

		if (in->end - in->begin > LOW_MEMORY)
			err = look_at(s, in, in->begin + LOW_MEMORY, in->end);
	}
	return err;
}

int find_log(struct found *f, const struct process *p)
{
	struct search s = { .process = p, .found = f };
	struct regions regions;
	int err;

	*f = (struct found){ 0 };
	err = regions_read(&regions, p);
	if (!err)
		err = look_at_all(&s, &regions);
	regions_free(&regions);
	return err;
}
