/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cursor.h - where one reader stands in one ring
 *
 * Knows neither KVM nor files, and compiles in user space for its tests.
 */
#ifndef _DBGPORT_CURSOR_H
#define _DBGPORT_CURSOR_H

#include <linux/types.h>

#include "ring.h"
#include "uapi/dbgport.h"

/**
 * struct dbgport_cursor - where one reader stands in one ring
 * @ring:	the ring, which outlives the cursor
 * @vm:		the VM's id, for the records
 * @next:	number of the next write to be read
 * @delivered:	writes that were read
 * @lost:	writes that were overwritten before they could be read
 * @waiter:	in the ring's list while the cursor waits; guarded by the ring's
 *		lock
 *
 * A cursor has no lock of its own: its reader makes one call at a time.
 */
struct dbgport_cursor {
	struct dbgport_ring *ring;
	u32 vm;
	u64 next;
	u64 delivered;
	u64 lost;
	struct dbgport_waiter waiter;
};

void dbgport_cursor_init(struct dbgport_cursor *cursor, struct dbgport_ring *ring, u32 vm,
			 void (*wake)(struct dbgport_waiter *waiter));
int dbgport_cursor_seek(struct dbgport_cursor *cursor, u64 seq);
void dbgport_cursor_to_newest(struct dbgport_cursor *cursor);
u32 dbgport_cursor_peek(struct dbgport_cursor *cursor,
			struct dbgport_record *records, u32 room, bool *ended);
void dbgport_cursor_commit(struct dbgport_cursor *cursor,
			   const struct dbgport_record *records, u32 n);
bool dbgport_cursor_wait(struct dbgport_cursor *cursor);
void dbgport_cursor_exit(struct dbgport_cursor *cursor);

#endif /* _DBGPORT_CURSOR_H */
