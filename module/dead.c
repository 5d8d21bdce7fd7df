// SPDX-License-Identifier: GPL-2.0
/*
 * dead.c - VMs that have ended and are kept for their readers
 *
 * They are bounded in number and bytes: a guest that comes and goes cannot fill
 * the host.  Each owner has bounds of his own, so that it costs nobody else's VMs.
 * All here is guarded by the registry's lock, which the registry takes before it
 * calls anything here.
 */
#include <linux/list.h>
#include <linux/sizes.h>
#include <linux/types.h>
#include <linux/uidgid.h>

#include "dead.h"
#include "vm.h"

/* Beyond either bound, the oldest are to be dropped. */
#define DEAD_VMS	256
#define DEAD_BYTES	(32UL * SZ_1M)

/* And of all owners together, who may be one person with many user ids. */
#define DEAD_ALL_VMS	4096
#define DEAD_ALL_BYTES	(512UL * SZ_1M)

/**
 * struct dead_sum - what some of them come to
 * @vms:	how many
 * @bytes:	of their rings
 */
struct dead_sum {
	u32 vms;
	size_t bytes;
};

static LIST_HEAD(dead_vms);		/* by age, oldest first */
static struct dead_sum dead_all;

/**
 * dbgport_dead_add() - keep a VM that has just ended
 * @vm:		the VM; its ring is not dropped before dbgport_dead_remove()
 */
void dbgport_dead_add(struct dbgport_vm *vm)
{
	dead_all.vms++;
	dead_all.bytes += dbgport_ring_bytes(&vm->ring);
	list_add_tail(&vm->dead, &dead_vms);
}

/**
 * dbgport_dead_remove() - keep a VM no longer
 * @vm:		the VM
 */
void dbgport_dead_remove(struct dbgport_vm *vm)
{
	dead_all.vms--;
	dead_all.bytes -= dbgport_ring_bytes(&vm->ring);
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

/* What an owner has; sets @oldest to the oldest of it. */
static struct dead_sum dead_sum_of(kuid_t owner, struct dbgport_vm **oldest)
{
	struct dead_sum sum = {};
	struct dbgport_vm *vm;

	list_for_each_entry(vm, &dead_vms, dead) {
		if (!uid_eq(vm->owner, owner))
			continue;
		if (!sum.vms)
			*oldest = vm;
		sum.vms++;
		sum.bytes += dbgport_ring_bytes(&vm->ring);
	}
	return sum;
}

/**
 * dbgport_dead_surplus() - the VM that is to be dropped next
 * @newest:	what came last; it is kept, however large its ring is
 *
 * Return: the VM; NULL if all are within the bounds.
 */
struct dbgport_vm *dbgport_dead_surplus(const struct dbgport_vm *newest)
{
	struct dbgport_vm *oldest = NULL;
	struct dead_sum own = dead_sum_of(newest->owner, &oldest);

	if ((own.vms > DEAD_VMS || own.bytes > DEAD_BYTES) && oldest != newest)
		return oldest;
	if (dead_all.vms <= DEAD_ALL_VMS && dead_all.bytes <= DEAD_ALL_BYTES)
		return NULL;
	oldest = dbgport_dead_oldest();
	return oldest != newest ? oldest : NULL;
}
