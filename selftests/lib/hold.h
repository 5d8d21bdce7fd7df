/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that never comes: a file, mounted by FUSE, whose server opens it and does
 * not give its contents.  Failures that no test is about are said on stderr and
 * end the process.
 */
#ifndef SELFTESTS_HOLD_H
#define SELFTESTS_HOLD_H

#include <sys/types.h>

/* All 0 is one that was not begun. */
struct hold {
	pid_t server;
	int reached;		/* is readable when somebody waits */
	char dir[32];
};

void hold_begin(struct hold *hold);

/* Have the lock of the own memory held, for reading, from soon on. */
void hold_memory(struct hold *hold);

/* Whoever touches the page at @addr of the own memory waits from now on. */
void hold_page(struct hold *hold, void *addr);

/* Wait until somebody waits, in whatever process. */
void hold_await(struct hold *hold);

/* Let all go, with an error; may have been done before. */
void hold_end(struct hold *hold);

#endif /* SELFTESTS_HOLD_H */
