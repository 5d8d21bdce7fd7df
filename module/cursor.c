// SPDX-License-Identifier: GPL-2.0
/*
 * cursor.c - where one reader stands in one ring
 *
 * A cursor that fell behind the oldest kept write learns exactly how many it
 * lost.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "cursor.h"

static_assert(sizeof(struct dbgport_record) == 32, "it is the ABI's");

/**
 * dbgport_cursor_init() - stand at the first write ever made
 * @cursor:	the cursor
 * @ring:	the ring; must outlive the cursor
 * @vm:		the VM's id
 * @wake:	see struct dbgport_waiter; called after dbgport_cursor_wait()
 */
void dbgport_cursor_init(struct dbgport_cursor *cursor, struct dbgport_ring *ring, u32 vm,
			 void (*wake)(struct dbgport_waiter *waiter))
{
	memset(cursor, 0, sizeof(*cursor));
	cursor->ring = ring;
	cursor->vm = vm;
	cursor->waiter.wake = wake;
	INIT_LIST_HEAD(&cursor->waiter.node);
}

/**
 * dbgport_cursor_seek() - go to one write
 * @cursor:	the cursor, not waiting
 * @seq:	number of the next write to be read
 *
 * Return: 0, or -EINVAL if @seq is beyond the next write.
 */
int dbgport_cursor_seek(struct dbgport_cursor *cursor, u64 seq)
{
	struct dbgport_ring *ring = cursor->ring;
	u64 head;

	spin_lock(&ring->lock);
	head = ring->head;
	spin_unlock(&ring->lock);

	if (seq > head)
		return -EINVAL;
	cursor->next = seq;
	cursor->delivered = 0;
	cursor->lost = 0;
	return 0;
}

/**
 * dbgport_cursor_to_newest() - leave out everything that was written so far
 * @cursor:	the cursor, not waiting
 */
void dbgport_cursor_to_newest(struct dbgport_cursor *cursor)
{
	struct dbgport_ring *ring = cursor->ring;

	spin_lock(&ring->lock);
	cursor->next = ring->head;
	spin_unlock(&ring->lock);
}

/* Some of what a ring keeps, to where @to is; with the ring's lock held. */
static void cursor_copy(const struct dbgport_ring *ring, u64 seq, u32 n, void *to)
{
	u32 at = seq & ring->mask;
	u32 first = min(n, ring->mask + 1 - at);

	memcpy(to, &ring->entries[at], first * sizeof(*ring->entries));
	memcpy(to + first * sizeof(*ring->entries), ring->entries,
	       (n - first) * sizeof(*ring->entries));
}

/* Entries fill the second half of where the records are to be. */
static void cursor_make_records(const struct dbgport_cursor *cursor, u64 seq, u32 n,
				struct dbgport_record *records)
{
	const void *from = (void *)(records + n) - n * sizeof(struct dbgport_entry);
	const struct dbgport_port *ports = cursor->ring->ports;
	struct dbgport_entry e;
	u32 i;

	for (i = 0; i < n; i++) {
		memcpy(&e, from + i * sizeof(e), sizeof(e));
		records[i] = (struct dbgport_record) {
			.type = DBGPORT_WRITE,
			.vm = cursor->vm,
			.seq = seq + i,
			.time_ns = e.time_ns,
			.port = ports[DBGPORT_KIND_PORT(e.kind)].port,
			.width = DBGPORT_KIND_WIDTH(e.kind),
			.value = e.value,
			.vcpu = e.vcpu,
			.flags = DBGPORT_KIND_FLAGS(e.kind),
		};
	}
}

/**
 * dbgport_cursor_peek() - copy out records without moving on
 * @cursor:	the cursor
 * @records:	where to
 * @room:	for how many
 * @ended:	set to whether the VM has ended and nothing comes after these
 *
 * What was overwritten comes as one DBGPORT_LOST, before what was not.
 * dbgport_cursor_commit() moves on.  vCPUs wait only while what is kept is copied, not
 * until it has become records.
 *
 * Return: number of records.
 */
u32 dbgport_cursor_peek(struct dbgport_cursor *cursor,
			struct dbgport_record *records, u32 room, bool *ended)
{
	struct dbgport_ring *ring = cursor->ring;
	struct dbgport_record *r = records;
	u64 next = cursor->next;
	u64 oldest;
	u32 n;

	spin_lock(&ring->lock);
	oldest = dbgport_ring_oldest(ring);
	if (next < oldest && room) {
		*r++ = (struct dbgport_record) {
			.type = DBGPORT_LOST,
			.vm = cursor->vm,
			.seq = next,
			.count = oldest - next,
		};
		next = oldest;
		room--;
	}
	n = min_t(u64, ring->head - next, room);
	if (n)
		cursor_copy(ring, next, n, (void *)(r + n) - n * sizeof(struct dbgport_entry));
	*ended = ring->end_ns && next + n == ring->head;
	spin_unlock(&ring->lock);

	cursor_make_records(cursor, next, n, r);
	return r + n - records;
}

/**
 * dbgport_cursor_commit() - records have arrived, move past them
 * @cursor:	the cursor
 * @records:	the next of those that dbgport_cursor_peek() gave
 * @n:		how many
 */
void dbgport_cursor_commit(struct dbgport_cursor *cursor,
			   const struct dbgport_record *records, u32 n)
{
	if (n && records->type == DBGPORT_LOST) {
		cursor->lost += records->count;
		cursor->next += records->count;
		n--;
	}
	cursor->delivered += n;
	cursor->next += n;
}

/**
 * dbgport_cursor_wait() - ask to be woken if there is nothing to read
 * @cursor:	the cursor, not waiting
 *
 * Return: true if wake() will be called, once; false if there is something to
 * read now.
 */
bool dbgport_cursor_wait(struct dbgport_cursor *cursor)
{
	struct dbgport_ring *ring = cursor->ring;
	bool wait;

	spin_lock(&ring->lock);
	wait = cursor->next == ring->head && !ring->end_ns;
	if (wait) {
		list_add_tail(&cursor->waiter.node, &ring->waiters);
		ring->slow = true;
	}
	spin_unlock(&ring->lock);

	return wait;
}

/**
 * dbgport_cursor_exit() - wait no more; wake() is not called after this
 * @cursor:	the cursor, waiting or not
 */
void dbgport_cursor_exit(struct dbgport_cursor *cursor)
{
	spin_lock(&cursor->ring->lock);
	list_del_init(&cursor->waiter.node);
	spin_unlock(&cursor->ring->lock);
}
