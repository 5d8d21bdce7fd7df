// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/memlog/text.h"

/* So often it is read anew if the guest has overwritten some of it meanwhile. */
#define TRIES	8

int text_read_header(struct header *h, const struct process *p, __u64 address, __u64 room)
{
	char bytes[HEADER_SIZE];
	int err = process_read(p, address, bytes, sizeof(bytes));

	if (!err && !header_parse(h, bytes, room))
		err = -ENOENT;
	return err;
}

static int read_ring(struct text *t, const struct process *p, __u64 address)
{
	const struct header *h = &t->header;
	__u64 ring = address + h->text;
	size_t first = h->head <= h->tail ? h->tail - h->head : h->size - h->head;
	int err = process_read(p, ring + h->head, t->bytes, first);

	if (err || first == t->n)
		return err;
	return process_read(p, ring, t->bytes + first, t->n - first);
}

/* Whether what was read by @before is still all there. */
static bool is_whole(const struct header *before, const struct header *now)
{
	if (before->head == now->head && before->tail == now->tail)
		return true;
	return !now->truncated && before->head == now->head && before->tail <= now->tail;
}

int text_read(struct text *t, const struct process *p, __u64 address, __u64 room)
{
	struct header now;
	int err;

	*t = (struct text){ 0 };
	err = text_read_header(&now, p, address, room);
	for (int i = 0; !err && i < TRIES; i++) {
		t->header = now;
		t->n = header_length(&now);
		t->bytes = must(realloc(t->bytes, t->n + 1));
		err = read_ring(t, p, address) ?: text_read_header(&now, p, address, room);
		if (!err && is_whole(&t->header, &now))
			break;
	}
	if (err)
		text_free(t);
	return err;
}

void text_free(struct text *t)
{
	free(t->bytes);
	*t = (struct text){ 0 };
}
