/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file that is rotated: PATH is written to, PATH.1 is the one before, and so
 * on to PATH.KEEP.  Everything is done by renaming and removing names, which
 * follows no symbolic link.
 */
#ifndef DBGPORTD_SINK_ROTATE_H
#define DBGPORTD_SINK_ROTATE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "dbgportd/sink/settings.h"

#define ROTATE_KEEP	4

/**
 * struct rotation - one rotated file
 * @path: PATH
 * @size: bytes that it may grow to; 0: it is never rotated
 * @total: bytes that it and the rotated ones may have together; 0: any
 * @keep: rotated ones that stay
 * @old: bytes that the rotated ones have, those too that go with the next turn
 */
struct rotation {
	const char *path;
	__u64 size;
	__u64 total;
	unsigned int keep;
	__u64 old;
};

/**
 * rotation_init() - begin with what is there
 * @r: filled in
 * @path: must stay
 * @set: size, keep and total
 */
void rotation_init(struct rotation *r, const char *path, const struct sink_settings *set);

/* Somebody else may have removed rotated files. */
void rotation_look(struct rotation *r);

/**
 * rotation_fits() - how much may go to the file before it is rotated
 * @r: the file
 * @have: bytes in it
 * @at_eol: they end with a line end
 * @iov, @count: what is to be written
 *
 * Rotation is at a line end, unless a line is longer than an eighth of the
 * file or 4 KiB; and between two turns of the loop, unless one turn brings
 * more than a file's worth without a line end.
 *
 * Return: bytes; 0: rotate first.
 */
size_t rotation_fits(const struct rotation *r, __u64 have, bool at_eol,
		     const struct iovec *iov, int count);

/**
 * rotation_turn() - PATH becomes PATH.1, and so on; the last one goes
 * @r: the file
 *
 * So do those above @r->keep, which a larger one has left.
 *
 * Where there is no PATH, as after a turn whose new file could not be opened,
 * nothing is done.
 *
 * Return: 0 or a negative errno.
 */
int rotation_turn(struct rotation *r);

/**
 * rotation_make_room() - remove the oldest ones until the rest is within the bound
 * @r: the file
 * @have: bytes that PATH will have
 *
 * Return: 0 or a negative errno.
 */
int rotation_make_room(struct rotation *r, __u64 have);

#endif /* DBGPORTD_SINK_ROTATE_H */
