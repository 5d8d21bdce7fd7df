/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of positions: a shared mapping of the file "positions" in the run
 * directory.
 *
 * Each slot is taken and given back by one aligned 64-bit store, after all
 * else in it was written; a position is one such store.  So the table is
 * consistent whenever we are killed.  A host that goes down takes the VMs along,
 * and the module's load with them: nothing here is ever synced.
 */
#ifndef DBGPORTD_ROUTER_SLOTS_H
#define DBGPORTD_ROUTER_SLOTS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* Position of an output that has written everything before its VM's position. */
#define SLOT_FOLLOWS	(~0ULL)

enum slot_kind {
	SLOT_VM = 1,		/* a VM that was there when last looked at */
	SLOT_GONE,		/* a VM whose end was read */
	SLOT_OUTPUT,		/* one route of a VM */
	SLOT_BOOTS,		/* what is known of a VM's boots */
};

/**
 * struct slot - what one slot holds
 * @vm: the VM's id
 * @kind: what it is the slot of
 * @route: SLOT_OUTPUT: which route; 0 otherwise
 * @seq: the position: number of the next write
 * @name: of the VM, "" for outputs, of SLOT_BOOTS what is known; stays where it is until
 *	the next slot_make()
 */
struct slot {
	__u32 vm;
	enum slot_kind kind;
	__u64 route;
	__u64 seq;
	const char *name;
};

/**
 * slots_open() - open the table, make it where there is none
 * @dir: the run directory, which no other daemon uses
 * @load_id: of the module; a table of another load is emptied
 * @exists: whether the module still knows a VM: slots of others that are not
 *	held are given back when there is no free one
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * A file that is no such table is replaced, which is logged.
 *
 * Its space is reserved: a file system that is full later does no harm.
 *
 * Return: 0 or a negative errno.
 */
int slots_open(const char *dir, __u64 load_id, bool (*exists)(__u32 vm), char *why, size_t size);
void slots_close(void);

/* Empty the table, for another load of the module. */
void slots_reset(__u64 load_id);

/* How many slots there are, taken or not: numbers from 0 to that less 1. */
int slots(void);

/* Read slot @i; false if it is free. */
bool slot_read(int i, struct slot *p);

/**
 * slot_find() - find a slot that was taken
 * @vm: the VM's id
 * @kind: of which kind
 * @route: of which route
 *
 * Return: its number, or -1.
 */
int slot_find(__u32 vm, enum slot_kind kind, __u64 route);

/**
 * slot_make() - take a free slot, and hold it
 * @new: what goes there
 *
 * Return: its number; -1 if there is no table, or no room for a larger one,
 * which is logged once.
 */
int slot_make(const struct slot *new);

/* A held slot is never given back but by slot_free(). */
void slot_hold(int i, bool held);

void slot_set_seq(int i, __u64 seq);
void slot_set_gone(int i);
void slot_free(int i);

/* Give back all slots of @vm that are not held; with @outputs only those of its outputs. */
void slots_forget(__u32 vm, bool outputs);

/* Give back what is not held of VMs that do not exist any more; returns how many VMs lived. */
int slots_sweep(void);

#endif /* DBGPORTD_ROUTER_SLOTS_H */
