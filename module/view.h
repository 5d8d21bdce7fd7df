/* SPDX-License-Identifier: GPL-2.0 */
/* view.h - one VM as one reader sees it */
#ifndef _DBGPORT_VIEW_H
#define _DBGPORT_VIEW_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "cursor.h"

struct dbgport_vm;

/**
 * struct dbgport_ready - those views of a reader that may have something to read
 * @lock:	guards @views.  Inside of a ring's lock
 * @views:	in the order in which they are read next
 * @wait:	readers and pollers that wait for @views or for news
 */
struct dbgport_ready {
	spinlock_t lock;	/* views */
	struct list_head views;
	wait_queue_head_t wait;
};

/**
 * struct dbgport_view - one VM as one reader sees it
 * @ready:	its reader's
 * @vm:		a reference, which is the reader's
 * @cursor:	where the reader stands
 * @node:	in the reader's list of all its views; the reader's
 * @ready_node:	in dbgport_ready.views, or empty
 * @woken:	since it last asked to be; guarded by dbgport_ready.lock
 * @announced:	DBGPORT_ATTACHED was delivered
 * @finished:	DBGPORT_GONE was, or the reader wants none of it; nothing is read from
 *		it before dbgport_view_seek()
 */
struct dbgport_view {
	struct dbgport_ready *ready;
	struct dbgport_vm *vm;
	struct dbgport_cursor cursor;
	struct list_head node;
	struct list_head ready_node;
	bool woken;
	bool announced;
	bool finished;
};

void dbgport_ready_init(struct dbgport_ready *ready);
void dbgport_ready_wake(struct dbgport_ready *ready, __poll_t why);
struct dbgport_view *dbgport_ready_next(struct dbgport_ready *ready);

void dbgport_view_init(struct dbgport_view *view, struct dbgport_ready *ready,
		       struct dbgport_vm *vm);
int dbgport_view_seek(struct dbgport_view *view, u64 seq);
u32 dbgport_view_peek(struct dbgport_view *view, struct dbgport_record *records, u32 room);
void dbgport_view_commit(struct dbgport_view *view, const struct dbgport_record *records,
			 u32 n);
void dbgport_view_rest(struct dbgport_view *view);
void dbgport_view_finish(struct dbgport_view *view);
void dbgport_view_leave(struct dbgport_view *view);

#endif /* _DBGPORT_VIEW_H */
