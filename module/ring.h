/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ring.h - what one VM wrote: its newest records, its counters, its cursors
 *
 * Knows neither KVM nor files, and compiles in user space for its tests.
 */
#ifndef _DBGPORT_RING_H
#define _DBGPORT_RING_H

#include <linux/ktime.h>
#include <linux/list.h>
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
 */
struct dbgport_port {
	u16 port;
	u32 last;
	u64 writes;
	u64 bytes;
	u64 reads;
	u64 claimed;
};

/**
 * struct dbgport_ring - what one VM wrote
 * @lock:	guards everything here.  Taken by vCPUs at each access and by
 *		readers; process context only; held for a few dozen
 *		instructions, and while waking readers that had caught up.
 *		Outside of a reader's own lock and of its wait queue's.  A
 *		backend that is called with interrupts off takes it so, inside
 *		of a lock that interrupts take: readers disable them always, and
 *		vCPUs need not, since all have the same backend.
 * @head:	number of the next write
 * @base:	no write below it is kept, whatever the size says
 * @entries:	array of @size; NULL before the first write and after a drop
 * @size:	a power of two
 * @ports:	one for each port; belongs to the maker of the ring
 * @end_ns:	when the VM ended; 0 while it lives
 * @caught_up:	cursors that want to be woken by the next write
 */
struct dbgport_ring {
	spinlock_t lock;	/* see above */
	u64 head;
	u64 base;
	struct dbgport_entry *entries;
	u32 size;
	struct dbgport_port *ports;
	u64 end_ns;
	struct list_head caught_up;
};

/**
 * struct dbgport_cursor - where one reader stands in one ring
 * @ring:	the ring; the cursor's owner keeps it alive
 * @vm:		the VM's id, for the records
 * @wake:	called under the ring's lock when there is something to read
 *		again after dbgport_cursor_wait()
 * @next:	number of the next write to be read
 * @delivered:	writes that were read
 * @lost:	writes that were overwritten before they could be
 * @caught_up:	in the ring's list while waiting; guarded by the ring's lock
 *
 * All but @caught_up belongs to the reader, which serialises its calls.
 */
struct dbgport_cursor {
	struct dbgport_ring *ring;
	u32 vm;
	void (*wake)(struct dbgport_cursor *cursor);
	u64 next;
	u64 delivered;
	u64 lost;
	struct list_head caught_up;
};

/* What a ring has to tell besides its records; a snapshot. */
struct dbgport_ring_state {
	u64 written;
	u64 oldest;
	u64 end_ns;
};

void dbgport_ring_init(struct dbgport_ring *ring, u32 size, struct dbgport_port *ports);
int dbgport_ring_prepare(struct dbgport_ring *ring);
void dbgport_ring_drop(struct dbgport_ring *ring);
size_t dbgport_ring_bytes(const struct dbgport_ring *ring);

bool dbgport_ring_alloc(struct dbgport_ring *ring);
void dbgport_ring_wake(struct dbgport_ring *ring);
u32 dbgport_ring_read(struct dbgport_ring *ring, u8 port);
void dbgport_ring_end(struct dbgport_ring *ring);
void dbgport_ring_state(struct dbgport_ring *ring,
			struct dbgport_ring_state *state,
			struct dbgport_port *ports, u32 nports);

void dbgport_cursor_init(struct dbgport_cursor *cursor,
			 struct dbgport_ring *ring, u32 vm,
			 void (*wake)(struct dbgport_cursor *cursor));
int dbgport_cursor_seek(struct dbgport_cursor *cursor, u64 seq);
void dbgport_cursor_to_newest(struct dbgport_cursor *cursor);
u32 dbgport_cursor_peek(struct dbgport_cursor *cursor,
			struct dbgport_record *records, u32 room, bool *ended);
void dbgport_cursor_commit(struct dbgport_cursor *cursor,
			   const struct dbgport_record *records, u32 n);
bool dbgport_cursor_wait(struct dbgport_cursor *cursor);
void dbgport_cursor_exit(struct dbgport_cursor *cursor);

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
 * has been prepared; interrupts may be off then.
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
	if (unlikely(!list_empty(&ring->caught_up)))
		dbgport_ring_wake(ring);
	spin_unlock(&ring->lock);
}

#endif /* _DBGPORT_RING_H */
