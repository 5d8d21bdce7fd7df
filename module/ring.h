/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ring.h - what one VM wrote: its newest records and its counters
 *
 * Knows neither KVM nor files, and compiles in user space for its tests.
 */
#ifndef _DBGPORT_RING_H
#define _DBGPORT_RING_H

#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "uapi/dbgport.h"

/* Records that a ring can be made for. */
#define DBGPORT_RING_MIN	64
#define DBGPORT_RING_MAX	4194304

/**
 * struct dbgport_entry - a kept write; its number follows from its place
 * @time_ns:	CLOCK_MONOTONIC in ns
 * @value:	what was written
 * @vcpu:	id of the vCPU
 * @kind:	the rest, DBGPORT_KIND(): index into dbgport_ring.ports, in bytes, and
 *		dbgport_record.flags
 */
struct dbgport_entry {
	u64 time_ns;
	u32 value;
	u16 vcpu;
	u16 kind;
};

/* Of what is written at once: 1, 2 or 4 bytes. */
#define DBGPORT_WIDTHS			3
#define DBGPORT_WIDTH_INDEX(width)	((width) >> 1)

/* What is the same for many writes is put together before, in 16 bits. */
#define DBGPORT_KIND(port, width, flags)	((port) | (width) << 8 | (flags) << 12)
#define DBGPORT_KIND_PORT(kind)			((kind) & 0xff)
#define DBGPORT_KIND_WIDTH(kind)		((kind) >> 8 & 0xf)
#define DBGPORT_KIND_FLAGS(kind)		((kind) >> 12)
#define DBGPORT_KIND_CLAIMED			DBGPORT_KIND(0, 0, DBGPORT_CLAIMED)

/**
 * struct dbgport_port - what one VM did with one port
 * @port:	I/O port; set before its first access, does not change then
 * @kind:	of writes of each width from now on, set by dbgport_port_set_claimed();
 *		read by vCPUs without a lock
 * @last:	value of the last write; this and the rest: guarded by the
 *		ring's lock
 * @writes:	how many, of each width
 * @unclaimed:	how many of these were not claimed
 * @reads:	see struct dbgport_port_info
 * @passed:	likewise
 * @passed_at:	likewise
 *
 * What is counted here is added up when somebody asks.
 */
struct dbgport_port {
	u16 port;
	u16 kind[DBGPORT_WIDTHS];
	u32 last;
	u64 writes[DBGPORT_WIDTHS];
	u64 unclaimed;
	u64 reads;
	u64 passed;
	u64 passed_at;
};

/**
 * struct dbgport_waiter - a reader that has read all that there is
 * @node:	in dbgport_ring.waiters, or empty
 * @wake:	called once, under the ring's lock, when there is something to
 *		read again; the waiter is in no list then
 */
struct dbgport_waiter {
	struct list_head node;
	void (*wake)(struct dbgport_waiter *waiter);
};

/**
 * struct dbgport_ring - what one VM wrote
 * @lock:	guards everything here.  Taken by vCPUs at each access and by
 *		readers; process context only; held for a few dozen
 *		instructions, and while waking readers that had caught up.
 *		Outside of a reader's own lock and of its wait queue's, which do not
 *		sleep either: a backend may take it where it cannot be preempted
 * @head:	number of the next write
 * @base:	no write below it is kept, whatever there is room for
 * @slow:	a write may have more to do than to be kept: there is no memory for
 *		it, or somebody to be woken
 * @entries:	array of @mask + 1; NULL before the first write and after a drop
 * @alloc:	held by who makes @entries, outside of @lock; vCPUs that find none
 *		wait for that.  Memory is reclaimed under it
 * @mask:	what of a write's number is its place in @entries
 * @full:	for how many there is to be room: a power of two; does not change
 * @ports:	one for each port; belongs to the maker of the ring
 * @end_ns:	when the VM ended; 0 while it lives
 * @waiters:	to be woken by the next write or by the end
 */
