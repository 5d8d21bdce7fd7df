/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an object of JSON is known by, wherever it goes.
 *
 * A line "HEAD JSON" has both, on its way from the daemon to where it is stored and sent.
 * HEAD says of which guest's writes the object tells, to the byte, so that the same ones are
 * recognised when a daemon that was killed has them read again.
 */
#ifndef DBGPORTD_SPOOL_OBJECT_H
#define DBGPORTD_SPOOL_OBJECT_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/nats_subject.h"
#include "lib/vmname.h"
#include "words/entry.h"

/*
 * A track is what comes in order: the lines of one vCPU on one port, which have its number;
 * or one of these.
 */
enum object_track {
	OBJECT_CODES = 0x10000,	/* codes of a port, and storms */
	OBJECT_WRITES,		/* single writes of a port */
	OBJECT_ATTACHED,
	OBJECT_GONE,
	OBJECT_LOST,
	OBJECT_CUT,
	OBJECT_DROPPED,		/* what was dropped on the way here; never twice the same */
};

/* More than any HEAD takes, with a NUL. */
#define OBJECT_HEAD_MAX		(128 + VMNAME_SIZE)
/* More than object_id() and object_subject() write, with a NUL. */
#define OBJECT_ID_SIZE		128
#define OBJECT_SUBJECT_SIZE	1024

/* The name in a HEAD where there is no VM, which no VM can have. */
#define OBJECT_NO_VM		NATS_NO_NAME

/**
 * struct object_place - one byte of a VM's writes
 * @seq: the write's number
 * @byte: of the write
 */
struct object_place {
	__u64 seq;
	__u8 byte;
};

/**
 * struct object_head - what an object is known by
 * @load: of the module; OBJECT_DROPPED: a number that no other one has
 * @vm: id of the VM
 * @port: I/O port; 0: it is about the whole VM
 * @track: a vCPU, or enum object_track
 * @begin: the first byte that it tells of
 * @end: the first one behind it that it does not
 * @name: the VM's name
 */
struct object_head {
	__u64 load;
	__u32 vm;
	__u16 port;
	__u32 track;
	struct object_place begin;
	struct object_place end;
	char name[VMNAME_SIZE];
};

/* Whether @a comes before @b. */
static inline bool object_before(const struct object_place *a, const struct object_place *b)
{
	return a->seq < b->seq || (a->seq == b->seq && a->byte < b->byte);
}

/* The HEAD of what is made of an entry. */
void object_head_of(struct object_head *head, const struct entry *e);

/* Write "HEAD ", with a NUL, to OBJECT_HEAD_MAX bytes; returns its length without that. */
size_t object_head_print(char *dst, const struct object_head *head);

/**
 * object_head_parse() - read a line
 * @head: set to what it says
 * @line: "HEAD JSON", of @len bytes; anything may stand in it
 * @len: its length
 *
 * Return: where its JSON begins; NULL if it is no such line.
 */
const char *object_head_parse(struct object_head *head, const char *line, size_t len);

/* A name for the object that no other one has, with a NUL: OBJECT_ID_SIZE bytes. */
void object_id(char *dst, const struct object_head *head);

/**
 * object_subject() - "PREFIX.HOST.VM.PORT", as NATS wants subjects
 * @dst: OBJECT_SUBJECT_SIZE bytes, with a NUL
 * @prefix: one or more words with dots between; at most 64 bytes
 * @host: what this host is called; empty: "-"
 * @head: of the object; where that is about no port, "vm" stands for it
 *
 * In names dots, and what else a subject cannot have, are %XX.
 */
void object_subject(char *dst, const char *prefix, const char *host,
		    const struct object_head *head);

#endif /* DBGPORTD_SPOOL_OBJECT_H */
