/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading what VMs have written, and what they write, from the device.
 *
 * The reader only looks: nothing is claimed, and nothing is taken from others.
 */
#ifndef DBGPORTCTL_VM_READER_H
#define DBGPORTCTL_VM_READER_H

#include <dbgport.h>
#include <stdbool.h>
#include <stddef.h>

#include "dbgportctl/vm/vms.h"

/**
 * struct reader_wish - what to read
 * @names: of VMs, as vms_find() takes them, ending with NULL; none: all, and those
 *	that come
 * @by_name: those of @names that are not there may come later, and as often as
 *	they like
 * @living: of all, and of those by name, leave out those that have ended already
 * @newest: leave out what has been written already
 * @last: of what each VM has written already, give the last write only
 * @by_time: reader_read_kept() gives what several VMs have written in the order of
 *	time, instead of each VM's in its own
 */
struct reader_wish {
	char *const *names;
	bool by_name;
	bool living;
	bool newest;
	bool last;
	bool by_time;
};

/**
 * reader_take - called with each record
 * @arg: the caller's
 * @vm: whose; one that is wanted, and valid until this returns.  NULL: kept rings
 *	are no more, @rec says how many (struct dbgport_record)
 * @rec: anything may stand in a write
 */
typedef void reader_take(void *arg, struct known_vm *vm, const struct dbgport_record *rec);

struct timed;

/**
 * struct reader - one open of the device
 * @fd: the device, for poll(2); -1: closed
 * @module: what the module is
 * @vms: all that there are, and those that came; @chosen says which are read
 * @living: how many of these have not come to their end
 * @wish: what to read
 * @take, @arg: who gets it now
 * @buf: what was read at once
 * @behind: chosen VMs that have not come to what they had written at first
 * @timed, @timed_count: records that wait to be put into order
 */
struct reader {
	int fd;
	struct dbgport_info module;
	struct vms vms;
	size_t living;
	const struct reader_wish *wish;
	reader_take *take;
	void *arg;
	struct dbgport_record *buf;
	size_t behind;
	struct timed *timed;
	size_t timed_count;
};

/**
 * reader_open() - open the device, and find the VMs
 * @r: filled in; to be closed by reader_close() if this succeeds
 * @wish: what to read; must stay
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or -1.
 */
int reader_open(struct reader *r, const struct reader_wish *wish, char *why, size_t size);
void reader_close(struct reader *r);

/* The first VM that is read: the only one, where one was named; NULL: there is none. */
struct known_vm *reader_first(const struct reader *r);

/**
 * reader_read_kept() - read what the VMs had written when the device was opened
 * @r: just opened
 * @take: called with each record of VMs that are wanted, and perhaps with some that
 *	were written since, as a VM can write faster than it is read
 * @arg: what @take is called with
 *
 * Does not wait.
 *
 * Return: 0 or a negative errno.
 */
int reader_read_kept(struct reader *r, reader_take *take, void *arg);

/**
 * reader_read() - read more
 * @r: the reader
 * @take: as for reader_read_kept()
 * @arg: what @take is called with
 *
 * Does not wait.
 *
 * Return: how many records were read, wanted or not; 0: there is none, so poll
 * @r->fd; -ENODEV: the module was unplugged; or another negative errno.
 */
int reader_read(struct reader *r, reader_take *take, void *arg);

#endif /* DBGPORTCTL_VM_READER_H */
