// SPDX-License-Identifier: GPL-2.0
/*
 * ring.c - what one VM wrote
 *
 * A write gets its time and its number under one lock, so both agree.  The
 * newest writes are kept; a full ring overwrites the oldest.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "memory.h"
#include "ring.h"

/* Without memory for a ring, try again after so many writes (a power of 2). */
#define RING_RETRY	1024

/*
 * So many writes are kept until there is memory for all (a power of 2): what KVM takes
 * of a string at most before the vCPU can do anything else.
 */
#define RING_FIRST	1024U

static_assert(sizeof(struct dbgport_entry) == 16);

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
	mutex_init(&ring->alloc);
	ring->full = roundup_pow_of_two(size);
	ring->size = ring->full;
	ring->ports = ports;
	INIT_LIST_HEAD(&ring->waiters);
}

/**
 * dbgport_ring_drop() - give back the records' memory
 * @ring:	a ring that is written to no more
 *
 * Readers lose all records that they have not read.  May sleep.
 */
void dbgport_ring_drop(struct dbgport_ring *ring)
{
	struct dbgport_entry *entries;

	spin_lock(&ring->lock);
	entries = ring->entries;
	ring->entries = NULL;
	ring->base = ring->head;
	spin_unlock(&ring->lock);

	kvfree(entries);
}

/**
 * dbgport_ring_bytes() - what the records of a ring take
 * @ring:	a ring that is neither written to nor dropped meanwhile
 *
 * Return: bytes of memory.
 */
size_t dbgport_ring_bytes(const struct dbgport_ring *ring)
{
	return ring->entries ? ring->size * sizeof(*ring->entries) : 0;
}

static struct dbgport_entry *ring_take_entries(u32 size)
{
	return dbgport_memory_take(size * sizeof(struct dbgport_entry));
}

/* A VMM that has no room for it goes on without. */
static void ring_make_entries(struct dbgport_ring *ring)
{
	struct dbgport_entry *entries = ring_take_entries(ring->size);

	if (!entries)
		return;

	spin_lock(&ring->lock);
	ring->base = ring->head;
	WRITE_ONCE(ring->entries, entries);
	spin_unlock(&ring->lock);
}

/* Several vCPUs may find no memory at once: they wait for the first of them. */
static void ring_alloc(struct dbgport_ring *ring)
{
	mutex_lock(&ring->alloc);
	if (!READ_ONCE(ring->entries))
		ring_make_entries(ring);
	mutex_unlock(&ring->alloc);
}

/**
 * dbgport_ring_prepare() - have memory for the first RING_FIRST writes
 * @ring:	the ring, to which nothing was written
 *
 * For a backend that cannot sleep when it writes.  It calls dbgport_ring_grow()
 * as soon as it can, and does not write if this fails.  May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int dbgport_ring_prepare(struct dbgport_ring *ring)
{
	if (ring->entries)
		return 0;
	ring->size = min(ring->full, RING_FIRST);
	ring_alloc(ring);
	return ring->entries ? 0 : -ENOMEM;
}

/* Move what is kept to a larger array; with the ring's lock held. */
static struct dbgport_entry *ring_swap(struct dbgport_ring *ring, struct dbgport_entry *entries)
{
	struct dbgport_entry *old = ring->entries;
	u64 seq = dbgport_ring_oldest(ring);

	/* What was lost stays so. */
	ring->base = seq;
	for (; seq < ring->head; seq++)
		entries[seq & (ring->full - 1)] = old[seq & (ring->size - 1)];
	ring->entries = entries;
	WRITE_ONCE(ring->size, ring->full);
	return old;
}

/* With @alloc held. */
static int ring_make_full(struct dbgport_ring *ring)
{
	struct dbgport_entry *entries = ring_take_entries(ring->full);

	if (!entries)
		return -ENOMEM;

	spin_lock(&ring->lock);
	/* One that has ended is counted as it is. */
	if (!ring->end_ns)
		entries = ring_swap(ring, entries);
	spin_unlock(&ring->lock);

	kvfree(entries);
	return 0;
}

/**
 * dbgport_ring_grow() - have all the memory that a ring is to have
 * @ring:	a ring that was prepared
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM, with nothing changed.
 */
int dbgport_ring_grow(struct dbgport_ring *ring)
{
	int ret = 0;

	mutex_lock(&ring->alloc);
	if (ring->size != ring->full)
		ret = ring_make_full(ring);
	mutex_unlock(&ring->alloc);
	return ret;
}

/**
 * dbgport_ring_alloc() - have the records' memory at a write that finds none
 * @ring:	the ring, whose lock is held; let go of and taken again here
 *
 * For dbgport_ring_write().  May sleep.
 *
 * Return: whether there is some now.
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
 * dbgport_ring_wake() - wake all waiters
 * @ring:	the ring, whose lock is held
 *
 * For dbgport_ring_write() and here.
 */
void dbgport_ring_wake(struct dbgport_ring *ring)
{
	struct dbgport_waiter *waiter, *tmp;

	list_for_each_entry_safe(waiter, tmp, &ring->waiters, node) {
		list_del_init(&waiter->node);
		waiter->wake(waiter);
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
 * dbgport_ring_pass() - count one read that the VMM is to answer
 * @ring:	the ring
 * @port:	index of the port
 */
void dbgport_ring_pass(struct dbgport_ring *ring, u8 port)
{
	struct dbgport_port *p = &ring->ports[port];

	spin_lock(&ring->lock);
	p->passed++;
	p->passed_at = p->writes;
	spin_unlock(&ring->lock);
}

/**
 * dbgport_ring_end() - the VM is no more
 * @ring:	its ring; nothing is written to it after this
 *
 * Wakes all waiters: there is the end to be read.
 */
void dbgport_ring_end(struct dbgport_ring *ring)
{
	spin_lock(&ring->lock);
	ring->end_ns = ktime_get_ns();
	dbgport_ring_wake(ring);
	spin_unlock(&ring->lock);
}

/**
 * dbgport_ring_oldest() - the oldest write that is kept
 * @ring:	the ring, whose lock is held
 *
 * Return: its number; that of the next write if none is kept.
 */
u64 dbgport_ring_oldest(const struct dbgport_ring *ring)
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
void dbgport_ring_state(struct dbgport_ring *ring, struct dbgport_ring_state *state,
			struct dbgport_port *ports, u32 nports)
{
	spin_lock(&ring->lock);
	state->written = ring->head;
	state->oldest = dbgport_ring_oldest(ring);
	state->end_ns = ring->end_ns;
	memcpy(ports, ring->ports, nports * sizeof(*ports));
	spin_unlock(&ring->lock);
}
