/* SPDX-License-Identifier: GPL-2.0 */
/* A segment that is being written, and is there as a whole or not at all. */
#ifndef DBGPORTD_SPOOL_FILLING_H
#define DBGPORTD_SPOOL_FILLING_H

#include "dbgportd/spool/segments.h"

/**
 * struct filling - one
 * @all: where it is to be
 * @fd: the file
 * @seg: what becomes of it; @first, and what else makes its name, is set by the user
 * @marks: what is written are marks; set by the user
 * @len: bytes of what was written
 */
struct filling {
	const struct segments *all;
	int fd;
	struct segment seg;
	bool marks;
	__u64 len;
};

/* Return: 0 or a negative errno. */
int filling_begin(struct filling *f);

/* Write one frame, @len bytes at @text.  @arg: the filling.  Return: as filling_begin(). */
int filling_put(void *arg, const char *text, size_t len);

/**
 * filling_end() - have it under its name
 * @f: the filling; its @fd stays open
 * @err: if this is not 0, it is given up instead, and its @fd is closed
 *
 * Return: @err, 0 or a negative errno, with which it has been given up, too.
 */
int filling_end(struct filling *f, int err);

#endif /* DBGPORTD_SPOOL_FILLING_H */
