/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of positions: a shared mapping of the file "positions" in the state
 * directory.
 *
 * Each place is taken and given back by one aligned 64-bit store, after all
 * else in it was written; a position is one such store.  So whoever is killed
 * at any moment leaves a table that holds.  A host that goes down takes the
 * VMs along, and the module's load with them: nothing here is ever synced.
 */
#ifndef DBGPORTD_ROUTER_SLOTS_H
#define DBGPORTD_ROUTER_SLOTS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/* Position of an output that has written everything its VM's place tells of. */
#define PLACE_FOLLOWS	(~0ULL)

enum place_kind {
	PLACE_VM = 1,		/* a VM that was there when last looked at */
	PLACE_GONE,		/* a VM whose end was read */
	PLACE_OUTPUT,		/* one route of a VM */
};

/**
 * struct place - what is in one place
 * @vm: the VM's id
 * @kind: what it is the place of
 * @route: PLACE_OUTPUT: which route; 0 otherwise
 * @seq: the position: number of the next write
 * @name: of the VM, "" for outputs; stays where it is until the next place_make()
 */
struct place {
	__u32 vm;
	enum place_kind kind;
	__u64 route;
	__u64 seq;
	const char *name;
};

/**
 * places_open() - open and lock the table, make it where there is none
 * @dir: the state directory; made if it is not there, its parents too
 * @load_id: of the module; a table of another load is emptied
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * A file that is no such table is replaced, and the log says so.
 *
 * Return: 0 or a negative errno; -EWOULDBLOCK if another process has it.
 */
int places_open(const char *dir, __u64 load_id, char *why, size_t size);
void places_close(void);

/* Empty the table, for another load of the module. */
void places_reset(__u64 load_id);

/* How many places there are, taken or not: numbers from 0 to that less 1. */
int places(void);

/* Read place @i; false if it is free. */
bool place_read(int i, struct place *p);

/**
 * place_find() - find a place that was taken
 * @vm: the VM's id
 * @kind: of which kind
 * @route: of which route
 *
 * Return: its number, or -1.
 */
int place_find(__u32 vm, enum place_kind kind, __u64 route);

/**
 * place_make() - take a free place, and hold it
 * @new: what goes there
 * @exists: whether the module still knows a VM: places of others that nobody
 *	holds are given back when there is no free one
 *
 * Return: its number; -1 if there is no table, or no room for a larger one,
 * which the log says once.
 */
int place_make(const struct place *new, bool (*exists)(__u32 vm));

/* A held place is never given back but by place_free(). */
void place_hold(int i, bool held);

void place_set_seq(int i, __u64 seq);
void place_set_gone(int i);
void place_free(int i);

/* Give back all places of @vm that nobody holds; with @outputs only those of its outputs. */
void places_forget(__u32 vm, bool outputs);

/* Give back what nobody holds of VMs that do not exist any more; returns how many VMs lived. */
int places_sweep(bool (*exists)(__u32 vm));

#endif /* DBGPORTD_ROUTER_SLOTS_H */
