/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One thing that happened in a VM: a line, a POST code, a write, an event.
 *
 * In this room records become words: lines.h assembles lines, storm.h recognises
 * what is better counted, format.h makes bytes of entries.  All of it is pure:
 * records and settings in, bytes in a buffer of the caller's out; no file, no loop,
 * no log, and no state but in structs that the caller has.  It includes lib/ alone.
 *
 * Line assembly and the router make entries; a format renders them as bytes,
 * or a sink with fields of its own (the journal) takes them as they are.
 */
#ifndef WORDS_ENTRY_H
#define WORDS_ENTRY_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/vmname.h"

enum entry_type {
	ENTRY_LINE,		/* text of one vCPU, a line or a part of one */
	ENTRY_CODE,		/* a POST code */
	ENTRY_WRITE,		/* one write, as it is */
	ENTRY_ATTACHED,
	ENTRY_GONE,
	ENTRY_LOST,		/* @count writes were overwritten before we read them */
	ENTRY_STORM,		/* @count codes were counted and not shown */
	ENTRY_CUT,		/* @count writes of @bytes came faster than they may */
};

/**
 * struct entry_vm - what can be shown of an entry's VM
 * @load: of the module: @id and numbers of writes mean something only together with it
 * @id: the module's number
 * @name: safe as a file's name, and in a terminal
 * @pid: of its VMM; 0: not known
 * @uid: of its VMM's user
 * @late: it was running before it was attached
 * @restored: it goes on from a snapshot, as far as that is known
 * @started_ns: when its VMM's process began, CLOCK_MONOTONIC; 0: not known
 * @created_ns: when KVM made it; likewise
 * @zero_ns: the VM's zero, CLOCK_MONOTONIC
 * @boot: number of its present boot, from 1
 * @boot_seq: number of the first write of that
 * @lost: writes that were overwritten before they were read
 */
struct entry_vm {
	__u64 load;
	__u32 id;
	char name[VMNAME_SIZE];
	pid_t pid;
	uid_t uid;
	bool late;
	bool restored;
	__u64 started_ns;
	__u64 created_ns;
	__u64 zero_ns;
	__u32 boot;
	__u64 boot_seq;
	__u64 lost;
};

/* More than the bytes of any write. */
#define ENTRY_ALL	255

/**
 * struct entry - one thing that happened
 * @type: which
 * @vm: of which VM
 * @port: I/O port; 0 for events of the whole VM
 * @vcpu: LINE, CODE, WRITE: who wrote
 * @width: CODE, WRITE: bytes written at once: 1, 2 or 4
 * @value: CODE, WRITE: what was written
 * @claimed: LINE, CODE, WRITE: the VMM did not see (the first of) it
 * @begun: LINE: a part of this line has been emitted already
 * @unfinished: LINE: more of this line may come
 * @line: LINE: which line it is, for telling its parts from others'
 * @seq: number of the first write in it; GONE: how many there were; LOST,
 *	STORM, CUT: the first one
 * @byte: LINE: which byte of that write it begins with, from 0
 * @end_seq: LINE, STORM: number of the last write in it
 * @end_byte: LINE: the first byte of that write that is not in it; ENTRY_ALL: none is left
 * @count: writes in it; LOST, STORM, CUT: how many are missing
 * @bytes: CUT: that these had
 * @time_ns: of its first write, or the event: CLOCK_MONOTONIC; 0: not known
 * @end_ns: STORM, CUT: of its last write
 * @text: LINE: the guest's bytes without the line end; hostile; not
 *	NUL-terminated.  CODE: what the code stands for, harmless, NUL-terminated,
 *	or NULL
 * @len: bytes at @text; of a LINE at most LINES_MAX
 * @component: CODE: the part of the software stack, a constant string
 */
struct entry {
	enum entry_type type;
	const struct entry_vm *vm;
	__u16 port;
	__u16 vcpu;
	__u8 width;
	__u32 value;
	bool claimed;
	bool begun;
	bool unfinished;
	__u8 byte;
	__u8 end_byte;
	const void *line;
	__u64 seq;
	__u64 end_seq;
	__u64 count;
	__u64 bytes;
	__u64 time_ns;
	__u64 end_ns;
	const char *text;
	size_t len;
	const char *component;
};

/* The number of the boot that @entry belongs to: the present one, or that before it. */
static inline __u32 entry_boot(const struct entry *entry)
{
	const struct entry_vm *vm = entry->vm;

	return entry->seq < vm->boot_seq ? vm->boot - 1 : vm->boot;
}

#endif /* WORDS_ENTRY_H */
