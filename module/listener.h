/* SPDX-License-Identifier: GPL-2.0 */
/* listener.h - the listeners, and which VMs each may see */
#ifndef _DBGPORT_LISTENER_H
#define _DBGPORT_LISTENER_H

#include <linux/list.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct dbgport_record;
struct dbgport_vm;

/**
 * struct dbgport_listener - a reader, as far as VMs are concerned
 * @node:	in the list of all listeners
 * @uid:	sees the VMs of this user
 * @all:	sees all VMs
 * @claims:	claims what it sees
 * @wake:	called under the registry's lock when @news was set, and when the
 *		device is unplugged
 * @seen:	highest id that dbgport_registry_next() has come past
 * @news:	there is something for dbgport_registry_next()
 * @dropped:	VMs up to @seen were dropped, see dbgport_registry_take_dropped()
 * @missed_vms:	VMs above @seen that were dropped
 * @missed_writes: what those had written
 *
 * @uid, @all and @wake do not change.  The rest is guarded by the registry's
 * lock; @news and @dropped may be looked at without.
 */
struct dbgport_listener {
	struct list_head node;
	kuid_t uid;
	bool all;
	bool claims;
	void (*wake)(struct dbgport_listener *listener);
	u32 seen;
	bool news;
	bool dropped;
	u64 missed_vms;
	u64 missed_writes;
};

bool dbgport_listener_sees(const struct dbgport_listener *listener,
			   const struct dbgport_vm *vm);

/* All of these with the registry's lock held. */
int dbgport_listener_add(struct dbgport_listener *listener);
void dbgport_listener_meet(struct dbgport_listener *listener, const struct dbgport_vm *vm);
void dbgport_listener_remove(struct dbgport_listener *listener);
void dbgport_listener_take_missed(struct dbgport_listener *listener,
				  struct dbgport_record *lost);
void dbgport_listeners_new_vm(struct dbgport_vm *vm);
void dbgport_listeners_dropped_vm(const struct dbgport_vm *vm);
void dbgport_listeners_wake(void);

#endif /* _DBGPORT_LISTENER_H */
