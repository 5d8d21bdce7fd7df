/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far each VM and each output has come, kept where a restarted daemon finds
 * it (slots.h).  There can be only one table in a process.
 *
 * A VM's position (vm_position.h) is the next write to be read: all before it
 * has been handed to its outputs.  An output that has written all that it took
 * follows its VM, and has nothing of its own in the table; one that lags has
 * the first write that may not be written yet (position.h).  A restarted daemon
 * reads each VM from the smallest of its positions, and each output skips what
 * is before its own.
 */
#ifndef DBGPORTD_ROUTER_POSITIONS_H
#define DBGPORTD_ROUTER_POSITIONS_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * positions_open() - open the table
 * @dir: the run directory, which no other daemon uses
 * @load_id: dbgport_info.load_id; a table of another load is emptied
 * @exists: whether the module still knows a VM
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Without a table all else here does no harm, and outputs begin with what comes.
 *
 * Return: 0 or a negative errno.
 */
int positions_open(const char *dir, __u64 load_id, bool (*exists)(__u32 vm),
		   char *why, size_t size);

/* Keep all as it is, and close the table; no VM and no output is there any more. */
void positions_close(void);

/*
 * The module is there again, and no VM of it is known yet: what is kept is of no
 * use if it was loaded anew.
 */
void positions_reload(__u64 load_id);

/* The load of the module that VMs are of, as it was last told. */
__u64 positions_load(void);

/**
 * positions_of_vm() - where to read a VM from
 * @vm: its id
 * @seq: set to the smallest position of the VM and its outputs
 * @name: set to the name that it had; VMNAME_SIZE bytes
 * @done: set if everything of it, its end too, has been written
 *
 * Return: whether anything is known of it.
 */
bool positions_of_vm(__u32 vm, __u64 *seq, char *name, bool *done);

/* What is known of a VM is wrong. */
void positions_forget(__u32 vm);

/* At the end of a turn, after streams_flush(). */
void positions_keep(void);

#endif /* DBGPORTD_ROUTER_POSITIONS_H */
