/* SPDX-License-Identifier: GPL-2.0 */
/* One file of a spool (spool.h): frames, each with its length and a checksum. */
#ifndef DBGPORTD_SPOOL_SEGMENT_H
#define DBGPORTD_SPOOL_SEGMENT_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What a frame can hold: more than any object. */
#define SEGMENT_TEXT_MAX	65536

/* More than its file's name, with a NUL. */
#define SEGMENT_NAME_SIZE	48

/**
 * struct segment - one file
 * @first: number of its first frame
 * @end: number behind its last one
 * @last: of one that tells what is missing: the last number that it stands for
 * @tells: it is one of those
 * @bytes: in the file
 */
struct segment {
	__u64 first;
	__u64 end;
	__u64 last;
	bool tells;
	__u64 bytes;
};

/* Its file's name. */
void segment_name(char name[SEGMENT_NAME_SIZE], const struct segment *seg);

/* The segment that has this file name, without @end and @bytes; false: it is none's. */
bool segment_of_name(struct segment *seg, const char *name);

/**
 * segment_write() - write one frame
 * @fd: the file
 * @at: where
 * @text, @len: what it holds; 1 to SEGMENT_TEXT_MAX bytes
 * @mark: it is no object, but what there was before
 *
 * Return: bytes in the file, or a negative errno.
 */
ssize_t segment_write(int fd, off_t at, const char *text, size_t len, bool mark);

/**
 * segment_read() - read one frame
 * @fd: the file
 * @at: where
 * @text: SEGMENT_TEXT_MAX bytes
 * @len: set to how many there are
 * @mark: set as for segment_write()
 *
 * Return: bytes in the file; 0: here is no whole frame; or a negative errno.
 */
ssize_t segment_read(int fd, off_t at, char *text, size_t *len, bool *mark);

#endif /* DBGPORTD_SPOOL_SEGMENT_H */
