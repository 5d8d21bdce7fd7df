// SPDX-License-Identifier: GPL-2.0
/*
 * view.c - one VM as one reader sees it
 *
 * A view is in its reader's ready list while its ring may have something to
 * read; else its cursor waits in the ring and a write brings it back.  So a write
 * costs the writer nothing more while the reader is behind, and a read looks
 * at no VM that has nothing to say.
 */
#include <linux/poll.h>

#include "view.h"
#include "vm.h"

/**
 * dbgport_ready_init() - an empty ready list
 * @ready:	to be filled in
 */
void dbgport_ready_init(struct dbgport_ready *ready)
{
	spin_lock_init(&ready->lock);
	INIT_LIST_HEAD(&ready->views);
	init_waitqueue_head(&ready->wait);
}

/**
 * dbgport_ready_wake() - wake the reader's reads and polls
 * @ready:	the reader's
 * @why:	EPOLLHUP, besides that there is something to read; or 0
 *
 * Any context.
 */
void dbgport_ready_wake(struct dbgport_ready *ready, __poll_t why)
{
	wake_up_poll(&ready->wait, EPOLLIN | EPOLLRDNORM | why);
}

/**
 * dbgport_ready_next() - the view whose turn it is
 * @ready:	the reader's
 *
 * It stays in the list, as the last one.
 *
 * Return: the view; NULL if there is none.
 */
struct dbgport_view *dbgport_ready_next(struct dbgport_ready *ready)
{
	struct dbgport_view *view;

	spin_lock(&ready->lock);
	view = list_first_entry_or_null(&ready->views, struct dbgport_view, ready_node);
	if (view)
		list_rotate_left(&ready->views);
	spin_unlock(&ready->lock);
	return view;
}

static void view_set_ready(struct dbgport_view *view)
{
	struct dbgport_ready *ready = view->ready;

	spin_lock(&ready->lock);
	view->woken = true;
	if (list_empty(&view->ready_node))
		list_add_tail(&view->ready_node, &ready->views);
	spin_unlock(&ready->lock);
}

/* A write has come; in the vCPU's thread, under the ring's lock. */
static void view_wake(struct dbgport_waiter *waiter)
{
	struct dbgport_view *view = container_of(waiter, struct dbgport_view, cursor.waiter);

	view_set_ready(view);
	dbgport_ready_wake(view->ready, 0);
}

/**
 * dbgport_view_init() - stand at the first write of a VM, and be ready
 * @view:	all 0
 * @ready:	the reader's
 * @vm:		the VM; must outlive the view
 */
void dbgport_view_init(struct dbgport_view *view, struct dbgport_ready *ready,
		       struct dbgport_vm *vm)
{
	view->ready = ready;
	view->vm = vm;
	INIT_LIST_HEAD(&view->ready_node);
	dbgport_cursor_init(&view->cursor, &vm->ring, vm->id, view_wake);
	view_set_ready(view);
}

/**
 * dbgport_view_seek() - go to one write, and be ready
 * @view:	the view
 * @seq:	number of the next write to be read
 *
 * One that was finished is so no more, and its DBGPORT_GONE comes again.
 *
 * Return: 0, or -EINVAL, with nothing changed, if @seq is beyond the next write.
 */
int dbgport_view_seek(struct dbgport_view *view, u64 seq)
{
	int ret;

	dbgport_cursor_exit(&view->cursor);
	ret = dbgport_cursor_seek(&view->cursor, seq);
	if (!ret)
		view->finished = false;
	if (!view->finished)
		view_set_ready(view);
	return ret;
}

/**
 * dbgport_view_peek() - copy out records without moving on
 * @view:	the view
 * @records:	where to: ATTACHED first, what the ring has, GONE last
 * @room:	for how many, at least 1
 *
 * Return: number of records.
 */
u32 dbgport_view_peek(struct dbgport_view *view, struct dbgport_record *records, u32 room)
{
	struct dbgport_vm *vm = view->vm;
	bool ended;
	u32 n = 0;

	if (!view->announced) {
		records[n++] = (struct dbgport_record) {
			.type = DBGPORT_ATTACHED,
			.vm = vm->id,
			.seq = view->cursor.next,
			.time_ns = vm->zero_ns,
			.flags = vm->late ? DBGPORT_LATE : 0,
		};
	}
	n += dbgport_cursor_peek(&view->cursor, &records[n], room - n, &ended);
	if (ended && n < room) {
		records[n++] = (struct dbgport_record) {
			.type = DBGPORT_GONE,
			.vm = vm->id,
			.seq = vm->ring.head,
			.time_ns = vm->ring.end_ns,
			.flags = vm->detached ? DBGPORT_DETACHED : 0,
		};
	}
	return n;
}

/**
 * dbgport_view_commit() - records have arrived, move past them
 * @view:	the view, which is finished with its DBGPORT_GONE
 * @records:	the first of those that dbgport_view_peek() gave
 * @n:		how many
 */
void dbgport_view_commit(struct dbgport_view *view, const struct dbgport_record *records,
			 u32 n)
{
	const struct dbgport_record *end = records + n;
	bool gone = n && end[-1].type == DBGPORT_GONE;

	if (n && records->type == DBGPORT_ATTACHED) {
		view->announced = true;
		records++;
	}
	dbgport_cursor_commit(&view->cursor, records, end - records - gone);
	if (gone)
		dbgport_view_finish(view);
}

/**
 * dbgport_view_finish() - give nothing more of it
 * @view:	the view
 */
void dbgport_view_finish(struct dbgport_view *view)
{
	dbgport_view_leave(view);
	view->finished = true;
}

/**
 * dbgport_view_rest() - leave the ready list, as all was read, until there is more
 * @view:	the view
 *
 * A write may come as soon as the cursor waits, and then the view stays.
 */
void dbgport_view_rest(struct dbgport_view *view)
{
	struct dbgport_ready *ready = view->ready;

	view->woken = false;
	if (!dbgport_cursor_wait(&view->cursor))
		return;

	spin_lock(&ready->lock);
	if (!view->woken)
		list_del_init(&view->ready_node);
	spin_unlock(&ready->lock);
}

/**
 * dbgport_view_leave() - nothing is read from it any more
 * @view:	the view, which is neither woken nor ready after this
 */
void dbgport_view_leave(struct dbgport_view *view)
{
	struct dbgport_ready *ready = view->ready;

	dbgport_cursor_exit(&view->cursor);
	spin_lock(&ready->lock);
	list_del_init(&view->ready_node);
	spin_unlock(&ready->lock);
}