struct dbgport_ring {
	spinlock_t lock;	/* see above */
	bool slow;
	u64 head;
	u64 base;
	struct dbgport_entry *entries;
	struct mutex alloc;	/* see above */
	u32 mask;
	u32 full;
	struct dbgport_port *ports;
	u64 end_ns;
	struct list_head waiters;
};

/**
 * struct dbgport_ring_state - a snapshot of what a ring has besides its records
 * @written:	writes so far
 * @oldest:	number of the oldest write that is kept; @written if none is
 * @end_ns:	when the VM ended; 0 while it lives
 */
struct dbgport_ring_state {
	u64 written;
	u64 oldest;
	u64 end_ns;
};

void dbgport_ring_init(struct dbgport_ring *ring, u32 size, struct dbgport_port *ports);
int dbgport_ring_prepare(struct dbgport_ring *ring);
int dbgport_ring_grow(struct dbgport_ring *ring);
void dbgport_ring_drop(struct dbgport_ring *ring);
size_t dbgport_ring_bytes(const struct dbgport_ring *ring);

bool dbgport_ring_write_slowly(struct dbgport_ring *ring, u8 port, u32 vcpu, u8 width, u32 value);
void dbgport_ring_add(struct dbgport_ring *ring, u8 port, u32 vcpu, u8 value, bool claimed);
u32 dbgport_ring_read(struct dbgport_ring *ring, u8 port);
void dbgport_ring_pass(struct dbgport_ring *ring, u8 port);
void dbgport_ring_add_read(struct dbgport_ring *ring, u8 port, bool answered);
void dbgport_ring_end(struct dbgport_ring *ring);
u64 dbgport_ring_oldest(const struct dbgport_ring *ring);
void dbgport_ring_state(struct dbgport_ring *ring, struct dbgport_ring_state *state,
			struct dbgport_port_info *ports, u32 nports);

void dbgport_port_set_claimed(struct dbgport_port *p, u8 port, bool claimed);
u64 dbgport_port_writes(const struct dbgport_port *p);

/* Under the ring's lock, for dbgport_ring_write(), like the next.  Return: the write's kind. */
static __always_inline u16 dbgport_ring_count(struct dbgport_ring *ring, u8 port, u8 width,
					      u32 value)
{
	struct dbgport_port *p = &ring->ports[port];
	u16 kind = READ_ONCE(p->kind[DBGPORT_WIDTH_INDEX(width)]);

	ring->head++;
	p->last = value;
	p->writes[DBGPORT_WIDTH_INDEX(width)]++;
	if (unlikely(!(kind & DBGPORT_KIND_CLAIMED)))
		p->unclaimed++;
	return kind;
}

static __always_inline u16 dbgport_ring_keep(struct dbgport_ring *ring, u8 port, u32 vcpu,
					     u8 width, u32 value)
{
	u64 now = ktime_get_ns();
	struct dbgport_entry *e = &ring->entries[ring->head & ring->mask];

	e->time_ns = now;
	e->value = value;
	e->vcpu = vcpu;
	e->kind = dbgport_ring_count(ring, port, width, value);
	return e->kind;
}

/**
 * dbgport_ring_write() - keep one write
 * @ring:	the ring
 * @port:	index of the port
 * @vcpu:	id of the vCPU, below 65536
 * @width:	in bytes: 1, 2 or 4; best if the compiler knows it
 * @value:	what was written
 *
 * Context: the vCPU's thread.  The first write to a ring may sleep, unless it
 * has been prepared; preemption may be disabled then.
 *
 * Return: whether it is claimed, and so ends here; else the VMM must get it too.
 */
static __always_inline bool dbgport_ring_write(struct dbgport_ring *ring, u8 port, u32 vcpu,
					       u8 width, u32 value)
{
	u16 kind;

	spin_lock(&ring->lock);
	if (unlikely(ring->slow))
		return dbgport_ring_write_slowly(ring, port, vcpu, width, value);
	kind = dbgport_ring_keep(ring, port, vcpu, width, value);
	spin_unlock(&ring->lock);
	return kind & DBGPORT_KIND_CLAIMED;
}

#endif /* _DBGPORT_RING_H */
