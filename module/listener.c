// SPDX-License-Identifier: GPL-2.0
/*
 * listener.c - the listeners, and which VMs each may see
 *
 * The list, and all that is said so in struct dbgport_listener, is guarded by
 * the registry's lock, which the registry takes before it calls anything here.
 */
#include <linux/errno.h>
#include <linux/list.h>

#include "listener.h"
#include "vm.h"

/* Of one user who does not see all: each new VM of his is told to each of them. */
#define LISTENERS_PER_USER	128

static LIST_HEAD(listeners);

/**
 * dbgport_listener_sees() - whether a listener may see a VM
 * @listener:	the listener
 * @vm:		the VM, published or not
 *
 * Any context, the registry's lock is not needed.
 *
 * Return: whether it may.
 */
bool dbgport_listener_sees(const struct dbgport_listener *listener,
			   const struct dbgport_vm *vm)
{
	return listener->all || uid_eq(listener->uid, vm->owner);
}

static unsigned int listener_count(kuid_t uid)
{
	const struct dbgport_listener *listener;
	unsigned int count = 0;

	list_for_each_entry(listener, &listeners, node)
		count += uid_eq(listener->uid, uid);
	return count;
}

/**
 * dbgport_listener_add() - put a listener into the list
 * @listener:	the listener
 *
 * Return: 0, or -EMFILE if its user has as many as one may have.
 */
int dbgport_listener_add(struct dbgport_listener *listener)
{
	if (!listener->all && listener_count(listener->uid) >= LISTENERS_PER_USER)
		return -EMFILE;
	list_add_tail(&listener->node, &listeners);
	return 0;
}

/**
 * dbgport_listener_meet() - a VM was there before a listener, and is new to it
 * @listener:	the listener
 * @vm:		the VM, which the listener may see or not
 */
void dbgport_listener_meet(struct dbgport_listener *listener, const struct dbgport_vm *vm)
{
	if (dbgport_listener_sees(listener, vm))
		listener->news = true;
}

/**
 * dbgport_listener_remove() - take a listener from the list
 * @listener:	the listener, whose wake() is not called any more
 */
void dbgport_listener_remove(struct dbgport_listener *listener)
{
	list_del(&listener->node);
}

static void listener_tell(struct dbgport_listener *listener)
{
	WRITE_ONCE(listener->news, true);
	listener->wake(listener);
}

/**
 * dbgport_listeners_new_vm() - tell of a new VM
 * @vm:		the VM; its @claimers are counted here
 *
 * Those listeners are told that may see it.
 */
void dbgport_listeners_new_vm(struct dbgport_vm *vm)
{
	struct dbgport_listener *listener;

	list_for_each_entry(listener, &listeners, node) {
		if (!dbgport_listener_sees(listener, vm))
			continue;
		vm->claimers += listener->claims;
		listener_tell(listener);
	}
}

/**
 * dbgport_listeners_dropped_vm() - a VM was dropped from the registry
 * @vm:		the VM
 *
 * Listeners that may see it, and were not given it before, are told.  Those that
 * were have @dropped set.
 */
void dbgport_listeners_dropped_vm(const struct dbgport_vm *vm)
{
	struct dbgport_listener *listener;

	list_for_each_entry(listener, &listeners, node) {
		if (!dbgport_listener_sees(listener, vm))
			continue;
		if (listener->seen >= vm->id) {
			WRITE_ONCE(listener->dropped, true);
			continue;
		}
		listener->missed_vms++;
		listener->missed_writes += vm->ring.head;
		listener_tell(listener);
	}
}

/**
 * dbgport_listener_take_missed() - report the VMs that a listener missed
 * @listener:	the listener, whose counts begin again at 0
 * @lost:	all 0, or an earlier report that was not delivered yet: they are
 *		added to it, and its type is set
 */
void dbgport_listener_take_missed(struct dbgport_listener *listener,
				  struct dbgport_record *lost)
{
	if (!listener->missed_vms)
		return;
	lost->type = DBGPORT_LOST;
	lost->seq += listener->missed_vms;
	lost->count += listener->missed_writes;
	listener->missed_vms = 0;
	listener->missed_writes = 0;
}

/** dbgport_listeners_wake() - wake all listeners, without news */
void dbgport_listeners_wake(void)
{
	struct dbgport_listener *listener;

	list_for_each_entry(listener, &listeners, node)
		listener->wake(listener);
}
