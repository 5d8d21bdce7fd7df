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
 * @port:	index into dbgport_ring.ports
 * @width:	in bytes
 * @flags:	dbgport_record.flags
 */
struct dbgport_entry {
	u64 time_ns;
	u32 value;
	u16 vcpu;
	u8 port;
	u8 width : 4;
	u8 flags : 4;
};

/**
 * struct dbgport_port - what one VM did with one port
 * @port:	I/O port; set before its first access, does not change then
 * @last:	value of the last write; this and the rest: guarded by the
 *		ring's lock
 * @writes:	see struct dbgport_port_info
 * @bytes:	likewise
 * @reads:	likewise
 * @claimed:	likewise
 * @passed:	likewise
 * @passed_at:	likewise
 */
struct dbgport_port {
	u16 port;
	u32 last;
	u64 writes;
	u64 bytes;
	u64 reads;
	u64 claimed;
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
 * @base:	no write below it is kept, whatever the size says
 * @entries:	array of @size; NULL before the first write and after a drop
 * @alloc:	held by who makes @entries, outside of @lock; vCPUs that find none
 *		wait for that.  Memory is reclaimed under it
 * @size:	a power of two, up to @full
 * @full:	what @size is to be; does not change
 * @ports:	one for each port; belongs to the maker of the ring
 * @end_ns:	when the VM ended; 0 while it lives
 * @waiters:	to be woken by the next write or by the end
 */
struct dbgport_ring {
	spinlock_t lock;	/* see above */
	u64 head;
	u64 base;
	struct dbgport_entry *entries;
	struct mutex alloc;	/* see above */
	u32 size;
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

bool dbgport_ring_alloc(struct dbgport_ring *ring);
void dbgport_ring_wake(struct dbgport_ring *ring);
u32 dbgport_ring_read(struct dbgport_ring *ring, u8 port);
void dbgport_ring_pass(struct dbgport_ring *ring, u8 port);
void dbgport_ring_end(struct dbgport_ring *ring);
u64 dbgport_ring_oldest(const struct dbgport_ring *ring);
void dbgport_ring_state(struct dbgport_ring *ring, struct dbgport_ring_state *state,
			struct dbgport_port *ports, u32 nports);

/**
 * dbgport_ring_write() - keep one write
 * @ring:	the ring
 * @port:	index of the port
 * @vcpu:	id of the vCPU
 * @width:	in bytes: 1, 2 or 4
 * @value:	what was written
 * @claimed:	whether it ends here, or the VMM gets it too
 *
 * Context: the vCPU's thread.  The first write to a ring may sleep, unless it
 * has been prepared; preemption may be disabled then.
 */
static inline void dbgport_ring_write(struct dbgport_ring *ring, u8 port, u16 vcpu,
				      u8 width, u32 value, bool claimed)
{
	struct dbgport_port *p;

	spin_lock(&ring->lock);
	if (likely(ring->entries) || dbgport_ring_alloc(ring)) {
		u64 now = ktime_get_ns();
		struct dbgport_entry *e = &ring->entries[ring->head & (ring->size - 1)];

		e->time_ns = now;
		e->value = value;
		e->vcpu = vcpu;
		e->port = port;
		e->width = width;
		e->flags = claimed ? DBGPORT_CLAIMED : 0;
	}
	ring->head++;
	p = &ring->ports[port];
	p->last = value;
	p->writes++;
	p->bytes += width;
	p->claimed += claimed;
	if (unlikely(!list_empty(&ring->waiters)))
		dbgport_ring_wake(ring);
	spin_unlock(&ring->lock);
}

#endif /* _DBGPORT_RING_H */
