/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A spool: objects (object.h) that wait on disk to be sent, in order, until they are
 * acknowledged.
 *
 * It is a directory with a file for each segment of frames, and one that says how far
 * all has been acknowledged.  Frames are numbered; segments are called by the number of
 * their first frame.  What was stored is there after any kill -9: a frame that is torn has a
 * wrong checksum, and ends its segment.  Objects that are stored already are recognised, for
 * as long as the module stays loaded: a segment begins with the marks (marks.h) of that
 * moment.  spool_sync() is for hosts that go down.
 *
 * Where more would wait than may, the oldest segment that is not being read makes way for a
 * small one, which has an object for each subject that tells how many are missing.
 *
 * Two threads may use it: one that puts, and one that takes and acknowledges.
 */
#ifndef DBGPORTD_SPOOL_SPOOL_H
#define DBGPORTD_SPOOL_SPOOL_H

#include <linux/types.h>
#include <stddef.h>

/* Least and default bound. */
#define SPOOL_MIN	(4ULL << 20)
#define SPOOL_DEFAULT	(64ULL << 20)

struct spool;

/**
 * struct spooled - one object that waits
 * @number: of its frame
 * @text: "HEAD JSON", to be freed
 * @len: its length
 */
struct spooled {
	__u64 number;
	char *text;
	size_t len;
};

/**
 * spool_open() - open a spool, make it where there is none
 * @dir: its directory; made, and those above it
 * @bound: bytes on disk
 * @wait: called where another process has it open, before that is waited for
 * @err: on failure, a negative errno
 *
 * Return: the spool; NULL on failure.
 */
struct spool *spool_open(const char *dir, __u64 bound, void (*wait)(const char *dir), int *err);
void spool_close(struct spool *s);

/**
 * spool_put() - store objects
 * @s: the spool
 * @lines: "HEAD JSON\n" each; those that are stored already, and what is no such line, are
 *	left out
 * @len: bytes of them
 * @done: set to how many bytes need not come again
 *
 * Return: 0 or a negative errno: why the rest was not stored.
 */
int spool_put(struct spool *s, const char *lines, size_t len, size_t *done);

/**
 * spool_take() - the next object that was not taken since the spool was opened
 * @s: the spool
 * @to: set to it
 *
 * Return: 1; 0: there is none; or a negative errno.
 */
int spool_take(struct spool *s, struct spooled *to);

/**
 * spool_acknowledge() - an object need not be kept, nor those before it
 * @s: the spool
 * @number: of its frame; has been taken
 * @len: bytes of all that are acknowledged by this
 */
void spool_acknowledge(struct spool *s, __u64 number, size_t len);

/* Have what was stored so far survive a host that goes down.  May take as long as the disk. */
void spool_sync(struct spool *s);

/* Bytes of objects that wait. */
__u64 spool_waiting(struct spool *s);

/* Bytes of objects that made way since it was opened, or that were damaged. */
__u64 spool_dropped(struct spool *s);

#endif /* DBGPORTD_SPOOL_SPOOL_H */
