// SPDX-License-Identifier: GPL-2.0
/*
 * ring.c - what one VM wrote
 *
 * A write gets its time and its number under one lock, so both agree.  The
 * newest writes are kept; a full ring overwrites the oldest, and a cursor that
 * fell behind learns exactly how many it lost.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "ring.h"

/* Without memory for a ring, try again after so many writes (a power of 2). */
#define RING_RETRY	1024

static_assert(sizeof(struct dbgport_entry) == 16);
static_assert(sizeof(struct dbgport_record) == 32);

/**
 * dbgport_ring_init() - make a ring that holds nothing yet
 * @ring:	the ring
 * @size:	records to hold, DBGPORT_RING_MIN … _MAX; rounded up to a power
 *		of two
 * @ports:	the VM's ports, counters 0; must outlive the ring
 *
 * The memory for the records is taken at the first write, so that a silent VM
 * costs none and a talking one pays from its VMM's memory cgroup.
 */
void dbgport_ring_init(struct dbgport_ring *ring, u32 size, struct dbgport_port *ports)
{
	memset(ring, 0, sizeof(*ring));
	spin_lock_init(&ring->lock);
	ring->size = roundup_pow_of_two(size);
	ring->ports = ports;
	INIT_LIST_HEAD(&ring->caught_up);
}

/**
 * dbgport_ring_drop() - give back the records' memory
 * @ring:	a ring that nobody writes to any more
 *
 * For cursors, all records that they have not read are lost then.  May sleep.
 */
void dbgport_ring_drop(struct dbgport_ring *ring)
{
	struct dbgport_entry *entries;
	unsigned long flags;

	spin_lock_irqsave(&ring->lock, flags);
	entries = ring->entries;
	ring->entries = NULL;
	ring->base = ring->head;
	spin_unlock_irqrestore(&ring->lock, flags);

	kvfree(entries);
}

/**
 * dbgport_ring_bytes() - what the records of a ring take
 * @ring:	a ring that nobody writes to or drops meanwhile
 *
 * Return: bytes of memory.
 */
size_t dbgport_ring_bytes(const struct dbgport_ring *ring)
{
	return ring->entries ? ring->size * sizeof(*ring->entries) : 0;
}

/* Of those who find none, one brings the memory; without it writes are lost. */
static void ring_alloc(struct dbgport_ring *ring)
{
	struct dbgport_entry *entries;
	unsigned long flags;

	entries = kvcalloc(ring->size, sizeof(*entries),
			   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!entries)
		return;

	spin_lock_irqsave(&ring->lock, flags);
	if (!ring->entries) {
		ring->base = ring->head;
		WRITE_ONCE(ring->entries, entries);
		entries = NULL;
	}
	spin_unlock_irqrestore(&ring->lock, flags);

	kvfree(entries);
}

/**
 * dbgport_ring_prepare() - have the records' memory before the first write
 * @ring:	the ring
 *
 * For who cannot sleep when he writes.  Return: 0 or -ENOMEM.
 */
int dbgport_ring_prepare(struct dbgport_ring *ring)
{
	if (!READ_ONCE(ring->entries))
		ring_alloc(ring);
	return READ_ONCE(ring->entries) ? 0 : -ENOMEM;
}

/**
 * dbgport_ring_alloc() - have the records' memory at a write that finds none
 * @ring:	the ring, whose lock is held; let go of and taken again here
 *
 * For dbgport_ring_write().  May sleep.  Return: whether there is some now.
 */
bool dbgport_ring_alloc(struct dbgport_ring *ring)
{
	if (ring->head & (RING_RETRY - 1))
		return false;
	spin_unlock(&ring->lock);
	ring_alloc(ring);
	spin_lock(&ring->lock);
	return ring->entries;
}

/**
 * dbgport_ring_wake() - wake the cursors that wait
 * @ring:	the ring, whose lock is held
 *
 * For dbgport_ring_write() and here.
 */
void dbgport_ring_wake(struct dbgport_ring *ring)
{
	struct dbgport_cursor *cursor, *tmp;

	list_for_each_entry_safe(cursor, tmp, &ring->caught_up, caught_up) {
		list_del_init(&cursor->caught_up);
		cursor->wake(cursor);
	}
}

