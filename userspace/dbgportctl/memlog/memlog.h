/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The debug log that firmware keeps in its guest's memory (header.h), read there by the
 * host: it is found (find.h) in the memory of the VMM (process.h), and printed as far as it
 * has come (text.h), on and on (place.h).  Neither the VM nor the module takes part in that.
 */
#ifndef DBGPORTCTL_MEMLOG_MEMLOG_H
#define DBGPORTCTL_MEMLOG_MEMLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "dbgportctl/memlog/text.h"

/**
 * struct memlog - what to print
 * @pid: the VMM
 * @name: of the VM, for messages
 * @lines: the last ones; SIZE_MAX: all
 * @raw: bytes as they are; else nothing does anything to a terminal
 * @follow: go on until the VMM ends, and wait for a log where there is none
 */
struct memlog {
	pid_t pid;
	const char *name;
	size_t lines;
	bool raw;
	bool follow;
};

/**
 * memlog_read() - read all of a log
 * @t: filled in; to be freed by text_free() if this succeeds
 * @pid: the VMM
 * @name: of the VM, for messages
 *
 * What the text alone does not tell, as that its beginning was overwritten, is told on
 * standard error, and so is why there is none.
 *
 * Return: 0 or -1.
 */
int memlog_read(struct text *t, pid_t pid, const char *name);

/* Print it on standard output.  Return: an exit status. */
int memlog_print(const struct memlog *m);

#endif /* DBGPORTCTL_MEMLOG_MEMLOG_H */
