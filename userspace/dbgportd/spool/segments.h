/* SPDX-License-Identifier: GPL-2.0 */
/* The segments (segment.h) of one directory, by their numbers. */
#ifndef DBGPORTD_SPOOL_SEGMENTS_H
#define DBGPORTD_SPOOL_SEGMENTS_H

#include "dbgportd/spool/segment.h"

/* What a segment is called until it is whole. */
#define SEGMENTS_NEW	"new"

/**
 * struct segments - all that there are
 * @dir: the directory
 * @at, @count: the segments
 */
struct segments {
	int dir;
	struct segment *at;
	size_t count;
};

/**
 * segments_list() - find those that are there
 * @all: @dir is set
 *
 * Segments that others stand for, but were not removed yet, are.
 *
 * Return: 0 or a negative errno.
 */
int segments_list(struct segments *all);

/* Open the file of one, with O_... as for open(); returns it, or -1 with errno. */
int segments_open(const struct segments *all, const struct segment *seg, int flags);

/* Remove the file of one. */
void segments_unlink(const struct segments *all, const struct segment *seg);

/* Remove number @i, with its file. */
void segments_remove(struct segments *all, size_t i);

/* Room for one more at @i, to be filled in; NULL: there is no memory. */
struct segment *segments_insert(struct segments *all, size_t i);

/* The last one; there is one. */
static inline struct segment *segments_last(const struct segments *all)
{
	return &all->at[all->count - 1];
}

/* Bytes that they take on disk. */
__u64 segments_bytes(const struct segments *all);

/**
 * segments_scan() - read one to its end
 * @all: all of them
 * @seg: which; its @end and @bytes are set to what is found
 * @see: called for each frame, with the number of the object, or the next one if it is a
 *	mark; returns 0, or a negative errno that ends it
 * @arg: what @see is called with
 *
 * Return: 0 or a negative errno.
 */
int segments_scan(const struct segments *all, struct segment *seg,
		  int (*see)(void *arg, __u64 number, const char *text, size_t len, bool mark),
		  void *arg);

#endif /* DBGPORTD_SPOOL_SEGMENTS_H */
