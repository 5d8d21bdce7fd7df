/* SPDX-License-Identifier: GPL-2.0 */
/* The text of a log, read while its guest writes it. */
#ifndef DBGPORTCTL_MEMLOG_TEXT_H
#define DBGPORTCTL_MEMLOG_TEXT_H

#include <linux/types.h>
#include <stddef.h>

#include "dbgportctl/memlog/header.h"
#include "dbgportctl/memlog/process.h"

/**
 * struct text - what was read
 * @header: of the log, as it was then
 * @bytes: its text from the oldest byte on, as the guest wrote it
 * @n: how many
 */
struct text {
	struct header header;
	char *bytes;
	size_t n;
};

/* Of the header alone.  Return: as text_read(). */
int text_read_header(struct header *h, const struct process *p, __u64 address, __u64 room);

/**
 * text_read() - read a log
 * @t: filled in; to be freed by text_free()
 * @p: the VMM
 * @address, @room: where the log is, as of find_log()
 *
 * The guest does not wait for us, nor we for it: where it goes on overwriting what is
 * read, the oldest bytes may be younger than they seem.
 *
 * Return: 0 or a negative errno: -ENOENT if the log is not there any more, -ESRCH if the
 * process has ended.
 */
int text_read(struct text *t, const struct process *p, __u64 address, __u64 room);
void text_free(struct text *t);

#endif /* DBGPORTCTL_MEMLOG_TEXT_H */
