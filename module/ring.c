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

static_assert(sizeof(struct dbgport_entry) == 16, "no room is wasted");

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
	ring->mask = ring->full - 1;
	ring->slow = true;
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
	ring->slow = true;
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
	return ring->entries ? (ring->mask + 1) * sizeof(*ring->entries) : 0;
}

static struct dbgport_entry *ring_take_entries(u32 size)
{
	return dbgport_memory_take(size * sizeof(struct dbgport_entry));
}

/* A VMM that has no room for it goes on without. */
static void ring_make_entries(struct dbgport_ring *ring)
{
	struct dbgport_entry *entries = ring_take_entries(ring->mask + 1);

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
	ring->mask = min(ring->full, RING_FIRST) - 1;
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
		entries[seq & (ring->full - 1)] = old[seq & ring->mask];
	ring->entries = entries;
	WRITE_ONCE(ring->mask, ring->full - 1);
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
	if (ring->mask != ring->full - 1)
		ret = ring_make_full(ring);
	mutex_unlock(&ring->alloc);
	return ret;
}

static void ring_wake(struct dbgport_ring *ring)
{
	struct dbgport_waiter *waiter, *tmp;

	list_for_each_entry_safe(waiter, tmp, &ring->waiters, node) {
		list_del_init(&waiter->node);
		waiter->wake(waiter);
	}
}

/* A write finds no memory; with the ring's lock held, which is let go of meanwhile. */
static void ring_alloc_at_write(struct dbgport_ring *ring)
{
	if (ring->head & (RING_RETRY - 1))
		return;
	spin_unlock(&ring->lock);
	ring_alloc(ring);
	spin_lock(&ring->lock);
}

/**
 * dbgport_ring_write_slowly() - keep a write for which there may be no memory yet
 * @ring:	the ring, whose lock is held, and let go of here
 * @port:	index of the port
 * @vcpu:	id of the vCPU
 * @width:	in bytes
 * @value:	what was written
 *
 * For dbgport_ring_write().  Wakes who waits.  May sleep if the ring was not prepared.
 *
 * Return: as there.
 */
bool dbgport_ring_write_slowly(struct dbgport_ring *ring, u8 port, u32 vcpu, u8 width, u32 value)
{
	u16 kind;

	if (!ring->entries)
		ring_alloc_at_write(ring);
	if (ring->entries)
		kind = dbgport_ring_keep(ring, port, vcpu, width, value);
	else
		kind = dbgport_ring_count(ring, port, width, value);
	ring_wake(ring);
	ring->slow = !ring->entries;
	spin_unlock(&ring->lock);
	return kind & DBGPORT_KIND_CLAIMED;
}

/**
 * dbgport_ring_add() - keep a byte of which the caller has decided whether it is claimed
 * @ring:	the ring, whose lock is held, and let go of meanwhile if there is no memory yet
 * @port:	index of the port
 * @vcpu:	id of the vCPU
 * @value:	the byte
 * @claimed:	it is
 *
 * Not made of what dbgport_ring_write() is, which would have to pay for the choice.
 *
 * Context: the vCPU's thread; may sleep if the ring was not prepared.
 */
void dbgport_ring_add(struct dbgport_ring *ring, u8 port, u32 vcpu, u8 value, bool claimed)
{
	struct dbgport_port *p = &ring->ports[port];

	if (!ring->entries)
		ring_alloc_at_write(ring);
	if (ring->entries)
		ring->entries[ring->head & ring->mask] = (struct dbgport_entry) {
			.time_ns = ktime_get_ns(),
			.value = value,
			.vcpu = vcpu,
			.kind = DBGPORT_KIND(port, 1, claimed ? DBGPORT_CLAIMED : 0),
		};
	ring->head++;
	p->last = value;
	p->writes[DBGPORT_WIDTH_INDEX(1)]++;
	if (!claimed)
		p->unclaimed++;
	ring_wake(ring);
	ring->slow = !ring->entries;
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
	spin_lock(&ring->lock);
	dbgport_ring_add_read(ring, port, false);
	spin_unlock(&ring->lock);
}

/**
 * dbgport_ring_add_read() - count one read
 * @ring:	the ring, whose lock is held
 * @port:	index of the port
 * @answered:	it is; else the VMM is to answer it
 */
void dbgport_ring_add_read(struct dbgport_ring *ring, u8 port, bool answered)
{
	struct dbgport_port *p = &ring->ports[port];

	if (answered) {
		p->reads++;
		return;
	}
	p->passed++;
	p->passed_at = dbgport_port_writes(p);
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
	ring_wake(ring);
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
	if (ring->head - ring->base > ring->mask)
		return ring->head - ring->mask - 1;
	return ring->base;
}

/**
 * dbgport_port_writes() - how often a port was written to
 * @p:		the port; the ring's lock is held, or nobody writes
 *
 * Return: the sum over all widths.
 */
u64 dbgport_port_writes(const struct dbgport_port *p)
{
	return p->writes[0] + p->writes[1] + p->writes[2];
}

/**
 * dbgport_port_set_claimed() - say whether writes to a port are claimed from now on
 * @p:		the port
 * @port:	its index in dbgport_ring.ports
 * @claimed:	whether they are
 *
 * Before the first write, and by one caller at a time.
 */
void dbgport_port_set_claimed(struct dbgport_port *p, u8 port, bool claimed)
{
	unsigned int width;

	for (width = 1; width <= 4; width *= 2)
		WRITE_ONCE(p->kind[DBGPORT_WIDTH_INDEX(width)],
			   DBGPORT_KIND(port, width, claimed ? DBGPORT_CLAIMED : 0));
}

static void ring_count_port(struct dbgport_port_info *info, const struct dbgport_port *p)
{
	info->port = p->port;
	info->writes = dbgport_port_writes(p);
	info->bytes = p->writes[0] + 2 * p->writes[1] + 4 * p->writes[2];
	info->reads = p->reads;
	/* A read that is answered here is nobody else's. */
	info->claimed = info->writes - p->unclaimed + p->reads;
	info->passed = p->passed;
	info->passed_at = p->passed_at;
}

/**
 * dbgport_ring_state() - a snapshot for information
 * @ring:	the ring
 * @state:	filled in
 * @ports:	filled in for the ring's ports, but for their flags
 * @nports:	how many
 */
void dbgport_ring_state(struct dbgport_ring *ring, struct dbgport_ring_state *state,
			struct dbgport_port_info *ports, u32 nports)
{
	u32 i;

	spin_lock(&ring->lock);
	state->written = ring->head;
	state->oldest = dbgport_ring_oldest(ring);
	state->end_ns = ring->end_ns;
	for (i = 0; i < nports; i++)
		ring_count_port(&ports[i], &ring->ports[i]);
	spin_unlock(&ring->lock);
}
