// SPDX-License-Identifier: GPL-2.0
/*
 * dead.c - VMs that have ended and are kept for their readers
 *
 * They are bounded in number and bytes: a guest that comes and goes cannot fill
 * the host.  All here is guarded by the registry's lock, which the registry takes
 * before it calls anything here.
 */
#include <linux/list.h>
#include <linux/types.h>

#include "dead.h"
#include "vm.h"

/* Beyond either bound, the oldest are to be dropped. */
#define DEAD_VMS	256
#define DEAD_BYTES	(32UL << 20)

static LIST_HEAD(dead_vms);		/* by age, oldest first */
static u32 dead_count;
static size_t dead_bytes;

/**
 * dbgport_dead_add() - keep a VM that has just ended
 * @vm:		the VM; its ring is not dropped before dbgport_dead_remove()
 */
void dbgport_dead_add(struct dbgport_vm *vm)
{
	dead_count++;
	dead_bytes += dbgport_ring_bytes(&vm->ring);
	list_add_tail(&vm->dead, &dead_vms);
}

/**
 * dbgport_dead_remove() - keep a VM no longer
 * @vm:		the VM
 */
void dbgport_dead_remove(struct dbgport_vm *vm)
{
	dead_count--;
	dead_bytes -= dbgport_ring_bytes(&vm->ring);
	list_del(&vm->dead);
}

/**
 * dbgport_dead_oldest() - the VM that has been kept longest
 *
 * Return: the VM; NULL if there is none.
 */
struct dbgport_vm *dbgport_dead_oldest(void)
{
	return list_first_entry_or_null(&dead_vms, struct dbgport_vm, dead);
}

/**
 * dbgport_dead_surplus() - the VM that is to be dropped next
 *
 * Return: the VM; NULL if all are within the bounds.
 */
struct dbgport_vm *dbgport_dead_surplus(void)
{
	return dead_count > DEAD_VMS || dead_bytes > DEAD_BYTES ? dbgport_dead_oldest() : NULL;
}
