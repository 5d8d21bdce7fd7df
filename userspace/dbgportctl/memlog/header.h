/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The header of the debug log that OVMF keeps in its own memory, as edk2's
 * OvmfPkg/Include/Library/MemDebugLogLib.h has it since 2025:
 *
 *	0	16	"ovmfmdg1ovmfmdg2", at the beginning of a page of 4 KiB
 *	16	8	size of the header: where the text begins
 *	24	8	size of the text, a ring
 *	32	8	a lock of the firmware's
 *	40	8	head: offset in the ring of the oldest byte
 *	48	8	tail: offset in the ring of the byte that comes next
 *	56	8	whether the oldest text was overwritten
 *	64	128	the firmware's version; NUL-terminated if shorter
 *
 * Numbers are little-endian.  The ring is empty where head and tail are equal.
 *
 * All of it is the guest's: nothing is believed before header_parse() has seen it.
 */
#ifndef DBGPORTCTL_MEMLOG_HEADER_H
#define DBGPORTCTL_MEMLOG_HEADER_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#define HEADER_SIZE		192
#define HEADER_MAGIC_SIZE	16	/* as much as process_heads() reads */
#define HEADER_VERSION_SIZE	(128 + 1)

/* A longer text is no log: firmware makes it 128 KiB, and 2 MiB at most. */
#define HEADER_TEXT_MAX		(16 * 1024 * 1024)

/**
 * struct header - one that can be believed
 * @text: where the ring begins, bytes from the header's beginning
 * @size: of the ring
 * @head, @tail: offsets in the ring; @size at most
 * @truncated: text was overwritten
 * @version: the firmware's, any bytes; NUL-terminated
 */
struct header {
	size_t text;
	size_t size;
	size_t head;
	size_t tail;
	bool truncated;
	char version[HEADER_VERSION_SIZE];
};

/* Whether HEADER_MAGIC_SIZE bytes are what a header begins with. */
bool header_begins(const void *bytes);

/**
 * header_parse() - read a header
 * @h: filled in
 * @bytes: HEADER_SIZE of them
 * @room: bytes of memory from the header on, to which all must belong
 *
 * Return: false if it is none, or says what cannot be.
 */
bool header_parse(struct header *h, const void *bytes, __u64 room);

/* Bytes of text that the ring has: less than HEADER_TEXT_MAX. */
size_t header_length(const struct header *h);

#endif /* DBGPORTCTL_MEMLOG_HEADER_H */
