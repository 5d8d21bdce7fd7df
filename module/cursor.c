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

static_assert(sizeof(struct dbgport_record) == 32);

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

/**
 * dbgport_cursor_peek() - copy out records without moving on
 * @cursor:	the cursor
 * @records:	where to
 * @room:	for how many
 * @ended:	set to whether the VM has ended and nothing comes after these
 *
 * What was overwritten comes as one DBGPORT_LOST, before what was not.
 * dbgport_cursor_commit() moves on.
 *
 * Return: number of records.
 */
u32 dbgport_cursor_peek(struct dbgport_cursor *cursor,
			struct dbgport_record *records, u32 room, bool *ended)
{
	struct dbgport_ring *ring = cursor->ring;
	const struct dbgport_entry *entries;
	const struct dbgport_port *ports = ring->ports;
	struct dbgport_record *r = records;
	u64 next = cursor->next;
	u64 oldest, end, mask;

	spin_lock(&ring->lock);
	entries = ring->entries;
	mask = ring->size - 1;
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
	for (end = min(ring->head, next + room); next < end; next++) {
		const struct dbgport_entry *e = &entries[next & mask];

		*r++ = (struct dbgport_record) {
			.type = DBGPORT_WRITE,
			.vm = cursor->vm,
			.seq = next,
			.time_ns = e->time_ns,
			.port = ports[e->port].port,
			.width = e->width,
			.value = e->value,
			.vcpu = e->vcpu,
			.flags = e->flags,
		};
	}
	*ended = ring->end_ns && next == ring->head;
	spin_unlock(&ring->lock);

	return r - records;
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
	if (wait)
		list_add_tail(&cursor->waiter.node, &ring->waiters);
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