/**
 * dbgport_ring_read() - count one read that is answered
 * @ring:	the ring
 * @port:	index of the port
 *
 * Return: the last value written to the port, 0 if there was none.
 */
u32 dbgport_ring_read(struct dbgport_ring *ring, u8 port)
{
	struct dbgport_port *p = &ring->ports[port];
	u32 last;

	spin_lock(&ring->lock);
	p->reads++;
	p->claimed++;
	last = p->last;
	spin_unlock(&ring->lock);

	return last;
}

/**
 * dbgport_ring_end() - the VM is no more
 * @ring:	its ring; nothing is written to it after this
 *
 * Wakes the cursors that wait: there is the end to be read.
 */
void dbgport_ring_end(struct dbgport_ring *ring)
{
	unsigned long flags;

	spin_lock_irqsave(&ring->lock, flags);
	ring->end_ns = ktime_get_ns();
	dbgport_ring_wake(ring);
	spin_unlock_irqrestore(&ring->lock, flags);
}

/* Number of the oldest write that is kept; called with the ring's lock held. */
static u64 ring_oldest(const struct dbgport_ring *ring)
{
	if (!ring->entries)
		return ring->head;
	if (ring->head - ring->base > ring->size)
		return ring->head - ring->size;
	return ring->base;
}

/**
 * dbgport_ring_state() - a snapshot for information
 * @ring:	the ring
 * @state:	filled in
 * @ports:	filled in with copies of the ring's ports
 * @nports:	how many
 */
void dbgport_ring_state(struct dbgport_ring *ring,
			struct dbgport_ring_state *state,
			struct dbgport_port *ports, u32 nports)
{
	unsigned long flags;

	spin_lock_irqsave(&ring->lock, flags);
	state->written = ring->head;
	state->oldest = ring_oldest(ring);
	state->end_ns = ring->end_ns;
	memcpy(ports, ring->ports, nports * sizeof(*ports));
	spin_unlock_irqrestore(&ring->lock, flags);
}

/**
 * dbgport_cursor_init() - stand at the first write ever made
 * @cursor:	the cursor
 * @ring:	the ring; must outlive the cursor
 * @vm:		the VM's id
 * @wake:	see struct dbgport_cursor
 */
void dbgport_cursor_init(struct dbgport_cursor *cursor,
			 struct dbgport_ring *ring, u32 vm,
			 void (*wake)(struct dbgport_cursor *cursor))
{
	memset(cursor, 0, sizeof(*cursor));
	cursor->ring = ring;
	cursor->vm = vm;
	cursor->wake = wake;
	INIT_LIST_HEAD(&cursor->caught_up);
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
	unsigned long flags;

	spin_lock_irqsave(&ring->lock, flags);
	head = ring->head;
	spin_unlock_irqrestore(&ring->lock, flags);

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
	unsigned long flags;

	spin_lock_irqsave(&ring->lock, flags);
	cursor->next = ring->head;
	spin_unlock_irqrestore(&ring->lock, flags);
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
	u64 mask = ring->size - 1;
	u64 next = cursor->next;
	u64 oldest, end;
	unsigned long flags;

	spin_lock_irqsave(&ring->lock, flags);
	entries = ring->entries;
	oldest = ring_oldest(ring);
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
	spin_unlock_irqrestore(&ring->lock, flags);

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
 * Return: true if ->wake() will be called, once; false if there is something
 * to read now.
 */
bool dbgport_cursor_wait(struct dbgport_cursor *cursor)
{
	struct dbgport_ring *ring = cursor->ring;
	bool wait;
	unsigned long flags;

	spin_lock_irqsave(&ring->lock, flags);
	wait = cursor->next == ring->head && !ring->end_ns;
	if (wait)
		list_add_tail(&cursor->caught_up, &ring->caught_up);
	spin_unlock_irqrestore(&ring->lock, flags);

	return wait;
}

/**
 * dbgport_cursor_exit() - ->wake() is not called any more
 * @cursor:	the cursor, waiting or not
 */
void dbgport_cursor_exit(struct dbgport_cursor *cursor)
{
	unsigned long flags;

	spin_lock_irqsave(&cursor->ring->lock, flags);
	list_del_init(&cursor->caught_up);
	spin_unlock_irqrestore(&cursor->ring->lock, flags);
}
