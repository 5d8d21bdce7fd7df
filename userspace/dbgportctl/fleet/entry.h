/* SPDX-License-Identifier: GPL-2.0 */
/* An object of dbgportd's JSON as the entry that it was made of. */
#ifndef DBGPORTCTL_FLEET_ENTRY_H
#define DBGPORTCTL_FLEET_ENTRY_H

#include "dbgportctl/boot/object.h"
#include "dbgportctl/fleet/messages.h"
#include "words/entry.h"

/**
 * struct fleet_entry - what was read
 * @entry, @vm: the entry, as far as the object tells; entry.vm is NULL if there is none, as
 *	of a type that a newer dbgportd knows
 * @host: its host
 * @clock_ns: how its clock was set then: CLOCK_REALTIME less CLOCK_MONOTONIC, modulo 2^64
 * @dropped: so many bytes were dropped there; then there is no entry
 * @object, @bytes: private
 *
 * Begins zeroed.
 */
struct fleet_entry {
	struct entry entry;
	struct entry_vm vm;
	struct hostname host;
	__u64 clock_ns;
	__u64 dropped;
	struct object object;
	char *bytes;
};

/**
 * fleet_entry_read() - read a message
 * @e: set to what it says, which stays as long as the message and until the next call
 * @msg: the message, whose text is changed
 *
 * Return: NULL, or why it is left out: static words.
 */
const char *fleet_entry_read(struct fleet_entry *e, const struct fleet_message *msg);

/* No more is read. */
void fleet_entry_free(struct fleet_entry *e);

#endif /* DBGPORTCTL_FLEET_ENTRY_H */
